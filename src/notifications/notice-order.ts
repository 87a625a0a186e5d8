import type { Step } from '../contract/plan.ts';
import type { OutcomeName, SiteTexts } from '../presentation/config-shapes.ts';
import type { OrderView } from '../presentation/order-view.ts';
import { listInWords, showTime } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { Fact } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import type { Notice, NoticeOrder } from './notice-letter.ts';
import { tried, word } from './notice-shop.ts';

/** Told of every sale, when its mail goes out or the owner's patience ends. */
export function letterForSale({ view, record }: NoticeOrder): Notice {
  const open = view.items.filter(({ state }) => state === 'late' || state === 'parked').map(({ title }) => title);
  const state =
    open.length === 0
      ? 'Everything was delivered. There is nothing to do.'
      : `Still on its way: ${listInWords(open)}. It is being tried; you hear from us if it needs you.`;
  return {
    subject: `Sold: ${titles(view)}${view.total ? ` for ${view.total.text}` : ''}`,
    text: `${nameOf(view)} bought ${titles(view)}, and the payment has arrived.\n\n${state}`,
    steps: [],
    facts: facts({ view, record }),
  };
}

/** To whom an outcome's `tell` names. */
export function letterForOutcome({ view, record }: NoticeOrder, { outcome }: MailInput): Notice {
  const what = outcomeWords[outcome];
  const reason = view.reason === '' ? '' : `\n\nThe gateway says: ${view.reason}`;
  return {
    subject: `Order ${view.number} ${what}: ${titles(view)}`,
    text: `The order of ${nameOf(view)} for ${titles(view)} ${what}.${reason}`,
    steps: [],
    facts: facts({ view, record }),
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
      `${nameOf(view)} paid for ${titles(view)}, but something does not add up. Nothing was handed out, and the buyer was told that a person has a look.`,
      ...holds.map(({ message, code }) => `${message} (${code})`),
    ].join('\n\n'),
    steps: [
      `If all is in order, release it: ${commands.releaseOrder(view.number)}`,
      'If it is not, give the money back at the gateway. Nothing else needs to be done.',
      'If many orders are held for the same reason, the product file and the price at the gateway do not agree.',
    ],
    facts: facts({ view, record }),
  };
}

/** `about`: `{ sku, title }`. */
export function letterForUnknownSku({ view, record }: NoticeOrder, { about }: MailInput): Notice {
  const sku = word(about['sku']);
  const name = sku === '' ? 'an item without a SKU' : `SKU ${sku}`;
  return {
    subject: `Needs you: no product file for ${name}`,
    text: `${nameOf(view)} paid for "${word(about['title']) || sku}", but no file in products/ has ${name}. The rest of the order is delivered; this item waits.`,
    steps:
      sku === ''
        ? ['Give the price at the gateway a SKU, and deliver this one by hand.']
        : [
            `Add a file to products/ with "sku": "${sku}". Delivery goes on by itself within seconds of your saving it.`,
            `If another system delivers it, add "${sku}" to "ignoreSkus" of gateway "${record.order.gateway}" in handover.json.`,
          ],
    facts: facts({ view, record }),
  };
}

/** `about`: `{ step: its key }`, or else `{ action, attempts, code, message, hint }`. */
export function letterForParkedStep({ view, record }: NoticeOrder, { about, lines }: MailInput, { site }: SiteTexts): Notice {
  const key = word(about['step']);
  const step = record.steps.find((each) => each.key === key);
  const line = step?.line ?? lines[0];
  const item = view.items.find((each) => each.line === line);
  const what = `${verbs[step?.verb ?? 'grant']} ${item?.title ?? titles(view)}`;
  const hint = step?.error?.hint ?? word(about['hint']);
  const message = step?.error?.message ?? word(about['message']);
  return {
    subject: `Needs you: ${what} for order ${view.number}`,
    text: [
      `${nameOf(view)} paid, and we could not ${what}. The buyer's page says that we are looking after it.`,
      `What went wrong: ${message || 'no reason was recorded.'}`,
      tried(step?.attempts ?? about['attempts']),
    ].join('\n\n'),
    steps: [hint, key === '' ? '' : `Then put it back on the schedule: ${commands.retryStep(key)}`].filter(Boolean),
    facts: [
      ...facts({ view, record }),
      { label: 'Action', value: step?.action ?? word(about['action']) },
      { label: 'Code', value: step?.error?.code ?? word(about['code']) },
      { label: 'Last attempt', value: step ? showTime(new Date(step.updatedAt).toISOString(), site) : '' },
    ],
  };
}

const verbs: Readonly<Record<Step['verb'], string>> = {
  grant: 'deliver',
  revoke: 'take back',
  suspend: 'pause',
  resume: 'open again',
  renew: 'renew',
  mail: 'send the mail about',
  notice: 'send a notice about',
};

function titles({ items }: OrderView): string {
  return listInWords(items.map(({ title, quantity }) => (quantity > 1 ? `${title} × ${quantity}` : title)));
}

function nameOf({ buyer }: OrderView): string {
  return buyer.name || buyer.email || 'Somebody';
}

function facts({ view, record: { order } }: NoticeOrder): Fact[] {
  return [
    { label: 'Order', value: view.number },
    { label: 'Buyer', value: [view.buyer.name, view.buyer.email].filter(Boolean).join(', ') },
    ...view.items.map(({ title, sku, quantity, total }) => ({
      label: sku || title,
      value: `${title}${quantity > 1 ? ` × ${quantity}` : ''}, ${total.text}`,
    })),
    { label: 'Total', value: view.total?.text ?? '' },
    { label: 'Returned', value: view.refunded?.text ?? '' },
    { label: 'Paid by', value: [order.gateway, order.payments[0]?.reference].filter(Boolean).join(' ') },
    { label: 'More', value: commands.showOrder(view.number) },
  ];
}
