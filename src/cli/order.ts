import type { OrderRecord, HistoryEntry } from '../storage/store.ts';
import { HandoverError } from '../contract/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { describeOrder } from './describe-order.ts';
import { findOrders } from './find-order.ts';
import { withStore } from './open-shop.ts';
import { describeOrders, orderForMachines, withParkedSteps, type ListedOrder } from './orders.ts';
import { readPlace } from './place.ts';

/** One order, with its whole history in words. */
export const order: Command = {
  name: 'order',
  summary: 'Tells everything about one order: what was paid, given and mailed, and why',
  details: [
    "ORDER is an order number (with or without dashes, in either case), a reference of the gateway, or the buyer's e-mail\naddress. When several orders fit, they are listed.",
  ],
  operands: [{ name: 'ORDER' }],
  options: { json: jsonOption },
  examples: ['npx handover order K3M9-2QXT-7BHD', 'npx handover order ada@example.org'],

  async run(input, terminal) {
    const text = input.operands[0] ?? '';
    const found = await withStore(readPlace(input), async (store): Promise<Found> => {
      const [first, ...others] = await findOrders(store, text);
      if (first && others.length > 0) return { several: await withParkedSteps(store, [first, ...others]) };
      const record = first && (await store.findOrder(first.id));
      return record ? { record, history: await store.history(record.order.id) } : { nothing: true };
    });
    if ('several' in found) {
      if (input.has('json')) terminal.printJson(found.several.map(orderForMachines));
      else terminal.print(describeOrders(found.several).join('\n'));
    } else if ('record' in found) {
      if (input.has('json')) terminal.printJson(forMachines(found.record, found.history));
      else terminal.print(describeOrder(found.record, found.history).join('\n'));
    } else {
      throw new HandoverError('ORDER_UNKNOWN', `No order fits "${text}".`, { hint: 'All orders: npx handover orders' });
    }
    return 0;
  },
};

type Found =
  | { readonly several: readonly ListedOrder[] }
  | { readonly record: OrderRecord; readonly history: readonly HistoryEntry[] }
  | { readonly nothing: true };

/** Without what attempts remembered: it is sealed and tells nobody anything. */
function forMachines({ order: found, grants, steps }: OrderRecord, history: readonly HistoryEntry[]) {
  return { order: found, grants, steps: steps.map(({ memo, ...step }) => ({ ...step, hasMemo: memo !== undefined })), history };
}
