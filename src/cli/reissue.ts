import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { decideOn, findGrant, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';

/** Staff have a grant taken back and given anew: another key for one that leaked. */
export const reissue: Command = {
  name: 'reissue',
  summary: 'Takes one grant back and gives it anew: another key for one that leaked',
  details: [
    'The old one is taken back first, and only then the new one is given; the buyer gets it by mail and on the order page.',
  ],
  operands: [{ name: 'GRANT' }],
  options: { because: becauseOption, by: byOption, json: jsonOption },
  examples: ['npx handover reissue K3M9-2QXT-7BHD/1/1/key --because "Key was published"'],

  async run(input, terminal) {
    const id = input.operands[0] ?? '';
    const staff = { by: readStaffName(input), because: readBecause(input, 'reissue') };
    const done = await decideOn(input, id, (record, now) =>
      decided(record.order, 'grant.reissued', { ...staff, grantId: findGrant(record, id).id }, now),
    );
    printDecided(`${id} is issued anew, by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};
