import type { Logger } from '../contract/log.ts';

/** What an attempt told about the other side. `seen`: on the wire; otherwise by what the action said or how it ended. */
export type TargetNews =
  | { readonly kind: 'answers'; readonly seen: boolean }
  /** No answer, or one that says the system itself is broken. */
  | { readonly kind: 'down'; readonly seen: boolean; readonly retryAfterMs?: number }
  /** It asked for a pause (429 with `Retry-After`). */
  | { readonly kind: 'pause'; readonly retryAfterMs: number };

/** How an account is doing, as this process sees it. `ok` ones are not listed. */
export interface AccountState {
  readonly account: string;
  /** `down`: one step tries it now and then. `paused`: it asked for that. `recovering`: more and more steps at once. */
  readonly state: 'down' | 'paused' | 'recovering';
  /** Since when, milliseconds since 1970. */
  readonly since: number;
  /** In how many milliseconds it is tried next; 0 when it may be now. */
  readonly nextTryInMs: number;
  /** How many of its steps may run at once for now. */
  readonly atOnce: number;
}

export interface BreakerParts {
  /** Told once of each change. */
  readonly changed?: (account: string, state: AccountState['state'] | 'ok', nextTryInMs: number) => void;
  readonly random?: () => number;
  /** Milliseconds that only ever go forward. */
  readonly elapsed?: () => number;
  readonly now?: () => number;
}

export interface Breaker {
  /** How many more steps of an account may begin, of which `busy` run and `limit` may at most. */
  room(account: string, limit: number, busy: number): number;
  /** Whether an account takes nothing for now, whatever its limit: its steps need not be looked for. */
  isHeldBack(account: string): boolean;
  /** Whether a step that begins now is there to find out whether the other side is back. */
  isTrial(account: string): boolean;
  /** How an attempt at a step of the account ended. */
  learn(account: string, step: string, news: TargetNews): void;
  /** Milliseconds until the first account that is held back may be tried. Undefined: none is. */
  nextTryInMs(): number | undefined;
  /** Accounts that are not in good order. */
  states(): AccountState[];
}

/** Tells the log of each change, in words for whoever looks after the site. */
export function logChanges(log: Logger): NonNullable<BreakerParts['changed']> {
  return (account, state, nextTryInMs) => {
    const fields = { account, state, nextTryInMs };
    if (state === 'down') log.warn({ ...fields, code: 'ACCOUNT_DOWN' }, `${account} is down; its steps wait, others go on.`);
    else if (state === 'paused') log.warn({ ...fields, code: 'ACCOUNT_PAUSED' }, `${account} asks us to pause; its steps wait.`);
    else if (state === 'recovering') log.info(fields, `${account} answers again; what waits for it goes on, oldest first.`);
    else log.info(fields, `${account} is in good order again.`);
  };
}

/** So many failures in a row, of at least two steps, and the other side counts as down: one bad order is no outage. */
const failuresToOpen = 5;
const stepsToOpen = 2;
const forgottenAfterMs = 300_000;
/** Before the first trial, at most; twice as long before each further one. */
const firstTrialMs = 1000;
const longestTrialMs = 60_000;
const longestPauseMs = 3_600_000;
/** So long after its last success nothing is left of an outage. */
const quietMs = 60_000;

interface Circuit {
  failures: { readonly step: string; readonly at: number }[];
  state: AccountState['state'] | 'ok';
  since: number;
  /** Nothing begins before. */
  heldUntil: number;
  /** Trials that failed in a row. */
  failedTrials: number;
  atOnce: number;
  /** The failure that opened it was seen on the wire, so only an answer on the wire proves that it is over. */
  seen: boolean;
}

/**
 * One circuit breaker for each connector account and the mail server. While the other side is down, its steps stay where they
 * are and one at a time tries again, after up to 1 s, 2 s, 4 s … 60 s by chance; when one gets through, they go on oldest first,
 * at first one at a time and with each success one more. In memory, for this process alone.
 */
