import { giveUp } from '../../contract/errors.ts';
import type { EventLine, PaymentEvent, Person } from '../../contract/event.ts';
import type { GatewayContext, Reading } from '../../contract/gateway.ts';
import type { Money } from '../../contract/money.ts';
import { readDecimalMoney } from '../decimal-amount.ts';
import { listIn, textIn } from '../exact-json.ts';
import { recordAt } from '../signed/place.ts';
import { told } from '../told.ts';
import type { MollieOptions } from './options.ts';

/** Under which our checkout notes the name of the purchase. */
export const purchaseKey = 'handover_purchase';

type Context = Pick<GatewayContext<MollieOptions>, 'name'>;
type Fact = Pick<PaymentEvent, 'gateway' | 'purchase' | 'payment' | 'mode' | 'references'>;

/**
 * What a payment amounts to now, with its refunds and chargebacks: Mollie calls with the same id whenever anything changes, so
 * all of it is told each time, each fact under its own name (https://docs.mollie.com/reference/get-payment).
 */
export function readPaymentFacts(payment: object, context: Context): Reading {
  const fact = factOf(payment, context);
  const events = [...stateEvents(payment, fact), ...refundEvents(payment, fact), ...chargebackEvents(payment, fact)];
  const status = textIn(payment, '/status') ?? 'in an unknown state';
  return events.length > 0 ? { events } : { ignored: `Payment ${fact.payment} is ${status}: nothing has been decided.` };
}

function factOf(payment: object, { name }: Context): Fact {
  const id = textIn(payment, '/id');
  if (id === undefined) throw unreadable('it has no id');
  const mode = textIn(payment, '/mode');
  if (mode !== 'live' && mode !== 'test') throw unreadable(`payment ${id} is neither live nor test`);
  const names = [id, textIn(payment, '/orderId'), textIn(payment, '/subscriptionId'), textIn(payment, '/customerId')];
  return {
    gateway: name,
    purchase: textIn(payment, `/metadata/${purchaseKey}`) ?? id,
    payment: id,
    mode,
    references: names.filter((each) => each !== undefined),
  };
}

const times: Readonly<Record<string, string>> = {
  'payment.completed': '/paidAt',
  'payment.failed': '/failedAt',
  'payment.expired': '/expiredAt',
};

function stateEvents(payment: object, fact: Fact): PaymentEvent[] {
  const kind = kindOf(textIn(payment, '/status') ?? '');
  if (!kind) return [];
  const isRecurring = textIn(payment, '/sequenceType') === 'recurring';
  const isOfSubscription = isRecurring && fact.purchase !== fact.payment;
  const amount = moneyAt(payment, '/amount');
  if (!amount) throw unreadable(`payment ${fact.payment} has no amount`);
  const named = isOfSubscription ? (renewals[kind] ?? kind) : kind;
  return [
    {
      ...fact,
      kind: named,
      id: `${fact.payment}:${kind.slice('payment.'.length)}`,
      at: timeAt(payment, times[kind], '/canceledAt', '/createdAt'),
      amount,
      ...goodsOf(payment, amount),
      ...told({
        buyer: buyerOf(payment),
        receiver: textIn(payment, '/profileId'),
        language: textIn(payment, '/locale')?.replace('_', '-'),
        reason: textIn(payment, '/details/failureMessage') ?? textIn(payment, '/statusReason/message'),
        metadata: recordAt({ event: payment }, '/metadata'),
      }),
    },
  ];
}

const renewals: Readonly<Record<string, PaymentEvent['kind']>> = {
  'payment.completed': 'subscription.renewed',
  'payment.failed': 'subscription.renewalFailed',
};

function kindOf(status: string): PaymentEvent['kind'] | undefined {
  switch (status) {
    case 'paid':
      return 'payment.completed';
    case 'pending':
    case 'authorized':
      return 'payment.pending';
    case 'failed':
      return 'payment.failed';
    case 'canceled':
    case 'expired':
      return 'payment.expired';
    default:
      return undefined;
  }
}

