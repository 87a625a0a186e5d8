import type { ClaimedCallback, StepClaim } from '../storage/store.ts';

type Work = ClaimedCallback | StepClaim;

interface Waiting {
  readonly work: Work;
  readonly lane: string;
  readonly go: () => void;
}

export interface Suspects {
  /** Runs work that was cut short before when its turn has come; other work at once. */
  inTurn<T>(work: Work, run: () => Promise<T>): Promise<T>;
}

/**
 * When a process dies, everything it had under way is suspected of it. Suspects run one at a time per account, and what was
 * cut short more than once runs while no other suspect does: so the one that ends the process takes no innocent with it.
 */
export function createSuspects(): Suspects {
  const waiting: Waiting[] = [];
  const running = new Map<string, Work>();

  function next(): void {
    waiting.sort((a, b) => a.work.cutShort - b.work.cutShort);
    for (const each of [...waiting]) {
      if (!mayRun(each)) continue;
      waiting.splice(waiting.indexOf(each), 1);
      running.set(each.lane, each.work);
      each.go();
    }
  }

  function mayRun({ work, lane }: Waiting): boolean {
    const isGrave = ({ cutShort }: Work): boolean => cutShort > 1;
    if (running.size === 0) return true;
    return !isGrave(work) && !running.has(lane) && ![...running.values()].some(isGrave);
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
  };
}