export function createBreaker(parts: BreakerParts = {}): Breaker {
  const { changed, random = Math.random, elapsed = () => performance.now(), now = Date.now } = parts;
  const circuits = new Map<string, Circuit>();

  function turn(account: string, circuit: Circuit, state: Circuit['state'], holdMs = 0): void {
    circuit.heldUntil = elapsed() + holdMs;
    if (state === 'ok') circuits.delete(account);
    if (circuit.state === state) return;
    circuit.state = state;
    circuit.since = now();
    changed?.(account, state, Math.round(holdMs));
  }

  function open(account: string, circuit: Circuit, { seen, retryAfterMs = 0 }: Extract<TargetNews, { kind: 'down' }>): void {
    circuit.atOnce = 1;
    circuit.seen = seen;
    const byChanceMs = random() * Math.min(longestTrialMs, firstTrialMs * 2 ** circuit.failedTrials);
    circuit.failedTrials += 1;
    turn(account, circuit, 'down', Math.max(byChanceMs, Math.min(retryAfterMs, longestPauseMs)));
  }

  function fail(account: string, step: string, news: Extract<TargetNews, { kind: 'down' }>): void {
    const circuit = circuits.get(account) ?? inOrder();
    circuits.set(account, circuit);
    if (circuit.state !== 'ok') {
      // What was under way when it opened tells nothing new.
      if (elapsed() >= circuit.heldUntil) open(account, circuit, news);
      return;
    }
    const at = elapsed();
    circuit.failures = [...circuit.failures.filter((each) => at - each.at < forgottenAfterMs), { step, at }].slice(
      -failuresToOpen,
    );
    const steps = new Set(circuit.failures.map((each) => each.step));
    if (circuit.failures.length >= failuresToOpen && steps.size >= stepsToOpen) open(account, circuit, news);
  }

  function pause(account: string, retryAfterMs: number): void {
    const circuit = circuits.get(account) ?? inOrder();
    circuits.set(account, circuit);
    circuit.atOnce = 1;
    const leftMs = circuit.state === 'ok' ? 0 : circuit.heldUntil - elapsed();
    turn(account, circuit, 'paused', Math.max(leftMs, Math.min(retryAfterMs, longestPauseMs)));
  }

  function succeed(account: string, seen: boolean): void {
    const circuit = circuits.get(account);
    if (!circuit || (circuit.seen && !seen)) return;
    if (circuit.state === 'ok') {
      circuits.delete(account);
      return;
    }
    // An answer to what began before it was held back is no reason to hurry.
    if (elapsed() < circuit.heldUntil) return;
    circuit.atOnce += 1;
    turn(account, circuit, 'recovering');
  }

  return {
    room(account, limit, busy) {
      const circuit = circuits.get(account);
      if (!circuit || circuit.state === 'ok') return limit - busy;
      if (elapsed() < circuit.heldUntil) return 0;
      if (circuit.state === 'recovering' && (circuit.atOnce >= limit || elapsed() - circuit.heldUntil > quietMs)) {
        turn(account, circuit, 'ok');
        return limit - busy;
      }
      return Math.min(limit, circuit.atOnce) - busy;
    },
    isHeldBack(account) {
      const circuit = circuits.get(account);
      return circuit !== undefined && circuit.state !== 'ok' && elapsed() < circuit.heldUntil;
    },
    isTrial(account) {
      const state = circuits.get(account)?.state ?? 'ok';
      return state === 'down' || state === 'paused';
    },
    learn(account, step, news) {
      if (news.kind === 'down') fail(account, step, news);
      else if (news.kind === 'pause') pause(account, news.retryAfterMs);
      else succeed(account, news.seen);
    },
    nextTryInMs() {
      const waits = [...circuits.values()].filter(({ state }) => state !== 'ok').map(({ heldUntil }) => heldUntil - elapsed());
      const ahead = waits.filter((each) => each > 0);
      return ahead.length === 0 ? undefined : Math.ceil(Math.min(...ahead));
    },
    states: () =>
      [...circuits].flatMap(([account, { state, since, heldUntil, atOnce }]) =>
        state === 'ok' ? [] : [{ account, state, since, nextTryInMs: Math.max(0, Math.ceil(heldUntil - elapsed())), atOnce }],
      ),
  };
}

function inOrder(): Circuit {
  return { failures: [], state: 'ok', since: 0, heldUntil: 0, failedTrials: 0, atOnce: 1, seen: false };
}
