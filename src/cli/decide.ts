import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { decideOn, findGrant, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

const decisions = ['revoke', 'suspend', 'keep'] as const;

/** Staff say what becomes of one grant. */
export const decide: Command = {
  name: 'decide',
  summary: 'Says what becomes of one grant: take it back, close it, or keep it',
  details: [
    'Answers the question of a product file that leaves a refund, a dispute or an ending to a person ("task"), and takes back a\ngrant that must not stand although it was paid for. The decision holds until a new payment, or until "give-back".',
  ],
  operands: [{ name: 'GRANT' }, { name: 'DECISION' }],
  options: { because: becauseOption, by: byOption, json: jsonOption },
  examples: ['npx handover decide K3M9-2QXT-7BHD/1/1/course keep --because "Refunded out of goodwill"'],

  async run(input, terminal) {
    const [id = '', wish = ''] = input.operands;
    const decision = decisions.find((each) => each === wish);
    if (!decision) throw new UsageError('ARGUMENT_UNKNOWN', `"${wish}" is no decision. It is one of ${decisions.join(', ')}.`);
    const staff = { by: readStaffName(input), because: readBecause(input, 'decide') };
    const done = await decideOn(input, id, (record, now) =>
      decided(record.order, 'grant.decided', { ...staff, grantId: findGrant(record, id).id, decision }, now),
    );
    printDecided(`${id}: ${decision}, decided by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};
