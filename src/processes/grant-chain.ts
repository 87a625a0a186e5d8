import type { GrantState } from '../contract/order.ts';
import type { Step, StepVerb } from '../contract/plan.ts';

/** What the steps planned so far make of a grant, once they are all carried out. */
export type ChainState = GrantState | 'none';

const leadsTo: Partial<Record<StepVerb, ChainState>> = { grant: 'granted', resume: 'granted', suspend: 'suspended', revoke: 'revoked' };

/** The steps of one grant that count, oldest first. Cancelled ones never happened. */
export function chainOf(grantId: string, steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.grantId === grantId && step.verb in leadsTo && step.state !== 'cancelled');
}

export function stateAfter(chain: readonly Step[]): ChainState {
  const last = chain.at(-1);
  return last ? (leadsTo[last.verb] ?? 'none') : 'none';
}

/** The next verb from where the chain leads to what is wanted; undefined when they agree. */
export function nextVerb(from: ChainState, wanted: GrantState): StepVerb | undefined {
  if (from === wanted) return undefined;
  if (wanted === 'granted') return from === 'suspended' ? 'resume' : 'grant';
  if (from === 'none' || from === 'revoked') return undefined;
  return wanted === 'suspended' ? 'suspend' : 'revoke';
}

/** Nothing of it has happened yet, so cancelling it is enough. */
export function isUntouched({ attempts, state }: Step): boolean {
  return attempts === 0 && (state === 'ready' || state === 'waiting');
}

/** It may have happened in part: marked for cancelling, and undone by a step after it. */
export function isUnsettled({ state }: Step): boolean {
  return state !== 'done' && state !== 'cancelled';
}
