import type { Callback, Verdict } from '../contract/gateway.ts';
import type { Logger } from '../contract/log.ts';
import type { Store } from '../storage/store.ts';

/**
 * Counts verdicts in memory, and writes the counts once a second: a flood of forgeries costs one write a second. What was
 * accepted is kept anyway; that its gateway was heard is written every ten seconds.
 */
export interface VerdictCounter {
  count(callback: Callback, verdict: Verdict): void;
  flush(): Promise<void>;
  /** Writes what is left and stops. */
  close(): Promise<void>;
}

interface Tally {
  readonly gateway: string;
  readonly verdict: Verdict['kind'];
  readonly code: string;
  count: number;
  sample?: Callback;
}

/** Codes come from gateways and are few. Should one make them from what it is sent, all further ones count as this. */
const mostCodes = 100;
const otherCode = 'OTHER';
const heardEveryMs = 10_000;
const writesAtOnce = 20;
/** Of a refused body; no more is ever shown. */
const sampleBytes = 2048;

export function createVerdictCounter(store: Pick<Store, 'countVerdict'>, log: Logger, everyMs = 1000): VerdictCounter {
  const codes = new Map<string, Set<string>>();
  let tallies = new Map<string, Tally>();
  let flushing: Promise<void> | undefined;
  let heard = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let heardTimer: NodeJS.Timeout | undefined;

  function count(callback: Callback, verdict: Verdict): void {
    if (verdict.kind === 'accepted') {
      heard.set(callback.gateway, (heard.get(callback.gateway) ?? 0) + 1);
      heardTimer ??= setTimeout(() => void flush(), heardEveryMs).unref();
      return;
    }
    const { gateway } = callback;
    const code = knownCode(gateway, verdict.kind, verdict.kind === 'refused' ? verdict.code : verdict.why.slice(0, 100));
    const tally = tallies.get(keyOf({ gateway, verdict: verdict.kind, code }));
    if (tally) tally.count += 1;
    else
      add({ gateway, verdict: verdict.kind, code, count: 1, ...(verdict.kind === 'refused' && { sample: sampleOf(callback) }) });
    timer ??= setTimeout(() => void flush(), everyMs).unref();
  }

  function knownCode(gateway: string, verdict: Verdict['kind'], code: string): string {
    const known = codes.get(`${gateway} ${verdict}`) ?? new Set();
    codes.set(`${gateway} ${verdict}`, known);
    if (!known.has(code) && known.size >= mostCodes) return otherCode;
    known.add(code);
    return code;
  }

  function add(tally: Tally): void {
    const same = tallies.get(keyOf(tally));
    if (same) same.count += tally.count;
    else tallies.set(keyOf(tally), tally);
  }

  /** One at a time: where the store takes none of it, counts wait in memory instead of queueing up there. */
  async function flush(): Promise<void> {
    await flushing;
    flushing = write().finally(() => (flushing = undefined));
    await flushing;
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    clearTimeout(heardTimer);
    timer = heardTimer = undefined;
    const taken = [...heard].map(([gateway, times]): Tally => ({ gateway, verdict: 'accepted', code: '', count: times }));
    const due = [...taken, ...tallies.values()];
    tallies = new Map();
    heard = new Map();
    const failed: Tally[] = [];
    while (due.length > 0) await Promise.all(due.splice(0, writesAtOnce).map((tally) => writeOne(tally, failed)));
    if (failed.length === 0) return;
    log.warn({ counts: failed.length }, 'Counts of callbacks could not be written; they are written later.');
    for (const tally of failed) if (tally.verdict !== 'accepted') add(tally);
    timer ??= setTimeout(() => void flush(), everyMs).unref();
  }

  async function writeOne(tally: Tally, failed: Tally[]): Promise<void> {
    const { gateway, verdict, code, count: times, sample } = tally;
    await store.countVerdict(gateway, verdict, code, times, sample).then(
      () => verdict === 'refused' && log.warn({ gateway, code, times }, 'Callbacks were refused.'),
      () => failed.push(tally),
    );
  }

  return { count, flush, close };

  /** The last writing is tried once: nobody waits for a store that takes nothing. */
  async function close(): Promise<void> {
    await flush();
    clearTimeout(timer);
  }
}

function keyOf({ gateway, verdict, code }: Pick<Tally, 'gateway' | 'verdict' | 'code'>): string {
  return `${gateway}\n${verdict}\n${code}`;
}

/** Small enough to be kept for a second, whatever was sent. */
function sampleOf(callback: Callback): Callback {
  return { ...callback, url: callback.url.slice(0, sampleBytes), body: Uint8Array.from(callback.body.subarray(0, sampleBytes)) };
}
