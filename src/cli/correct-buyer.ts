import type { OrderRecord } from '../storage/store.ts';
import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { findOrders } from './find-order.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import { readPerson } from './read-person.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

/** Staff correct who the buyer is: of one order, or of all orders under one address. */
export const correctBuyer: Command = {
  name: 'correct-buyer',
  summary: "Corrects the buyer's address, of one order or of all under an address",
  details: [
    'What was given to the wrong address is taken back there and given to the right one; mails and the order page go to it from\nnow on. With an e-mail address instead of an order number, all orders of that buyer move: two buyers become one.',
  ],
  operands: [{ name: 'ORDER-OR-E-MAIL' }],
  options: {
    email: { value: 'E-MAIL', summary: 'The right address. Required' },
    name: { value: 'TEXT', summary: 'The right name' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover correct-buyer K3M9-2QXT-7BHD --email ada@example.org --because "Mistyped at the payment"'],

  async run(input, terminal) {
    const text = input.operands[0] ?? '';
    const email = input.value('email');
    if (email === undefined) throw new UsageError('ARGUMENT_MISSING', '"correct-buyer" needs the right address: --email E-MAIL');
    const person = readPerson(email, input);
    const staff = { by: readStaffName(input), because: readBecause(input, 'correct-buyer'), person };
    const corrected = await withApp(readPlace(input), async (app) => {
      const found = await findOrders(app.store, text);
      for (const order of found) await app.reconsider(order.id, [decided(order, 'buyer.corrected', staff, app.now())]);
      const records: (OrderRecord | undefined)[] = [];
      for (const { id } of found) records.push(await app.store.findOrder(id));
      return records.flatMap((record) => (record ? [record] : []));
    });
    if (corrected.length === 0)
      throw new UsageError('ARGUMENT_UNKNOWN', `No order fits "${text}".`, 'All orders: npx handover orders');
    if (input.has('json')) terminal.printJson({ orders: corrected.map(({ order }) => order.id), email });
    else terminal.print(corrected.map(({ order }) => `Order ${order.id} belongs to ${email} now.`).join('\n'));
    return 0;
  },
};
