import { HandoverError } from '../contract/errors.ts';
import type { Step } from '../contract/plan.ts';
import type { Store } from '../storage/store.ts';

/** A step by its key. Those of an order are found by the number in front; notices of no order only while they are parked. */
export async function findStep(store: Store, key: string): Promise<Step | undefined> {
  const ours = await store.findOrder(key.slice(0, key.indexOf('/')));
  return ours?.steps.find((each) => each.key === key) ?? (await store.parkedSteps(10_000)).find((each) => each.key === key);
}

/** Why a step cannot be retried or marked: it is in another state, or there is none. */
export async function notParked(store: Store, key: string): Promise<HandoverError> {
  const step = await findStep(store, key);
  if (!step) {
    return new HandoverError('STEP_UNKNOWN', `No parked step has the key "${key}".`, {
      hint: 'The keys of its steps are shown by: npx handover order ORDER',
    });
  }
  return new HandoverError('STEP_NOT_PARKED', `The step ${key} is ${step.state}, not parked.`, {
    hint: `See: npx handover order ${step.orderId}`,
  });
}
