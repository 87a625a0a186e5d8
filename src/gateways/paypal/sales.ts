import { StepError } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { listAt, namesOf, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { factAt, type Desk, type Reader } from './desk.ts';
import { isId, linkedId, needId, timeAt, words } from './fields.ts';
import { moneyAt, moneyOf, sizeOf } from './money.ts';
import type { Notice } from './notice.ts';
import { cycleOfPayment, cyclesOf, endOf } from './plans.ts';
import { refundUnderWay } from './refunds.ts';
import { placeOfSale } from './sale-place.ts';
import { sellingOf, type Selling } from './subscription-lines.ts';
import { unlessUnknown } from './units.ts';

/** Subscriptions are paid by sales of the older API (https://developer.paypal.com/subscriptions/webhooks). */
export const readSale: Reader = async (notice, desk) => {
  const sale = await desk.api.sale(needId(notice.resource, 'id'));
  const id = needId(sale, 'id');
  const state = textAt(sale, 'state') ?? 'in an unknown state';
  const subscription = textAt(sale, 'billing_agreement_id');
  const selling = isId(subscription) ? await sellingOf(subscription, desk) : undefined;
  switch (state) {
    case 'completed':
    case 'partially_refunded':
    case 'refunded':
      return paid(sale, selling, notice, desk);
    case 'pending':
      return { events: [saleEvent(sale, selling, 'payment.pending', 'pending', notice, desk)] };
    case 'denied': {
      const isFirst = !selling || (await paymentsBefore(sale, selling, desk)) === 0;
      const kind = isFirst ? 'payment.failed' : 'subscription.renewalFailed';
      return { events: [saleEvent(sale, selling, kind, 'denied', notice, desk)] };
    }
    default:
      return { ignored: `Sale ${id} is ${state}.` };
  }
};

/**
 * The first payment of a subscription buys, unless a free trial did; the later ones renew. Each is for one period of the plan,
 * from when it was made.
 */
async function paid(sale: Fields, selling: Selling | undefined, notice: Notice, desk: Desk): Promise<Reading> {
  if (!selling) return { events: [saleEvent(sale, undefined, 'payment.completed', 'completed', notice, desk)] };
  const before = await paymentsBefore(sale, selling, desk);
  const from = timeAt(sale, 'create_time') ?? notice.at;
  const cycles = cyclesOf(selling.plan, selling.subscription);
  const cycle = cycleOfPayment(cycles, before);
  const until = cycle && endOf(cycle, from);
  const buys = before === 0 && !cycles.some(({ isFree }) => isFree);
  const kind = buys ? 'payment.completed' : 'subscription.renewed';
  const event = saleEvent(sale, selling, kind, 'completed', notice, desk);
  return { events: [until === undefined ? event : { ...event, period: { from, until } }] };
}

function saleEvent(
  sale: Fields,
  selling: Selling | undefined,
  kind: PaymentEvent['kind'],
  change: string,
  notice: Notice,
  desk: Desk,
): PaymentEvent {
  const place = placeOfSale(sale);
  const amount = moneyAt(sale, 'amount');
  const part = (name: string) => moneyOf(textAt(sale, 'amount', 'details', name), textAt(sale, 'amount', 'currency'));
  const shipping = part('shipping');
  return {
    ...factAt(timeAt(sale, 'create_time') ?? notice.at, desk),
    ...place,
    kind,
    id: `${place.payment}:${change}`,
    ...told({
      receiver: desk.context.options.merchantId,
      amount,
      lines: amount && selling?.linesFor(amount, part('tax'), shipping),
      shipping: shipping?.amount ? shipping : undefined,
      buyer: selling?.buyer,
      reason: words(textAt(sale, 'reason_code')),
      metadata: selling?.metadata,
    }),
    references: namesOf(...place.references, ...(selling?.references ?? [])),
  };
}

/** How many payments the subscription had before this one. A page of them is enough to tell the first from the rest. */
async function paymentsBefore(sale: Fields, { subscription }: Selling, { api }: Desk): Promise<number> {
  const at = timeAt(sale, 'create_time') ?? new Date().toISOString();
  const begin = timeAt(subscription, 'create_time') ?? at;
  const dayMs = 86_400_000;
  const from = new Date(Math.min(Date.parse(begin), Date.parse(at)) - dayMs).toISOString();
  const list = await api.subscriptionPayments(needId(subscription, 'id'), from, at);
  const earlier = listAt(list, 'transactions').filter((payment) => {
    const status = textAt(payment, 'status') ?? '';
    const isPaid = status === 'COMPLETED' || status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';
    return isPaid && textAt(payment, 'id') !== textAt(sale, 'id') && Date.parse(textAt(payment, 'time') ?? '') <= Date.parse(at);
  });
  return earlier.length;
}

/**
 * Money of a sale that went back: refunded by the seller, or reversed by PayPal. A reversal cannot always be asked for; then the
 * notice itself says how much, of a sale that can.
 */
export const readSaleRefund: Reader = async (notice, desk) => {
  const id = needId(notice.resource, 'id');
  const refund = await desk.api.saleRefund(id).catch(unlessUnknownOrForbidden);
  const source = refund ?? notice.resource;
  const sale = await desk.api.sale(textAt(source, 'sale_id') ?? linkedId(source, 'sale', 'sale') ?? id);
  const state = textAt(refund, 'state') ?? 'completed';
  const place = placeOfSale(sale);
  const kind = state === 'failed' || state === 'cancelled' ? 'payment.refundFailed' : 'payment.refunded';
  if (state === 'pending') throw refundUnderWay(id);
  const isReversed = notice.type.endsWith('REVERSED');
  const whole = sizeOf(moneyAt(sale, 'amount'));
  const event: PaymentEvent = {
    ...factAt(timeAt(refund, 'create_time') ?? notice.at, desk),
    ...place,
    kind,
    id: `${id}:${kind.slice('payment.'.length)}`,
    reversal: id,
    ...told({
      amount: sizeOf(moneyAt(source, 'amount')) ?? whole,
      reason: isReversed ? 'PayPal took the money back.' : (textAt(refund, 'description') ?? textAt(refund, 'reason')),
    }),
    references: namesOf(...place.references, id),
  };
  return { events: [event] };
};

function unlessUnknownOrForbidden(error: unknown): undefined {
  const isForbidden = error instanceof StepError && error.code === 'PAYPAL_FORBIDDEN';
  if (!isForbidden) unlessUnknown(error);
}
