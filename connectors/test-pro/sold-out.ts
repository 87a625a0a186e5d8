import { tryLater } from 'handover/contract';
import type { StepError } from 'handover/contract';

/** No key for now. The order stays open: the step is repeated and the owner is told. */
export function soldOut(what: string): StepError {
  return tryLater('KEYS_SOLD_OUT', `${what} There is no key to give out.`, {
    hint: 'Add keys. Orders that wait get theirs by themselves; "retry" hands one out at once.',
  });
}
