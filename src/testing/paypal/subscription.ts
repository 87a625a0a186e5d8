import type { Desk } from './api/call.ts';
import type { Json } from './books.ts';
import { disputeOf, type PaypalDispute, type PaypalDisputeTerms } from './dispute.ts';
import type { PaypalCallback } from './events.ts';
import type { PaypalBuyer } from './sale.ts';

/** Sums are decimal texts, for one piece. */
export interface PaypalSubscriptionTerms {
  price: string;
  /** @default 'EUR' */
  currency?: string;
  /** @default 1 */
  quantity?: number;
  /** @default 'MONTH' */
  unit?: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';
  /** How many units a period has. @default 1 */
  count?: number;
  /** Periods before the price holds. `price` `'0'` is a free trial. */
  trial?: { unit: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'; count: number; price?: string };
  planId?: string;
  productId?: string;
  planName?: string;
  customId?: string;
  buyer?: PaypalBuyer;
  at?: Date;
}

/** A subscription and what happens to it. Each act changes the books and gives the callback that PayPal would send. */
export interface PaypalSubscription {
  readonly id: string;
  readonly fields: Json;
  readonly planId: string;
  activated(): PaypalCallback;
  /** One payment, the first or a later one. */
  paid(about?: {
    at?: Date;
    amount?: string;
    state?: 'completed' | 'pending' | 'denied';
  }): PaypalCallback & { readonly sale: string };
  paymentFailed(about?: { at?: Date; reason?: string }): PaypalCallback;
  suspended(at?: Date): PaypalCallback;
  reactivated(at?: Date): PaypalCallback;
  cancelled(at?: Date): PaypalCallback;
  expired(at?: Date): PaypalCallback;
  /** Another quantity or price from now on. */
  changed(to: { quantity?: number; price?: string; at?: Date }): PaypalCallback;
  /** Of one payment, `amount` or all of it. */
  refunded(sale: string, amount?: string): PaypalCallback;
  reversed(sale: string): PaypalCallback;
  disputed(sale: string, terms?: PaypalDisputeTerms): PaypalDispute;
}

export function beginSubscription(terms: PaypalSubscriptionTerms, desk: Desk): PaypalSubscription {
  const { books, teller } = desk;
  const { currency = 'EUR', quantity = 1, buyer = {} } = terms;
  const plan = makePlan(terms, desk);
  const id = `I-${books.newId().slice(-12)}`;
  const started = books.time(terms.at);
  const billing: Json = { outstanding_balance: { currency_code: currency, value: '0.00' }, failed_payments_count: 0 };
  const fields = books.put('subscriptions', {
    id,
    plan_id: plan['id'],
    status: 'ACTIVE',
    status_update_time: started,
    start_time: started,
    create_time: started,
    update_time: started,
    quantity: String(quantity),
    ...(terms.customId !== undefined && { custom_id: terms.customId }),
    subscriber: {
      email_address: buyer.email ?? 'ada@example.org',
      payer_id: 'PAYER1DOUBLE',
      name: { given_name: buyer.firstName ?? 'Ada', surname: buyer.lastName ?? 'Example' },
    },
    billing_info: billing,
  });
  const tell = (type: string, at?: Date) => teller.tell(`BILLING.SUBSCRIPTION.${type}`, fields, { at, version: '2.0' });
  const become = (status: string, type: string, at?: Date) => {
    fields['status'] = status;
    fields['status_update_time'] = fields['update_time'] = books.time(at);
    return tell(type, at);
  };
  const saleOf = (sale: string): Json => {
    const found = books.find('sales', sale);
    if (!found) throw new Error(`The double knows no sale ${sale}.`);
    return found;
  };

  return {
    id,
    fields,
    planId: plan['id'] as string,
    activated: () => tell('ACTIVATED', terms.at),
    paid({ at, amount, state = 'completed' } = {}) {
      const total = amount ?? (Number(terms.price) * Number(fields['quantity'])).toFixed(2);
      const sale = makeSale(id, { total, currency, state, at, custom: terms.customId }, desk);
      if (state === 'completed')
        billing['last_payment'] = { amount: { currency_code: currency, value: total }, time: books.time(at) };
      return { ...teller.tell(`PAYMENT.SALE.${state.toUpperCase()}`, sale, { at, version: '1.0' }), sale: sale['id'] as string };
    },
    paymentFailed({ at, reason = 'PAYMENT_DENIED' } = {}) {
      billing['failed_payments_count'] = Number(billing['failed_payments_count']) + 1;
      billing['last_failed_payment'] = {
        amount: { currency_code: currency, value: terms.price },
        time: books.time(at),
        reason_code: reason,
        next_payment_retry_time: books.time(new Date((at ?? books.now()).getTime() + 5 * 86_400_000)),
      };
      return tell('PAYMENT.FAILED', at);
    },
    suspended: (at) => become('SUSPENDED', 'SUSPENDED', at),
    reactivated: (at) => become('ACTIVE', 'RE-ACTIVATED', at),
    cancelled: (at) => become('CANCELLED', 'CANCELLED', at),
    expired: (at) => become('EXPIRED', 'EXPIRED', at),
    changed({ quantity: pieces, price, at }) {
      if (pieces !== undefined) fields['quantity'] = String(pieces);
      if (price !== undefined) setPrice(plan, price, currency);
      fields['update_time'] = books.time(at);
      return tell('UPDATED', at);
    },
    refunded(sale, amount) {
      const refund = makeSaleRefund(saleOf(sale), amount, desk);
      return teller.tell('PAYMENT.SALE.REFUNDED', refund, { version: '1.0' });
    },
    reversed(sale) {
      const { currency: of, total } = saleOf(sale)['amount'] as Record<string, string>;
      const back = { id: books.newId(), sale_id: sale, state: 'completed', amount: { total: `-${total}`, currency: of } };
      return teller.tell('PAYMENT.SALE.REVERSED', back, { version: '1.0' });
    },
    disputed: (sale, dispute) => disputeOf(saleOf(sale), dispute ?? {}, desk),
  };
}

function makePlan(
  { price, currency = 'EUR', unit = 'MONTH', count = 1, trial, ...terms }: PaypalSubscriptionTerms,
  { books }: Desk,
): Json {
  const cycle = (tenure: string, sequence: number, every: { unit: string; count: number }, value: string, times: number) => ({
    tenure_type: tenure,
    sequence,
    total_cycles: times,
    frequency: { interval_unit: every.unit, interval_count: every.count },
    pricing_scheme: { fixed_price: { currency_code: currency, value } },
  });
  return books.put('plans', {
    id: terms.planId ?? books.newId('P-'),
    product_id: terms.productId ?? books.newId('PROD-'),
    name: terms.planName ?? 'Club',
    status: 'ACTIVE',
    billing_cycles: [
      ...(trial ? [cycle('TRIAL', 1, trial, trial.price ?? '0', 1)] : []),
      cycle('REGULAR', trial ? 2 : 1, { unit, count }, price, 0),
    ],
  });
}

function setPrice(plan: Json, price: string, currency: string): void {
  for (const cycle of plan['billing_cycles'] as Json[]) {
    if (cycle['tenure_type'] === 'REGULAR') cycle['pricing_scheme'] = { fixed_price: { currency_code: currency, value: price } };
  }
}

function makeSale(
  subscription: string,
  about: { total: string; currency: string; state: string; at: Date | undefined; custom: string | undefined },
  { books }: Desk,
): Json {
  const time = books.time(about.at);
  return books.put('sales', {
    id: books.newId(),
    state: about.state,
    billing_agreement_id: subscription,
    ...(about.custom !== undefined && { custom: about.custom }),
    amount: { total: about.total, currency: about.currency, details: { subtotal: about.total } },
    payment_mode: 'INSTANT_TRANSFER',
    create_time: time,
    update_time: time,
  });
}

function makeSaleRefund(sale: Json, amount: string | undefined, { books }: Desk): Json {
  const { currency, total } = sale['amount'] as Record<string, string>;
  sale['state'] = amount === undefined ? 'refunded' : 'partially_refunded';
  return books.put('saleRefunds', {
    id: books.newId(),
    sale_id: sale['id'],
    state: 'completed',
    amount: { total: `-${amount ?? total}`, currency },
    create_time: books.time(),
  });
}
