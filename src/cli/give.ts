import { HandoverError } from '../contract/errors.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import { didYouMean } from '../config/problems.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import { describeHeld } from './retried.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { oneLine } from './table.ts';
import { UsageError } from './usage-error.ts';

/** A product without a payment: a gift, a seat for the press, an apology. */
export const give: Command = {
  name: 'give',
  summary: 'Gives somebody a product without a payment',
  details: [
    'It becomes an order like any other, with page, mail and history, at no cost. The same product to the same person for the\nsame reason is one gift, however often it is given. To take it back: npx handover decide, or retry what is parked.',
  ],
  operands: [{ name: 'SKU' }],
  options: {
    to: { value: 'E-MAIL', summary: 'Who gets it. Required' },
    name: { value: 'NAME', summary: "That person's name" },
    quantity: { value: 'NUMBER', summary: 'How many. Default: 1' },
    language: { value: 'CODE', summary: 'Language of the mail, e.g. de' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover give TS-101 --to ada@example.org --name "Ada Byron" --because "Won the quiz"'],

  async run(input, terminal) {
    const email = (input.value('to') ?? '').trim();
    if (!isEmailAddress(email)) throw new UsageError('OPTION_VALUE', `--to needs one e-mail address, not "${email}".`);
    const quantity = Number(input.value('quantity') ?? 1);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1000)
      throw new UsageError('OPTION_VALUE', '--quantity takes a whole number from 1 to 1000.');
    const because = readBecause(input, 'give');
    const by = readStaffName(input);
    const name = oneLine(input.value('name') ?? '').slice(0, 200);
    const language = input.value('language');
    const sku = input.operands[0] ?? '';
    const { giftEvent } = await import('../gateways/index.ts');
    const { order, isNew } = await withApp(readPlace(input), async (app) => {
      const offer = await app.edition().offer(sku, quantity);
      if (!offer) throw unknownSku(sku, [...app.configuration().products.keys()]);
      const to = { email, ...(name !== '' && { name }) };
      const { mode } = app.configuration().site;
      const event = giftEvent({
        offer,
        quantity,
        to,
        because,
        by,
        mode,
        at: app.now(),
        ...(language !== undefined && { language }),
      });
      const before = await app.store.findPurchase(event.gateway, event.purchase);
      if (!before) await app.record([event]);
      const after = before ?? (await app.store.findPurchase(event.gateway, event.purchase));
      if (!after) throw new HandoverError('ORDER_UNKNOWN', 'The gift is not in the store.');
      return { order: after.order, isNew: !before };
    });
    if (input.has('json')) terminal.printJson({ order: order.id, status: order.status, changed: isNew, holds: order.holds });
    else if (order.status === 'held') terminal.print(describeHeld(order).join('\n'));
    else
      terminal.print(
        isNew
          ? `Order ${order.id}: ${email} is given ${sku}.`
          : `${email} was given ${sku} for this reason before: order ${order.id}.`,
      );
    return order.status === 'held' ? 1 : 0;
  },
};

function unknownSku(sku: string, skus: readonly string[]): HandoverError {
  return new HandoverError('SKU_UNKNOWN', `There is no product "${sku}".${didYouMean(sku, skus)}`, {
    hint: 'Products are the files in products/ of the shop. See: npx handover check',
  });
}
