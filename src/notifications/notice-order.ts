import type { OutcomeName } from '../presentation/config-shapes.ts';
import type { ItemState } from '../presentation/item-state.ts';
import { listInWords } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { MailInput } from './mail-input.ts';
import { factsOf, nameOf, titlesOf, word, type Notice, type NoticeOrder } from './notice.ts';

/** Told of every sale, when its mail goes out or the owner's patience ends. */
export function letterForSale({ view, record }: NoticeOrder): Notice {
  const inState = (wanted: ItemState): string[] => view.items.filter(({ state }) => state === wanted).map(({ title }) => title);
  const [late, parked] = [inState('late'), inState('parked')];
  const state = [
    late.length > 0 ? `Still on its way: ${listInWords(late)}. It is being tried, and you hear from us if it needs you.` : '',
    parked.length > 0 ? `Needs you: ${listInWords(parked)}. A mail of its own says what to do.` : '',
  ].filter(Boolean);
  if (state.length === 0) state.push('Everything was delivered. There is nothing to do.');
  return {
    subject: `Sold: ${titlesOf(view)}${view.total ? ` for ${view.total.text}` : ''}`,
    text: `${nameOf(view)} bought ${titlesOf(view)}, and the payment has arrived.\n\n${state.join('\n\n')}`,
    steps: [],
    facts: factsOf({ view, record }),
  };
}

/** To whom an outcome's `tell` names. */
export function letterForOutcome({ view, record }: NoticeOrder, { outcome }: MailInput): Notice {
  const what = outcomeWords[outcome];
  const reason = view.reason === '' ? '' : `\n\nThe gateway says: ${view.reason}`;
  return {
    subject: `Order ${view.number} ${what}: ${titlesOf(view)}`,
    text: `The order of ${nameOf(view)} for ${titlesOf(view)} ${what}.${reason}`,
    steps: [],
    facts: factsOf({ view, record }),
  };
}

const outcomeWords: Readonly<Record<OutcomeName, string>> = {
  pending: 'waits for the bank',
  paid: 'was paid',
  partly: 'was paid and is being delivered',
  declined: 'was declined',
  expired: 'was not paid in time',
  abandoned: 'was abandoned',
  refunded: 'was refunded',
  partlyRefunded: 'was partly refunded',
  disputed: 'is disputed at the bank',
  disputeWon: 'is no longer disputed',
  renewed: 'was renewed',
  renewalFailed: 'could not be renewed',
  ended: 'has ended',
  held: 'is held',
};

export function letterForHeldOrder({ view, record }: NoticeOrder): Notice {
  const { holds } = record.order;
  return {
    subject: `Needs you: order ${view.number} is held`,
    text: [
      `${nameOf(view)} paid for ${titlesOf(view)}, but something does not add up. Nothing was handed out, and the buyer was told that a person has a look.`,
      ...holds.map(({ message, code }) => `${message} (${code})`),
    ].join('\n\n'),
    steps: [
      `If all is in order, release it: ${commands.releaseOrder(view.number)}`,
      'If it is not, give the money back at the gateway. Nothing else needs to be done.',
      'If many orders are held for the same reason, the product file and the price at the gateway do not agree.',
    ],
    facts: factsOf({ view, record }),
  };
}

/** `about`: `{ sku, title }`. */
export function letterForUnknownSku({ view, record }: NoticeOrder, { about }: MailInput): Notice {
  const sku = word(about['sku']);
  const name = sku === '' ? 'an item without a SKU' : `SKU ${sku}`;
  return {
    subject: `Needs you: no product file for ${name}`,
    text: `${nameOf(view)} paid for "${word(about['title']) || sku}", but no file in products/ has ${name}. It waits; what else was bought with it is delivered.`,
    steps:
      sku === ''
        ? ['Give the price at the gateway a SKU, and deliver this one by hand.']
        : [
            `Add a file to products/ with "sku": "${sku}". Delivery goes on by itself within seconds of your saving it.`,
            `If another system delivers it, add "${sku}" to "ignoreSkus" of gateway "${record.order.gateway}" in handover.json.`,
          ],
    facts: factsOf({ view, record }),
  };
}
