import type { GrantState } from '../contract/order.ts';
import type { Step, StepVerb } from '../contract/plan.ts';

/**
 * What the steps planned so far make of a grant, once they are all carried out. A step that was begun and then cancelled may
 * or may not have had its effect: `perhapsGranted` after granting or revoking, `perhapsSuspended` after suspending or resuming.
 */
export type ChainState = GrantState | 'none' | 'perhapsGranted' | 'perhapsSuspended';

const leadsTo: Partial<Record<StepVerb, ChainState>> = {
  grant: 'granted',
  resume: 'granted',
  suspend: 'suspended',
  revoke: 'revoked',
};
const perhaps: Partial<Record<StepVerb, ChainState>> = {
  grant: 'perhapsGranted',
  revoke: 'perhapsGranted',
  suspend: 'perhapsSuspended',
  resume: 'perhapsSuspended',
};

/** The steps of one grant that count, oldest first. What was cancelled before it began never happened. */
export function chainOf(grantId: string, steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.grantId === grantId && step.verb in leadsTo && (step.state !== 'cancelled' || step.begun));
}

export function stateAfter(chain: readonly Step[]): ChainState {
  const last = chain.at(-1);
  if (!last) return 'none';
  return (last.state === 'cancelled' ? perhaps[last.verb] : leadsTo[last.verb]) ?? 'none';
}

/** The same, were the last step cancelled now. */
export function stateWithoutLast(chain: readonly Step[]): ChainState {
  const last = chain.at(-1);
  if (!last) return 'none';
  return last.begun ? (perhaps[last.verb] ?? 'none') : stateAfter(chain.slice(0, -1));
}

/**
 * The next verb from where the chain leads to what is wanted; undefined when they agree. What was perhaps given is revoked
 * whole rather than suspended, since nobody could resume what was perhaps never given.
 */
export function nextVerb(from: ChainState, wanted: GrantState): StepVerb | undefined {
  if (from === wanted) return undefined;
  if (wanted === 'granted') return from === 'suspended' || from === 'perhapsSuspended' ? 'resume' : 'grant';
  if (from === 'none' || from === 'revoked') return undefined;
  return wanted === 'suspended' && from !== 'perhapsGranted' ? 'suspend' : 'revoke';
}

export function isOpen({ state }: Step): boolean {
  return state !== 'done' && state !== 'cancelled';
}
