import type { Callback, Verdict } from '../contract/gateway.ts';
import type { Logger } from '../contract/log.ts';
import type { Store } from '../storage/store.ts';

/** Counts what is not kept, in memory, and writes the counts once a second: a flood of forgeries costs one write a second. */
export interface VerdictCounter {
  count(callback: Callback, verdict: Exclude<Verdict, { kind: 'accepted' }>): void;
  flush(): Promise<void>;
  /** Writes what is left and stops. */
  close(): Promise<void>;
}

interface Tally {
  readonly gateway: string;
  readonly verdict: 'ignored' | 'refused';
  readonly code: string;
  count: number;
  sample?: Callback;
}

/** Codes come from gateways and are few; words of an `ignored` are cut so that they are few as well. */
const mostTallies = 500;

export function createVerdictCounter(store: Pick<Store, 'countVerdict'>, log: Logger, everyMs = 1000): VerdictCounter {
  let tallies = new Map<string, Tally>();
  let timer: NodeJS.Timeout | undefined;

  function count(callback: Callback, verdict: Exclude<Verdict, { kind: 'accepted' }>): void {
    const code = verdict.kind === 'refused' ? verdict.code : verdict.why.slice(0, 100);
    const key = `${callback.gateway}\n${verdict.kind}\n${code}`;
    const tally = tallies.get(key);
    if (tally) tally.count += 1;
    else if (tallies.size < mostTallies) {
      tallies.set(key, {
        gateway: callback.gateway,
        verdict: verdict.kind,
        code,
        count: 1,
        ...(verdict.kind === 'refused' && { sample: callback }),
      });
    }
    timer ??= setTimeout(() => void flush(), everyMs).unref();
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const due = [...tallies.values()];
    tallies = new Map();
    for (const { gateway, verdict, code, count: times, sample } of due) {
      if (verdict === 'refused') log.warn({ gateway, code, times }, 'Callbacks were refused.');
      await store
        .countVerdict(gateway, verdict, code, times, sample)
        .catch(() => log.warn({ gateway, code, times }, 'Counts of callbacks could not be written.'));
    }
  }

  return { count, flush, close: flush };
}
