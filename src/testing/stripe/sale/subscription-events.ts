import type { EventOptions, StripeCallback } from '../events.ts';
import type { Decline } from './payments.ts';
import { need, tellOf, type SaleState } from './state.ts';
import { cancelSubscription, failRenewal, paymentsOf, renew, subscriptionOf } from './subscribe.ts';

/** What happens in the life of a subscription. All of it needs `completed()` first. */
export interface SubscriptionEvents {
  /** `customer.subscription.created`. */
  subscriptionCreated(options?: EventOptions): StripeCallback;
  /** `invoice.paid` of the first invoice: the other notice of what `completed()` tells, in either order. */
  firstInvoicePaid(options?: EventOptions): StripeCallback;
  /** `invoice.paid` of the next period, or of the invoice a failed renewal left open. */
  renewed(options?: EventOptions): StripeCallback;
  /** `invoice.payment_failed`. `final`: Stripe will not try again by itself. */
  renewalFailed(options?: EventOptions & Decline & { final?: boolean }): StripeCallback;
  /** `invoice_payment.paid` of the latest invoice; only since API 2025-03-31. */
  invoicePaymentPaid(options?: EventOptions): StripeCallback;
  /** `customer.subscription.trial_will_end`. */
  trialWillEnd(options?: EventOptions): StripeCallback;
  /** `customer.subscription.updated`: it will end with the period, or, with `false`, after all not. */
  endScheduled(scheduled?: boolean, options?: EventOptions): StripeCallback;
  /** `customer.subscription.deleted`. @default reason 'cancellation_requested' */
  subscriptionEnded(
    options?: EventOptions & { reason?: 'cancellation_requested' | 'payment_failed' | 'payment_disputed' },
  ): StripeCallback;
}

export function subscriptionEvents(state: SaleState): SubscriptionEvents {
  const subscription = (type: string, options: EventOptions, previous?: Record<string, unknown>) =>
    tellOf(state, `customer.subscription.${type}`, subscriptionOf(state), options, previous);
  const anInvoice = (index: number) => need(state.invoices.at(index), 'invoice', 'Call completed() first.');

  return {
    subscriptionCreated: (options = {}) => subscription('created', options),
    firstInvoicePaid: (options = {}) => tellOf(state, 'invoice.paid', anInvoice(0), options),
    renewed: (options = {}) => tellOf(state, 'invoice.paid', renew(state, options.at), options),
    renewalFailed(options = {}) {
      const invoice = failRenewal(state, options, options.final ?? false, options.at);
      return tellOf(state, 'invoice.payment_failed', invoice, options);
    },
    invoicePaymentPaid(options = {}) {
      const payment = need(paymentsOf(state, anInvoice(-1)).at(-1), 'invoice payment', 'The invoice cost nothing.');
      return tellOf(state, 'invoice_payment.paid', payment, options);
    },
    trialWillEnd: (options = {}) => subscription('trial_will_end', options),
    endScheduled(scheduled = true, options = {}) {
      const found = subscriptionOf(state);
      const previous = { cancel_at_period_end: found.cancel_at_period_end, cancel_at: found.cancel_at };
      found.cancel_at_period_end = scheduled;
      found.cancel_at = scheduled ? (found.items.data[0]?.current_period_end ?? null) : null;
      found.canceled_at = scheduled ? state.books.seconds(options.at) : null;
      found.cancellation_details = {
        comment: null,
        feedback: null,
        feedback_option: null,
        reason: scheduled ? 'cancellation_requested' : null,
      };
      return subscription('updated', options, previous);
    },
    subscriptionEnded(options = {}) {
      cancelSubscription(state, options.reason ?? 'cancellation_requested', options.at);
      return subscription('deleted', options);
    },
  };
}
