import { HandoverError } from '../contract/errors.ts';
import type { BuyerErased } from '../wiring/buyer-data.ts';
import { buyerUnknown } from './buyer-export.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { readBecause, readStaffName } from './staff-name.ts';

/** Forgets one person. */
export const buyerErase: Command = {
  name: 'buyer erase',
  summary: "Replaces a buyer's personal data by a stand-in, for good",
  details: [
    'Names, addresses, phone numbers and what the shop attached to the payment go from orders, events, steps and history, and from\ncallbacks that are kept. Sums, dates, SKUs, countries, references of the gateway and order numbers stay, for the books.',
    'It is refused while something is open: a held or disputed order, a step that is not finished. With --force, open steps that\nwould give or tell the buyer something are cancelled.',
    'What it cannot reach: accounts at other systems (they are listed), the gateway, mails that were sent, and backups.',
  ],
  operands: [{ name: 'E-MAIL' }],
  options: { because: becauseOption, by: byOption, force: { summary: 'Also while something is open' }, json: jsonOption },
  examples: ['npx handover buyer erase ada@example.org --because "Asked for it by letter"'],

  async run(input, terminal) {
    const email = input.operands[0] ?? '';
    const because = readBecause(input, 'buyer erase');
    const by = readStaffName(input);
    const { eraseBuyer } = await import('../wiring/buyer-data.ts');
    const wish = { by, because, force: input.has('force') };
    const erased = await withStore(readPlace(input), (store) => eraseBuyer(store, email, wish));
    if (erased.erased.length === 0 && erased.open.length > 0) throw stillOpen(email, erased, wish.force);
    if (erased.erased.length + erased.callbacksEmptied + erased.samplesDropped === 0) throw buyerUnknown(email);
    if (input.has('json')) terminal.printJson(erased);
    else terminal.print(describe(erased).join('\n'));
    return 0;
  },
};

function describe({ as, erased, callbacksEmptied, samplesDropped, openCallbacks }: BuyerErased): string[] {
  const grants = erased.flatMap((order) => order.grants);
  const cancelled = erased.flatMap((order) => order.cancelled);
  return [
    `In ${erased.length} ${erased.length === 1 ? 'order' : 'orders'} ${as} stands for the person now: ${erased.map(({ orderId }) => orderId).join(', ')}`,
    `${callbacksEmptied} callbacks were emptied, ${samplesDropped} samples of refused ones deleted.`,
    ...(cancelled.length > 0 ? ['Cancelled:', ...cancelled.map((key) => `  ${key}`)] : []),
    ...(openCallbacks.length > 0 ? [`Not settled, so left as they are: callbacks ${openCallbacks.join(', ')}`] : []),
    ...(grants.length > 0
      ? [
          'Still given, so what is needed to take it back was kept, and the account there must be erased there:',
          ...grants.map(({ id, action }) => `  ${action}  ${id}`),
        ]
      : []),
    'Not reached from here: the gateway, mails that were sent, and backups of the store.',
  ];
}

function stillOpen(email: string, { open }: BuyerErased, isForced: boolean): HandoverError {
  const lines = open.map(({ orderId, what }) => `  ${orderId === '' ? '' : `${orderId}: `}${what}`);
  const hint = isForced
    ? 'A step is running just now. Run it again in a minute.'
    : 'Settle it first, or add --force: what would give or tell the buyer something is cancelled then.';
  return new HandoverError(
    'BUYER_HAS_OPEN_WORK',
    [`Something of "${email}" is still open; nothing was erased.`, ...lines].join('\n'),
    {
      hint,
    },
  );
}
