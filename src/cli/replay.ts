import { HandoverError } from '../contract/errors.ts';
import { replayKey, replayOf, type PlannedStep, type Step } from '../contract/plan.ts';
import { findAction } from '../fulfilment/run-action.ts';
import { openOutcome } from '../fulfilment/sealed-outcome.ts';
import type { Store } from '../storage/store.ts';
import { jsonOption, type Command } from './command.ts';
import { findStep } from './find-step.ts';
import { loadShop, openSealer, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';

/** Tells another system once more what it was told. */
export const replay: Command = {
  name: 'replay',
  summary: 'Sends a message that was taken once more, under the same id',
  details: [
    'For steps that tell another system something (webhook.send) and are done. The receiver drops it if it knows the id.\nWhat gives something is never replayed: see "retry" and "reissue".',
  ],
  operands: [{ name: 'STEP' }],
  options: { json: jsonOption },
  examples: ['npx handover replay K3M9-2QXT-7BHD/1/1/crm/grant/1'],

  async run(input, terminal) {
    const place = readPlace(input);
    const shop = await loadShop(place);
    const sealer = await openSealer(place, shop);
    const planned = await withStore(place, async (store) => {
      const step = await findDone(store, input.operands[0] ?? '');
      const { action } = findAction(step, { account: (name) => shop.accounts.get(name) });
      if (!action.replay) throw notReplayable(step);
      const told = action.replay(openOutcome(step.outcome ?? {}, action.output, sealer), step.input);
      const again = await planAgain(store, step, told);
      await store.addSteps([again]);
      return again;
    });
    if (input.has('json')) terminal.printJson({ step: planned.key, replays: replayOf(planned.key) });
    else terminal.print(`${replayOf(planned.key)} is sent once more, as ${planned.key}.`);
    return 0;
  },
};

async function findDone(store: Store, key: string): Promise<Step> {
  const step = await findStep(store, key);
  if (step?.state === 'done' && (step.verb === 'grant' || step.verb === 'run')) return step;
  if (step) throw notReplayable(step);
  throw new HandoverError('STEP_UNKNOWN', `No step has the key "${key}".`, {
    hint: 'The keys of its steps are shown by: npx handover order ORDER',
  });
}

/** It belongs to no grant: what becomes of the grant is not told by it. */
async function planAgain(store: Store, step: Step, input: PlannedStep['input']): Promise<PlannedStep> {
  const { orderId, line, unit, action, account, configVersion } = step;
  const steps = (await store.findOrder(orderId))?.steps ?? [];
  const before = steps.filter(({ key }) => key !== replayOf(key) && replayOf(key) === replayOf(step.key)).length;
  return {
    key: replayKey(step.key, before + 1),
    orderId,
    verb: 'run',
    action,
    account,
    input,
    configVersion,
    after: [],
    ...(line !== undefined && { line }),
    ...(unit !== undefined && { unit }),
  };
}

function notReplayable({ key, verb, state, action }: Step): HandoverError {
  return new HandoverError('STEP_NOT_REPLAYABLE', `The step ${key} (${verb} ${action}) is ${state}, and cannot be replayed.`, {
    hint: 'Only messages that were taken are sent again. A parked step is put back by: npx handover retry STEP',
  });
}
