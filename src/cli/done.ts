import type { Configuration } from '../config/configuration.ts';
import { didYouMean } from '../config/problems.ts';
import type { Step } from '../contract/plan.ts';
import type { Store } from '../storage/store.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { loadShop, openSealer, withStore } from './open-shop.ts';
import { readPlace, type Place } from './place.ts';
import { notParked } from './retry.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

type Values = Readonly<Record<string, string>>;

/** A person did what a parked step was for. */
export const done: Command = {
  name: 'done',
  summary: 'Marks a parked step as done by hand',
  details: [
    'For what a person did on the other side. Steps and mails that waited for it go on.',
    '--value keeps what came of it, by the names the action gives out, so that the order page and mails can show it: a key that\nwas issued by hand, say. Secret values are sealed.',
  ],
  operands: [{ name: 'STEP' }],
  options: {
    because: becauseOption,
    value: { value: 'NAME=TEXT', repeatable: true, summary: 'What came of it' },
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover done K3M9-2QXT-7BHD/1/1/course/grant/1 --because "Enrolled by hand"'],

  async run(input, terminal) {
    const key = input.operands[0] ?? '';
    const because = readBecause(input, 'done');
    const by = readStaffName(input);
    const values = readValues(input.values('value'));
    const place = readPlace(input);
    const seal = Object.keys(values).length > 0 ? await sealer(place) : () => ({});
    await withStore(place, async (store) => {
      const step = await findStep(store, key);
      const isDone = step?.state === 'parked' && (await store.markDone(key, `${by} (${because})`, seal(step, values)));
      if (!isDone) throw await notParked(store, key);
    });
    if (input.has('json')) terminal.printJson({ step: key, state: 'done', by });
    else terminal.print(`The step ${key} is done. What waited for it goes on.`);
    return 0;
  },
};

/** Steps of an order by its number in front of the key; notices that belong to no order by the list of parked ones. */
async function findStep(store: Store, key: string): Promise<Step | undefined> {
  const ours = await store.findOrder(key.slice(0, key.indexOf('/')));
  return ours?.steps.find((each) => each.key === key) ?? (await store.parkedSteps(10_000)).find((each) => each.key === key);
}

function readValues(given: readonly string[]): Values {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf('=');
      if (end < 1 || end === text.length - 1) throw new UsageError('OPTION_VALUE', `--value takes NAME=TEXT, not "${text}".`);
      return [text.slice(0, end), text.slice(end + 1)];
    }),
  );
}

/** Makes the outcome to store. Throws a `UsageError` for names the action does not give out. */
async function sealer(place: Place): Promise<(step: Step, values: Values) => Record<string, unknown>> {
  const shop = await loadShop(place);
  const [{ findAction }, { sealOutcome }, ours] = await Promise.all([
    import('../fulfilment/run-action.ts'),
    import('../fulfilment/sealed-outcome.ts'),
    openSealer(place, shop),
  ]);
  return (step, values) => {
    const { output } = findAction(step, { account: (name) => accountOf(shop, name) }).action;
    const names = Object.keys(output).filter((name) => output[name]?.link !== true);
    const unknown = Object.keys(values).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new UsageError('OPTION_VALUE', `${step.action} gives out no "${unknown}".${didYouMean(unknown, names)}`);
    return sealOutcome(values, output, ours);
  };
}

function accountOf(shop: Configuration, name: string) {
  return shop.accounts.get(name);
}
