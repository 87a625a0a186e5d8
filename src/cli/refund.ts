import { formatMoney } from '../contract/money.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withOfflineDesk } from './offline-desk.ts';
import { readPlace } from './place.ts';
import { readMoney } from './read-money.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { oneLine } from './table.ts';

/** Staff have sent money back. */
export const refund: Command = {
  name: 'refund',
  summary: 'Says that money of an offline order was sent back, and takes back what it paid for',
  details: [
    "It moves no money: send it back at your bank first. What becomes of the grants is what the product's file says of refunds.\nRefunds of Stripe, PayPal and the like are made there, and their callbacks bring them here.",
    'A refund with the same --reference is one refund, however often it is given.',
  ],
  operands: [{ name: 'ORDER' }],
  options: {
    amount: { value: 'SUM', summary: 'What was sent back, e.g. "20.00 EUR". Default: all that is left' },
    reference: { value: 'TEXT', summary: 'What the bank calls it. Default: this moment' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover refund K3M9-2QXT-7BHD --amount "49.00 EUR" --because "Course cancelled"'],

  async run(input, terminal) {
    const amount = readMoney(input, 'amount');
    const because = readBecause(input, 'refund');
    const by = readStaffName(input);
    const { returned, order } = await withOfflineDesk(readPlace(input), async (desk, app) => {
      const { order: found } = await findOneOrder(app.store, input.operands[0] ?? '');
      const reference = oneLine(input.value('reference') ?? app.now().toISOString()).slice(0, 100);
      return desk.refund(found.id, { reference, by, because, at: app.now(), ...(amount && { amount }) });
    });
    if (input.has('json')) terminal.printJson({ order: order.id, status: order.status, returned: returned ?? null });
    else
      terminal.print(
        `${returned ? `${formatMoney(returned)} of order ${order.id} was sent back` : 'This refund was entered before'}; the order is ${order.status}.`,
      );
    return 0;
  },
};
