import { formatMoney } from '../contract/money.ts';
import type { Order } from '../contract/order.ts';
import { byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withOfflineDesk } from './offline-desk.ts';
import { readPlace } from './place.ts';
import { readMoney } from './read-money.ts';
import { describeHeld } from './retried.ts';
import { readStaffName } from './staff-name.ts';
import { oneLine } from './table.ts';
import { UsageError } from './usage-error.ts';

/** Staff say that money has come. */
export const confirm: Command = {
  name: 'confirm',
  summary: 'Says that money for an offline order has come: by bank transfer, in cash',
  details: [
    'The reference is what the bank or the cash book calls this payment. The same one twice is one payment, so a repeat changes\nnothing; a second part of the sum needs a reference of its own. Several parts that add up pay the order; while something is\nmissing, or too much has come, it is held and says why.',
    'Above the sum under "confirmAbove" a second person must confirm the same payment before it counts.',
  ],
  operands: [{ name: 'ORDER' }],
  options: {
    amount: { value: 'SUM', summary: 'What came, e.g. "49.00 EUR". Required' },
    reference: { value: 'TEXT', summary: 'What the bank or the cash book calls it. Default: by hand' },
    because: { value: 'TEXT', summary: 'A remark for the history' },
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover confirm K3M9-2QXT-7BHD --amount "49.00 EUR" --reference 2027011500017'],

  async run(input, terminal) {
    const amount = readMoney(input, 'amount');
    if (!amount) throw new UsageError('ARGUMENT_MISSING', '"confirm" needs what came: --amount "49.00 EUR"');
    const reference = oneLine(input.value('reference') ?? 'by hand').slice(0, 100);
    const because = oneLine(input.value('because') ?? 'The money has come.').slice(0, 1000);
    const by = readStaffName(input);
    const { kind, order } = await withOfflineDesk(readPlace(input), async (desk, app) => {
      const { order: found } = await findOneOrder(app.store, input.operands[0] ?? '');
      return desk.confirm(found.id, { amount, reference, because, by, at: app.now() });
    });
    if (input.has('json')) terminal.printJson({ order: order.id, result: kind, status: order.status, holds: order.holds });
    else terminal.print(describeConfirmed(kind, order, { sum: formatMoney(amount), reference, by }).join('\n'));
    return order.status === 'held' ? 1 : 0;
  },
};

export function describeConfirmed(
  kind: 'counts' | 'waiting' | 'known',
  order: Order,
  { sum, reference, by }: { readonly sum: string; readonly reference: string; readonly by: string },
): string[] {
  if (kind === 'waiting') {
    return [
      `${by} has confirmed ${sum} (${reference}) for order ${order.id}. It counts once a second person has confirmed it too:`,
      `  npx handover confirm ${order.id} --amount "${sum}" --reference "${reference}" --by "SECOND NAME"`,
    ];
  }
  const told = kind === 'known' ? `${sum} (${reference}) was confirmed before.` : `${sum} (${reference}) is confirmed.`;
  return order.status === 'held' ? [told, ...describeHeld(order)] : [`${told} Order ${order.id} is ${order.status}.`];
}
