import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../contract/log.ts';
import { crashPoint } from '../crash-point.ts';
import type { ClaimedCallback, DueTimes, StepClaim, Store } from '../storage/store.ts';
import { createBreaker, logChanges, type AccountState, type Breaker, type TargetNews } from './breaker.ts';
import { createClockWatch } from './clock-watch.ts';
import { createSuspects } from './suspects.ts';

export interface RunnerParts {
  readonly store: Store;
  /** Names this worker in leases and in the history. */
  readonly worker: string;
  /** Settle the claim, whatever happens. Must not throw; if it does, the lease lapses and the work comes again. */
  digest(callback: ClaimedCallback): Promise<void>;
  /** Gives what it told about the other side. `isTrial`: it only finds out whether that is back. */
  runStep(claim: StepClaim, isTrial: boolean): Promise<TargetNews | undefined>;
  /** How many steps of each account may run at once in this process. */
  limits(): ReadonlyMap<string, number>;
  readonly log: Logger;
  /** Fires when running work should stop at once. */
  readonly stopping: AbortController;
  /** @default 60000 */
  readonly leaseMs?: number;
  /** The longest sleep between two looks. @default 1000 */
  readonly pollMs?: number;
  /** Whether a worker that holds claims has certainly ended; what it held is then taken over at once. @default nobody has */
  readonly isGone?: (worker: string) => boolean;
  /** How long `stop` lets running work finish before it is cut short. @default 6000 */
  readonly graceMs?: number;
  /** How long this process must have lived before work that was cut short twice is begun once more. @default 10000 */
  readonly quietMs?: number;
  /** How many callbacks this process is taking at the moment: work makes room for many. @default none */
  readonly crowd?: () => number;
  /** Which accounts are down. @default one of its own, which tells the log */
  readonly breaker?: Breaker;
}

export interface Runner {
  start(): void;
  /** Look for work now. Cheap, may be called at any time; before `start` it does nothing. */
  wake(): void;
  /** Claims nothing more; running work is finished, or after the grace cut short and given back. */
  stop(): Promise<void>;
  /** When it last got through a look for work, as `performance.now()`; undefined before `start`. It looks about once a second. */
  lookedAt(): number | undefined;
  /** Resolves when nothing is due and nothing runs here. For tests and for one-shot runs. */
  idle(): Promise<void>;
  /** Accounts whose other side is down, asked for a pause, or is coming back, as this process sees them. */
  accounts(): readonly AccountState[];
}

const callbacksAtOnce = 16;
/** Steps of accounts the configuration no longer names are claimed too, so that they park instead of waiting for ever. */
const defaultLimit = 4;
/** From so many callbacks at a time on, work looks less often, and each account and the reading of callbacks get one place only. */
const crowdFrom = 32;
const crowdPauseMs = 25;

