import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { readUntil } from './read-instant.ts';
import { decideOn, findGrant, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';

/** Staff give a grant of an order by hand, as a reason of its own beside the payments. */
export const giveBack: Command = {
  name: 'give-back',
  summary: 'Gives one grant of an order by hand, whatever became of its payment',
  details: ['Adds a reason of its own to the grant. It stands until --until, or until "decide" takes it back.'],
  operands: [{ name: 'GRANT' }],
  options: {
    until: { value: 'DAY', summary: 'The last day of access. Default: no end' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover give-back K3M9-2QXT-7BHD/1/1/course --until 2027-06-30 --because "Refund was a mistake"'],

  async run(input, terminal) {
    const id = input.operands[0] ?? '';
    const until = readUntil(input);
    const staff = { by: readStaffName(input), because: readBecause(input, 'give-back') };
    const done = await decideOn(input, id, (record, now) =>
      decided(
        record.order,
        'grant.given',
        { ...staff, grantId: findGrant(record, id).id },
        now,
        until === undefined ? {} : { until },
      ),
    );
    printDecided(`${id} is given by hand${until === undefined ? '' : ` until ${until}`}, by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};
