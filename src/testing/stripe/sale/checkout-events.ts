import type { EventOptions, StripeCallback } from '../events.ts';
import { attempt, complete, expire, fail, pay, payDirectly } from './checkout.ts';
import type { Decline } from './payments.ts';
import { latestPayment, need, sessionOf, tellOf, type SaleState } from './state.ts';

/** What happens while somebody pays. */
export interface CheckoutEvents {
  /** `checkout.session.completed`: the form is finished, and paid for unless the terms' `paymentStatus` says otherwise. */
  completed(options?: EventOptions): StripeCallback;
  /** `checkout.session.completed` of a delayed method: the money is still to come. */
  completedUnpaid(options?: EventOptions): StripeCallback;
  /** `checkout.session.async_payment_succeeded`, days after `completedUnpaid`. */
  asyncSucceeded(options?: EventOptions): StripeCallback;
  /** `checkout.session.async_payment_failed`, days after `completedUnpaid`. */
  asyncFailed(options?: EventOptions & Decline): StripeCallback;
  /** `checkout.session.expired`: nobody paid. */
  expired(options?: EventOptions): StripeCallback;
  /** `payment_intent.payment_failed`: one card was refused, the buyer may try another. No session event tells of it. */
  declinedAttempt(options?: EventOptions & Decline): StripeCallback;
  /** `charge.failed`, the twin of `declinedAttempt`. */
  chargeFailed(options?: EventOptions): StripeCallback;
  /** `payment_intent.succeeded`, which fires with Checkout as well as without. */
  paymentIntentSucceeded(options?: EventOptions): StripeCallback;
  /** `charge.succeeded`. */
  chargeSucceeded(options?: EventOptions): StripeCallback;
  /** `payment_intent.processing`. */
  processing(options?: EventOptions): StripeCallback;
  /** `payment_intent.amount_capturable_updated`: reserved, not yet taken. */
  authorized(options?: EventOptions): StripeCallback;
  /** `payment_intent.canceled`. */
  canceled(options?: EventOptions): StripeCallback;
}

export function checkoutEvents(state: SaleState): CheckoutEvents {
  const session = (type: string, options: EventOptions) => tellOf(state, `checkout.session.${type}`, sessionOf(state), options);
  const intent = (type: string, options: EventOptions) =>
    tellOf(state, `payment_intent.${type}`, latestPayment(state).intent, options);
  const charge = (type: string, options: EventOptions) =>
    tellOf(state, `charge.${type}`, need(latestPayment(state).charge, 'charge', 'Nobody has tried to pay yet.'), options);
  const finish = (at?: Date) => {
    if (state.session) complete(state, plannedStatus(state), at);
    if (state.session?.payment_status !== 'no_payment_required') payDirectly(state, 'paid', at);
  };

  return {
    completed(options = {}) {
      complete(state, plannedStatus(state), options.at);
      return session('completed', options);
    },
    completedUnpaid(options = {}) {
      complete(state, 'unpaid', options.at);
      return session('completed', options);
    },
    asyncSucceeded(options = {}) {
      complete(state, 'unpaid', options.at);
      pay(state, options.at);
      return session('async_payment_succeeded', options);
    },
    asyncFailed(options = {}) {
      complete(state, 'unpaid', options.at);
      fail(state, options, options.at);
      return session('async_payment_failed', options);
    },
    expired(options = {}) {
      expire(state);
      return session('expired', options);
    },
    declinedAttempt(options = {}) {
      attempt(state, options, options.at);
      return intent('payment_failed', options);
    },
    chargeFailed: (options = {}) => charge('failed', options),
    paymentIntentSucceeded(options = {}) {
      finish(options.at);
      return intent('succeeded', options);
    },
    chargeSucceeded(options = {}) {
      finish(options.at);
      return charge('succeeded', options);
    },
    processing(options = {}) {
      if (state.session) complete(state, 'unpaid', options.at);
      else payDirectly(state, 'processing', options.at);
      return intent('processing', options);
    },
    authorized(options = {}) {
      payDirectly(state, 'authorized', options.at);
      return intent('amount_capturable_updated', options);
    },
    canceled(options = {}) {
      const payment = latestPayment(state);
      payment.intent.status = 'canceled';
      payment.intent.canceled_at = state.books.seconds(options.at);
      payment.intent.cancellation_reason = 'requested_by_customer';
      return intent('canceled', options);
    },
  };
}

function plannedStatus({ terms, cart }: SaleState): 'paid' | 'unpaid' | 'no_payment_required' {
  const isFree = cart.total === 0 || (terms.trialDays > 0 && cart.lines.every(({ price }) => price.type === 'recurring'));
  return terms.paymentStatus ?? (isFree ? 'no_payment_required' : 'paid');
}
