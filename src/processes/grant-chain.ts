import type { GrantState } from '../contract/order.ts';
import type { Step, StepTerms, StepVerb } from '../contract/plan.ts';
import type { ActionShape } from './action-shape.ts';
import type { Wanted } from './wanted.ts';

/**
 * What the steps planned so far make of a grant, once they are all carried out. A step that was begun and then cancelled may
 * or may not have had its effect: `perhapsGranted` after granting or revoking, `perhapsSuspended` after suspending or resuming.
 */
export type ChainState = GrantState | 'none' | 'perhapsGranted' | 'perhapsSuspended';

const leadsTo: Partial<Record<StepVerb, ChainState>> = {
  grant: 'granted',
  renew: 'granted',
  resume: 'granted',
  suspend: 'suspended',
  revoke: 'revoked',
};
const perhaps: Partial<Record<StepVerb, ChainState>> = {
  grant: 'perhapsGranted',
  revoke: 'perhapsGranted',
  renew: 'granted',
  suspend: 'perhapsSuspended',
  resume: 'perhapsSuspended',
};

/** Where a grant stands after a chain of steps, and what was last given: for whom, until when, in which edition. */
export interface Standing {
  readonly state: ChainState;
  readonly terms: StepTerms;
}

/** One step that leads on. */
export interface NextStep {
  readonly verb: StepVerb;
  readonly terms: StepTerms;
}

/** The steps of one grant that count, oldest first. What was cancelled before it began never happened. */
export function chainOf(grantId: string, steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.grantId === grantId && step.verb in leadsTo && (step.state !== 'cancelled' || step.begun));
}

export function standingAfter(chain: readonly Step[]): Standing {
  const last = chain.at(-1);
  const state = last ? ((isCalledOff(last) ? perhaps[last.verb] : leadsTo[last.verb]) ?? 'none') : 'none';
  return { state, terms: termsAfter(chain) };
}

/** The same, were the last step cancelled now. */
export function standingWithoutLast(chain: readonly Step[]): Standing {
  const last = chain.at(-1);
  if (!last?.begun) return standingAfter(chain.slice(0, -1));
  return { state: perhaps[last.verb] ?? 'none', terms: termsAfter(chain) };
}

/** Nobody carries it on. While its last attempt runs, it may still succeed. */
function isCalledOff({ state, calledOff }: Step): boolean {
  return state === 'cancelled' || calledOff === true;
}

/** How far access reaches after a renewal that was cut short is not known: it is said again. */
function termsAfter(chain: readonly Step[]): StepTerms {
  const telling = chain.findLast(({ verb }) => verb === 'grant' || verb === 'renew');
  if (!telling || !isCalledOff(telling)) return telling?.terms ?? {};
  const { learner, edition } = telling.terms ?? {};
  return { ...(learner && { learner }), ...(edition !== undefined && { edition }) };
}

/**
 * The steps from where a chain leads to what is wanted; none when they agree. For another learner, or in a new edition, what
 * was given is taken back first, and so is what was perhaps given where giving it once more would make two. What was perhaps given is revoked whole rather than suspended, since nobody could resume what
 * was perhaps never given.
 */
export function pathTo(
  wanted: Wanted,
  { state, terms }: Standing,
  { renews, doubles = false }: Pick<ActionShape, 'renews' | 'doubles'>,
): NextStep[] {
  const asked = termsFor(wanted, terms);
  const isGone = state === 'none' || state === 'revoked';
  if (isGone) return wanted.state === 'granted' ? [{ verb: 'grant', terms: asked }] : [];
  if (!isSame(terms, asked) || (doubles && state === 'perhapsGranted')) {
    const takeBack: NextStep = { verb: 'revoke', terms };
    return wanted.state === 'granted' ? [takeBack, { verb: 'grant', terms: asked }] : [takeBack];
  }
  const verb = nextVerb(state, wanted.state);
  const steps: NextStep[] = verb === undefined ? [] : [{ verb, terms: asked }];
  const isFurther = wanted.state === 'granted' && verb !== 'grant' && asked.until !== undefined && asked.until !== terms.until;
  return isFurther && renews ? [...steps, { verb: 'renew', terms: asked }] : steps;
}

function nextVerb(from: ChainState, wanted: GrantState): StepVerb | undefined {
  if (from === wanted) return undefined;
  if (wanted === 'granted') return from === 'suspended' || from === 'perhapsSuspended' ? 'resume' : 'grant';
  return wanted === 'suspended' && from !== 'perhapsGranted' ? 'suspend' : 'revoke';
}

function termsFor({ learner, edition, until, isSeat = false }: Wanted, known: StepTerms): StepTerms {
  const end = until === 'same' ? known.until : until === undefined ? undefined : new Date(until).toISOString();
  return {
    ...(learner && { learner }),
    ...(isSeat && { isSeat }),
    ...(edition > 0 && { edition }),
    ...(end !== undefined && { until: end }),
  };
}

/** The same thing for the same person; how long does not matter here. */
function isSame(a: StepTerms, b: StepTerms): boolean {
  return a.learner?.email?.toLowerCase() === b.learner?.email?.toLowerCase() && (a.edition ?? 0) === (b.edition ?? 0);
}

export function isOpen({ state }: Step): boolean {
  return state !== 'done' && state !== 'cancelled';
}
