import type { ClaimedCallback, StepClaim } from '../storage/store.ts';
import { mostCutShort } from './cut-short.ts';

type Work = ClaimedCallback | StepClaim;

interface Waiting {
  readonly work: Work;
  readonly lane: string;
  readonly go: () => void;
}

export interface SuspectRules {
  /** How long the process must have lived before work gets its last chance. */
  readonly quietMs: number;
  /** Whether its account takes one more now. */
  readonly hasRoom: (work: Work) => boolean;
}

export interface Suspects {
  /** Runs work that was cut short before when its turn has come; other work at once. */
  inTurn<T>(work: Work, run: () => Promise<T>): Promise<T>;
  /** It waits for its last chance, perhaps long, and takes nobody's place meanwhile. */
  isPutOff(work: Work): boolean;
  /** Something ended: whoever waits may have room now. */
  lookAgain(): void;
  /** The process stops: all that wait go at once. */
  letGo(): void;
}

/**
 * When a process dies, everything it had under way is suspected of it. Suspects run one at a time per account. The last chance
 * before work is parked comes late and alone among suspects: so the one that ends the process takes no innocent with it, and a
 * process that dies again and again for another reason convicts nobody.
 */
export function createSuspects({ quietMs, hasRoom }: SuspectRules): Suspects {
  const quietAt = performance.now() + quietMs;
  const running = new Map<string, Work>();
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function next(): void {
    clearTimeout(timer);
    waiting.sort((a, b) => a.work.cutShort - b.work.cutShort);
    for (const each of [...waiting]) {
      if (!mayRun(each)) continue;
      waiting = waiting.filter((other) => other !== each);
      running.set(each.lane, each.work);
      each.go();
    }
    const quietInMs = quietAt - performance.now();
    if (waiting.length > 0 && quietInMs > 0) timer = setTimeout(next, quietInMs).unref();
  }

  function mayRun({ work, lane }: Waiting): boolean {
    if (isLastChance(work)) return running.size === 0 && performance.now() >= quietAt && hasRoom(work);
    return !running.has(lane) && ![...running.values()].some(isLastChance);
  }

  return {
    async inTurn(work, run) {
      if (work.cutShort === 0) return run();
      const lane = 'account' in work ? work.account : 'callbacks:';
      await new Promise<void>((go) => {
        waiting.push({ work, lane, go });
        next();
      });
      try {
        return await run();
      } finally {
        running.delete(lane);
        next();
      }
    },
    isPutOff: (work) => isLastChance(work) && waiting.some((each) => each.work === work),
    lookAgain() {
      if (waiting.length > 0) next();
    },
    letGo() {
      clearTimeout(timer);
      for (const { go } of waiting.splice(0)) go();
    },
  };
}

function isLastChance({ cutShort }: Work): boolean {
  return cutShort === mostCutShort - 1;
}