/** Lines where the payment has any, else the one SKU of its metadata. */
function goodsOf(payment: object, amount: Money): Pick<PaymentEvent, 'lines' | 'shipping'> {
  const listed = listIn(payment, '/lines');
  if (listed.length === 0) {
    const sku = textIn(payment, '/metadata/sku');
    const quantity = quantityIn(textIn(payment, '/metadata/quantity'));
    const title = textIn(payment, '/description') ?? sku ?? 'Payment';
    return { lines: [told({ sku, title, quantity, subtotal: amount, total: amount })] };
  }
  const isShipping = (line: unknown): boolean => textIn(line, '/type') === 'shipping_fee';
  const shipping = listed.filter(isShipping).reduce<number>((sum, line) => sum + (moneyAt(line, '/totalAmount')?.amount ?? 0), 0);
  return {
    lines: listed.filter((line) => !isShipping(line)).map((line) => lineOf(line, amount.currency)),
    ...(shipping > 0 && { shipping: { ...amount, amount: shipping } }),
  };
}

/** Mollie's prices contain the tax. */
function lineOf(line: unknown, currency: string): EventLine {
  const [total, discount, tax] = ['/totalAmount', '/discountAmount', '/vatAmount'].map((place) => moneyAt(line, place));
  const sku = textIn(line, '/sku');
  if (!total) throw unreadable('a line has no total');
  return told({
    sku,
    title: textIn(line, '/description') ?? sku ?? 'Item',
    quantity: quantityIn(textIn(line, '/quantity')),
    subtotal: { amount: total.amount + (discount?.amount ?? 0), currency },
    discount: discount && discount.amount > 0 ? discount : undefined,
    tax: tax && tax.amount > 0 ? tax : undefined,
    total,
  });
}

function refundEvents(payment: object, fact: Fact): PaymentEvent[] {
  return listIn(payment, '/_embedded/refunds').flatMap((refund): PaymentEvent[] => {
    const status = textIn(refund, '/status');
    const isBack = status === 'refunded';
    if (!isBack && status !== 'failed') return [];
    const kind = isBack ? 'payment.refunded' : 'payment.refundFailed';
    return [reversalOf(kind, isBack ? 'refunded' : 'failed', refund, fact, textIn(refund, '/description'))];
  });
}

/** Money is gone until the chargeback is reversed. */
function chargebackEvents(payment: object, fact: Fact): PaymentEvent[] {
  return listIn(payment, '/_embedded/chargebacks').flatMap((chargeback) => {
    const reason = textIn(chargeback, '/reason/description');
    const opened = reversalOf('payment.disputed', 'disputed', chargeback, fact, reason);
    const reversedAt = textIn(chargeback, '/reversedAt');
    if (reversedAt === undefined) return [opened];
    const won = reversalOf('payment.disputeWon', 'won', chargeback, fact, undefined);
    return [opened, { ...won, at: timeAt(chargeback, '/reversedAt') }];
  });
}

function reversalOf(
  kind: PaymentEvent['kind'],
  change: string,
  reversal: unknown,
  fact: Fact,
  reason: string | undefined,
): PaymentEvent {
  const id = textIn(reversal, '/id');
  const amount = moneyAt(reversal, '/amount');
  if (id === undefined || !amount) throw unreadable(`a refund or chargeback of payment ${fact.payment} has no id or no amount`);
  return {
    ...fact,
    kind,
    id: `${id}:${change}`,
    at: timeAt(reversal, '/createdAt'),
    reversal: id,
    amount,
    references: [id, ...(fact.references ?? [])],
    ...told({ reason }),
  };
}

function buyerOf(payment: object): Person | undefined {
  const at = (field: string) => textIn(payment, `/billingAddress/${field}`);
  const meta = (field: string) => textIn(payment, `/metadata/${field}`);
  const buyer = told({
    email: at('email') ?? meta('email'),
    firstName: at('givenName'),
    lastName: at('familyName'),
    name: meta('name') ?? textIn(payment, '/details/consumerName'),
    phone: at('phone'),
    country: at('country'),
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}

function moneyAt(value: unknown, place: string): Money | undefined {
  return readDecimalMoney(textIn(value, `${place}/value`), textIn(value, `${place}/currency`));
}

function quantityIn(text = '1'): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw unreadable(`the quantity "${text.slice(0, 20)}" is no whole number`);
}

function timeAt(value: unknown, ...places: (string | undefined)[]): string {
  for (const place of places) {
    const ms = place === undefined ? NaN : Date.parse(textIn(value, place) ?? '');
    if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  }
  throw unreadable('it has no time');
}

function unreadable(what: string): Error {
  return giveUp('MOLLIE_PAYMENT_UNREADABLE', `What Mollie tells of a payment cannot be read: ${what}.`, {
    hint: 'Look the payment up in the Mollie dashboard; if it is whole there, report it to the makers of handover.',
  });
}
