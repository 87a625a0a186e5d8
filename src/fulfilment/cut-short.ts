import { giveUp, type StepError } from '../contract/errors.ts';
import type { ClaimedCallback, StepClaim, Store } from '../storage/store.ts';

/** After so many attempts in a row that never told how they ended, work is not begun again by itself. */
export const mostCutShort = 3;

/**
 * To be asked before every attempt. What was cut short before may be what ended its process: that it is tried once more is
 * committed first, and after three times `killer` is thrown. False: another worker has it.
 */
export async function mayBegin(
  claim: ClaimedCallback | StepClaim,
  store: Pick<Store, 'beginAgain'>,
  killer: () => StepError,
): Promise<boolean> {
  if (claim.cutShort >= mostCutShort) throw killer();
  return claim.cutShort === 0 || store.beginAgain(claim);
}

export function killsProcess(code: string, what: string): StepError {
  return giveUp(code, `${what} never told how it ended, ${mostCutShort} times in a row: it ends the process, or hangs it.`, {
    hint: 'Look into the log for what ended the process each time, put it right, then retry it.',
  });
}
