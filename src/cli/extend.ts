import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { readUntil } from './read-instant.ts';
import { decideOn, findGrant, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

/** Staff let access last longer. */
export const extend: Command = {
  name: 'extend',
  summary: 'Lets the access of one grant last until a later day',
  details: [
    'The other side is told the new end where it can be. A paid period that ends later still counts. A grant without an end gets one.',
  ],
  operands: [{ name: 'GRANT' }],
  options: {
    until: { value: 'DAY', summary: 'The new last day of access. Required' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover extend K3M9-2QXT-7BHD/1/1/course --until 2027-06-30 --because "Was ill for a month"'],

  async run(input, terminal) {
    const id = input.operands[0] ?? '';
    const until = readUntil(input);
    if (until === undefined) throw new UsageError('ARGUMENT_MISSING', '"extend" needs the new end: --until DAY');
    const staff = { by: readStaffName(input), because: readBecause(input, 'extend') };
    const done = await decideOn(input, id, (record, now) =>
      decided(record.order, 'grant.extended', { ...staff, grantId: findGrant(record, id).id }, now, { until }),
    );
    printDecided(`${id} lasts until ${until}, by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};
