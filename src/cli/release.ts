import { HandoverError } from '../contract/errors.ts';
import type { Order } from '../contract/order.ts';
import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import { describeHeld } from './retried.ts';
import { readBecause, readStaffName } from './staff-name.ts';

/** Staff accept a held order as it is. */
export const release: Command = {
  name: 'release',
  summary: 'Accepts a held order as it is, and gives what was bought',
  details: [
    'Accepts exactly what the order is held for now. If something else turns out not to add up later, it is held again. Who did\nit and why stays in the history. To correct the files instead, do so and use "retry".',
  ],
  operands: [{ name: 'ORDER' }],
  options: { because: becauseOption, by: byOption, json: jsonOption },
  examples: ['npx handover release K3M9-2QXT-7BHD --because "Discount agreed by phone"'],

  async run(input, terminal) {
    const text = input.operands[0] ?? '';
    const because = readBecause(input, 'release');
    const by = readStaffName(input);
    const { before, after, planned } = await withApp(readPlace(input), async (app) => {
      const { order, steps } = await findOneOrder(app.store, text);
      if (order.status !== 'held') throw notHeld(order);
      await app.reconsider(order.id, [
        decided(order, 'order.released', { by, because, codes: order.holds.map(({ code }) => code) }, app.now()),
      ]);
      const record = await app.store.findOrder(order.id);
      return { before: order, after: record?.order ?? order, planned: (record?.steps.length ?? 0) - steps.length };
    });
    const codes = before.holds.map(({ code }) => code);
    if (input.has('json'))
      terminal.printJson({ order: after.id, released: codes, status: after.status, holds: after.holds, plannedSteps: planned });
    else if (after.status === 'held') terminal.print(describeHeld(after).join('\n'));
    else
      terminal.print(
        `Order ${after.id} is ${after.status} now; ${by} accepted ${codes.join(', ')}. ${planned} ${planned === 1 ? 'step was' : 'steps were'} planned.`,
      );
    return after.status === 'held' ? 1 : 0;
  },
};

function notHeld({ id, status }: Order): HandoverError {
  return new HandoverError('ORDER_NOT_HELD', `Order ${id} is ${status}, not held.`, { hint: `See: npx handover order ${id}` });
}
