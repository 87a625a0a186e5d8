import type { Verdict } from '../contract/gateway.ts';
import type { StepProblem } from '../contract/plan.ts';
import type { ClaimedCallback, StepClaim } from '../storage/store.ts';

/** Goes around a piece of work, and gives what it gives. */
export type Around<About> = <T>(about: About, work: () => Promise<T>) => Promise<T>;

/** How an attempt at a step ended. `lost`: another worker has it. `released`: the process stops. `waiting`: not due yet, nothing failed. */
export type AttemptResult = 'done' | 'later' | 'waiting' | 'parked' | 'released' | 'lost';

/** Hears of the work while it happens. What nobody listens to costs nothing. */
export interface Listener {
  /** The answer to one callback of the gateway of this name. */
  readonly callback?: Around<string>;
  readonly digest?: Around<ClaimedCallback>;
  readonly step?: Around<StepClaim>;
  verdict?(gateway: string, verdict: Verdict): void;
  /** A callback could not be kept, or not be answered. */
  failed?(gateway: string, code: string): void;
  /** How long it took until a callback was kept, committed and synced. */
  committed?(seconds: number): void;
  /** Which orders a digested callback was about. */
  recorded?(callback: ClaimedCallback, orders: readonly string[]): void;
  settled?(claim: StepClaim, result: AttemptResult, problem?: StepProblem): void;
}

/** Several listeners as one. */
export function together(listeners: readonly Listener[]): Listener {
  const [first, second, ...others] = listeners;
  if (!first || !second) return first ?? {};
  const both: Listener = {
    ...around('callback', first, second),
    ...around('digest', first, second),
    ...around('step', first, second),
    verdict: (...about) => (first.verdict?.(...about), second.verdict?.(...about)),
    failed: (...about) => (first.failed?.(...about), second.failed?.(...about)),
    committed: (...about) => (first.committed?.(...about), second.committed?.(...about)),
    recorded: (...about) => (first.recorded?.(...about), second.recorded?.(...about)),
    settled: (...about) => (first.settled?.(...about), second.settled?.(...about)),
  };
  return together([both, ...others]);
}

function around<Name extends 'callback' | 'digest' | 'step'>(
  name: Name,
  first: Listener,
  second: Listener,
): Pick<Listener, Name> {
  const [outer, inner] = [first[name], second[name]] as readonly (Around<unknown> | undefined)[];
  const joined: Around<unknown> | undefined =
    outer && inner ? (about, work) => outer(about, () => inner(about, work)) : (outer ?? inner);
  return { [name]: joined } as Pick<Listener, Name>;
}
