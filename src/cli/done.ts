import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { findStep, notParked } from './find-step.ts';
import { withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { openOutcomeMaker, readReport } from './step-outcome.ts';

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
    note: { value: 'TEXT', summary: 'What the buyer should know, for a task' },
    carrier: { value: 'NAME', summary: 'Who carries the parcel' },
    tracking: { value: 'NUMBER', summary: "The parcel's number at the carrier" },
    value: { value: 'NAME=TEXT', repeatable: true, summary: 'What came of it' },
    by: byOption,
    json: jsonOption,
  },
  examples: [
    'npx handover done K3M9-2QXT-7BHD/1/1/book/grant/1 --because "Sent" --carrier DHL --tracking 123',
    'npx handover done K3M9-2QXT-7BHD/1/1/course/grant/1 --because "Enrolled by hand"',
  ],

  async run(input, terminal) {
    const key = input.operands[0] ?? '';
    const because = readBecause(input, 'done');
    const by = readStaffName(input);
    const values = readReport(input);
    const place = readPlace(input);
    const makeOutcome = await openOutcomeMaker(values, place);
    await withStore(place, async (store) => {
      const step = await findStep(store, key);
      const isDone = step?.state === 'parked' && (await store.markDone(key, `${by} (${because})`, makeOutcome(step)));
      if (!isDone) throw await notParked(store, key);
    });
    if (input.has('json')) terminal.printJson({ step: key, state: 'done', by });
    else terminal.print(`The step ${key} is done. What waited for it goes on.`);
    return 0;
  },
};
