import type { Change, EventOptions, StripeCallback } from '../events.ts';
import {
  idOf,
  type Charge,
  type Customer,
  type Dispute,
  type Invoice,
  type Json,
  type PaymentIntent,
  type Refund,
  type Session,
  type Subscription,
} from '../wire.ts';
import { checkoutEvents, type CheckoutEvents } from './checkout-events.ts';
import { disputeOf, refundOf } from './money-back.ts';
import { moneyBackEvents, type MoneyBackEvents } from './money-back-events.ts';
import { latestPayment, need, sessionOf, tellOf, type SaleState } from './state.ts';
import { subscriptionOf } from './subscribe.ts';
import { subscriptionEvents, type SubscriptionEvents } from './subscription-events.ts';

/**
 * One sale in the double's books. Each method makes something happen, so that the API shows it from then on, and gives the
 * callback that tells it. Nothing is sent by itself: send a callback whenever, as often, and in whatever order the test
 * is about. Objects are live; they throw where the sale has no such thing yet.
 */
export interface Sale extends CheckoutEvents, MoneyBackEvents, SubscriptionEvents {
  readonly session: Session;
  /** Of the latest payment. */
  readonly paymentIntent: PaymentIntent;
  /** The latest attempt, which may be a failed one. */
  readonly charge: Charge;
  readonly charges: readonly Charge[];
  readonly customer: Customer;
  readonly refund: Refund;
  readonly refunds: readonly Refund[];
  readonly dispute: Dispute;
  readonly subscription: Subscription;
  readonly invoice: Invoice;
  readonly invoices: readonly Invoice[];
  /** Any other event, about any object: `sale.event('payment_intent.partially_funded', sale.paymentIntent)`. */
  event(type: string, object: Change['object'], options?: EventOptions & { previous?: Json }): StripeCallback;
}

export function saleOf(state: SaleState): Sale {
  return {
    ...checkoutEvents(state),
    ...moneyBackEvents(state),
    ...subscriptionEvents(state),
    event: (type, object, options = {}) => tellOf(state, type, object, options, options.previous),
    get session() {
      return sessionOf(state);
    },
    get paymentIntent() {
      return latestPayment(state).intent;
    },
    get charge() {
      return need(latestPayment(state).charge, 'charge', 'Nobody has tried to pay yet.');
    },
    get charges() {
      const ids = new Set(state.payments.map(({ intent }) => intent.id));
      return state.books.all('charge', state.terms.account).filter((charge) => ids.has(idOf(charge.payment_intent)));
    },
    get customer() {
      return need(
        state.customer,
        'customer',
        'Guests have none: sell with buyer: { customer: true } and call completed() first.',
      );
    },
    get refund() {
      return refundOf(state);
    },
    get refunds() {
      return state.refunds;
    },
    get dispute() {
      return disputeOf(state);
    },
    get subscription() {
      return subscriptionOf(state);
    },
    get invoice() {
      return need(state.invoices.at(-1), 'invoice', "Sell with mode: 'subscription' and call completed() first.");
    },
    get invoices() {
      return state.invoices;
    },
  };
}