/** Claims what is due, carries it out side by side, and sleeps until something is due again or somebody wakes it. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, worker, log, leaseMs = 60_000, pollMs = 1000, graceMs = 6000, quietMs = 10_000, isGone = () => false } = parts;
  const { crowd = () => 0, breaker = createBreaker({ changed: logChanges(log) }) } = parts;
  let due: DueTimes = { clock: 0, stepInMs: new Map() };
  const mindClock = createClockWatch({
    store: { clock: async () => (due = await store.dueTimes()).clock, mendClock: (...given) => store.mendClock(...given) },
    leaseMs,
    log,
  });
  const running = new Map<StepClaim | ClaimedCallback, Promise<void>>();
  let isStarted = false;
  let isStopped = false;
  const suspects = createSuspects({ quietMs, hasRoom: (work) => isCallback(work) || roomOf(work.account) > 0 });
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let hasTakenOver = false;
  let mayHoldUnknown = false;
  let lookedAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    if (!isStarted || isStopped) return;
    if (looking) lookAgain = true;
    else looking = look().finally(() => (looking = undefined));
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      if (!hasTakenOver) await takeOver();
      if (mayHoldUnknown) await giveBackUnknown();
      let dueInMs: number | undefined;
      do {
        lookAgain = false;
        await readDue();
        mayHoldUnknown = true;
        await claim();
        mayHoldUnknown = false;
        if (!wasWoken()) dueInMs = await nextDueInMs();
        lookedAt = performance.now();
      } while (wasWoken() && !hasStopped());
      if (!hasStopped()) sleepUntilDue(dueInMs);
    } catch (error) {
      log.error({ code: codeOf(error) }, 'Looking for work failed; the next look follows in a second.');
      lookedAt = performance.now();
      if (!hasStopped()) sleepUntilDue(undefined);
    }
  }

  /** Once, at the start: what workers of this machine held when they were killed does not wait for its leases to lapse. */
  async function takeOver(): Promise<void> {
    for (const other of await store.workers()) {
      if (!isGone(other)) continue;
      log.warn({ worker: other }, 'A worker of this machine ended without giving back its work; it is taken over.');
      await store.endLeases(other);
    }
    hasTakenOver = true;
  }

  /** The store may have given a claim out although its answer never came: nobody would work on that until the lease lapses. */
  async function giveBackUnknown(): Promise<void> {
    const lost = await store.giveBackLost(worker, [...running.keys()]);
    if (lost > 0) log.warn({ claims: lost }, 'Claims whose answer got lost are given back.');
    mayHoldUnknown = false;
  }

  function sleepUntilDue(dueInMs: number | undefined): void {
    const jitteredMs = pollMs * (0.75 + Math.random() / 2);
    const isSaturated = dueInMs === 0;
    const restMs = isSaturated ? jitteredMs / 4 : Math.min(dueInMs ?? jitteredMs, jitteredMs);
    timer = setTimeout(wake, Math.min(restMs, breaker.nextTryInMs() ?? restMs));
    timer.unref();
  }

  /** Of what may be begun: what waits for another side that is down does not count. */
  async function nextDueInMs(): Promise<number | undefined> {
    const waiting = breaker.states().filter(({ nextTryInMs }) => nextTryInMs > 0);
    return store.nextDueInMs(new Set(waiting.map(({ account }) => account)));
  }

  /** Lets what came in meanwhile have its turn first, callbacks above all. */
  async function readDue(): Promise<void> {
    await (isCrowded() ? sleep(crowdPauseMs) : nextTurn());
    if (await mindClock()) due = await store.dueTimes();
  }

  /** Only what is due: a claim that finds nothing is a transaction all the same. */
  async function claim(): Promise<void> {
    const room = (isCrowded() ? 1 : callbacksAtOnce) - underWay().filter(isCallback).length;
    if (room > 0 && isDue(due.callbackInMs)) {
      const callbacks = await store.claimCallbacks(worker, room, leaseMs);
      if (callbacks.length > 0) crashPoint('callback claimed');
      for (const callback of callbacks) carryOut(callback, () => parts.digest(callback));
    }
    await nextTurn();
    const free = roomPerAccount();
    if (free.size === 0) return;
    const claims = await store.claimSteps(worker, free, leaseMs);
    if (claims.length > 0) crashPoint('step claimed');
    for (const step of claims) carryOut(step, () => carryOutStep(step, breaker.isTrial(step.account)));
  }

  async function carryOutStep(step: StepClaim, isTrial: boolean): Promise<void> {
    const news = await parts.runStep(step, isTrial);
    if (news) breaker.learn(step.account, step.key, news);
  }

  function isCrowded(): boolean {
    return crowd() >= crowdFrom;
  }

  function roomPerAccount(): Map<string, number> {
    const accounts = [...due.stepInMs].filter(([, inMs]) => isDue(inMs));
    const room = accounts.map(([account]) => [account, roomOf(account)] as const);
    return new Map(room.filter(([, free]) => free > 0));
  }

  function roomOf(account: string): number {
    const busy = underWay().filter((work) => !isCallback(work) && work.account === account).length;
    const limit = parts.limits().get(account) ?? defaultLimit;
    const room = breaker.room(account, limit, busy);
    return isCrowded() ? Math.min(room, 1 - busy) : room;
  }

  function underWay(): (StepClaim | ClaimedCallback)[] {
    return [...running.keys()].filter((work) => !suspects.isPutOff(work));
  }

  function carryOut(work: StepClaim | ClaimedCallback, run: () => Promise<void>): void {
    const renewal = setInterval(() => void renew(work, renewal), leaseMs / 3);
    renewal.unref();
    const done = suspects
      .inTurn(work, () => (hasStopped() ? store.release([work]) : run()))
      .catch((error: unknown) =>
        log.error({ code: codeOf(error) }, 'Work could not be settled; its lease lapses and it comes again.'),
      )
      .finally(() => {
        clearInterval(renewal);
        running.delete(work);
        suspects.lookAgain();
        wake();
      });
    running.set(work, done);
  }

  async function renew(work: StepClaim | ClaimedCallback, renewal: NodeJS.Timeout): Promise<void> {
    try {
      if (!(await store.renewLease(work, leaseMs))) clearInterval(renewal);
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'A lease could not be renewed.');
    }
  }

  async function stop(): Promise<void> {
    isStopped = true;
    clearTimeout(timer);
    suspects.letGo();
    await Promise.race([untilQuiet(), sleep(graceMs, undefined, { ref: false })]);
    parts.stopping.abort();
    await Promise.race([untilQuiet(), sleep(2500, undefined, { ref: false })]);
  }

  /** A look that is under way may still claim: what it brings is given back. */
  async function untilQuiet(): Promise<void> {
    await looking;
    await Promise.allSettled(running.values());
  }

  async function idle(): Promise<void> {
    for (;;) {
      if (running.size > 0) await Promise.allSettled(running.values());
      else if (looking) await sleep(2);
      else if ((await nextDueInMs()) !== 0) return;
      else wake();
    }
  }

  // Functions, since TypeScript cannot see that an await may change these.
  function hasStopped(): boolean {
    return isStopped;
  }
  function wasWoken(): boolean {
    return lookAgain;
  }

  function start(): void {
    isStarted = true;
    lookedAt = performance.now();
    wake();
  }

  return { start, wake, stop, idle, lookedAt: () => lookedAt, accounts: () => breaker.states() };
}

function isDue(inMs: number | undefined): boolean {
  return inMs !== undefined && inMs <= 0;
}

function isCallback(work: StepClaim | ClaimedCallback): work is ClaimedCallback {
  return 'deliveryId' in work;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.name : 'UNKNOWN';
}
