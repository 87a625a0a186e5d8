import type { Step } from '../contract/plan.ts';

/** `none`: no mail was planned. `failed`: the buyer's mail server refused it, or a person has to act. */
export type MailState = 'none' | 'sending' | 'sent' | 'failed';

/** What became of the newest mail to the buyer, so that the page does not promise what did not happen. */
export function mailState(steps: readonly Step[]): MailState {
  const last = steps.findLast(
    ({ verb, state, input }) => verb === 'mail' && state !== 'cancelled' && input['kind'] !== 'learner',
  );
  if (!last) return 'none';
  if (last.state === 'done') return 'sent';
  return last.state === 'parked' ? 'failed' : 'sending';
}
