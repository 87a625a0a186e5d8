import { accepted, defineGateway, ignored, refused, type Verdict } from '../contract/gateway.ts';
import { openApi } from './paypal/api.ts';
import { readAuthorization, readCapture, readOrder, readWithdrawnApproval } from './paypal/captures.ts';
import { checkPaypal } from './paypal/check.ts';
import { beginCheckout } from './paypal/checkout.ts';
import type { Reader } from './paypal/desk.ts';
import { readDispute } from './paypal/disputes.ts';
import { readNotice } from './paypal/notice.ts';
import { paypalOptions, type PaypalOptions } from './paypal/options.ts';
import { prove } from './paypal/prove.ts';
import { readRefund, readReversal } from './paypal/refunds.ts';
import { findReturn } from './paypal/return.ts';
import { readSale, readSaleRefund } from './paypal/sales.ts';
import { readFailedRenewal, readSubscription } from './paypal/subscriptions.ts';
import { sweep } from './paypal/sweep.ts';

/**
 * PayPal: orders, captures, refunds, disputes and subscriptions of a REST app, told by webhooks that PayPal signs with a
 * certificate (https://developer.paypal.com/api/rest/webhooks/rest/). A notice only says which object changed; the fact is read
 * from the API and named after the object (`CAP1:completed`), so the several notices of one change are one fact.
 */
export const paypal = defineGateway<PaypalOptions>({
  name: 'paypal',
  summary: 'PayPal: Checkout (orders), subscriptions, refunds and disputes of a REST app',
  options: paypalOptions,

  async verify(callback, context) {
    return (await prove(callback, context)) ?? judge(callback.body);
  },

  async read({ body }, context) {
    const notice = readNotice(body);
    const reader = notice && readers.get(notice.type);
    if (!reader) return { ignored: `PayPal's ${notice?.type ?? 'callback'} changes no order` };
    return reader(notice, { api: openApi(context), context });
  },

  checkout: beginCheckout,
  findReturn,
  sweep: (since, context) => sweep(since, context, (type) => readers.has(type)),
  check: (context) => checkPaypal(context),
});

/** What each type of event means; all others change no order (https://developer.paypal.com/api/rest/webhooks/event-names/). */
const readers = new Map<string, Reader>([
  ['CHECKOUT.ORDER.APPROVED', readOrder],
  ['CHECKOUT.ORDER.COMPLETED', readOrder],
  ['CHECKOUT.PAYMENT-APPROVAL.REVERSED', readWithdrawnApproval],
  ['PAYMENT.AUTHORIZATION.CREATED', readAuthorization],
  ['PAYMENT.AUTHORIZATION.VOIDED', readAuthorization],
  ['PAYMENT.CAPTURE.COMPLETED', readCapture],
  ['PAYMENT.CAPTURE.PENDING', readCapture],
  ['PAYMENT.CAPTURE.DENIED', readCapture],
  ['PAYMENT.CAPTURE.DECLINED', readCapture],
  ['PAYMENT.CAPTURE.REFUNDED', readRefund],
  ['PAYMENT.CAPTURE.REVERSED', readReversal],
  ['CUSTOMER.DISPUTE.CREATED', readDispute],
  ['CUSTOMER.DISPUTE.UPDATED', readDispute],
  ['CUSTOMER.DISPUTE.RESOLVED', readDispute],
  ['BILLING.SUBSCRIPTION.ACTIVATED', readSubscription],
  ['BILLING.SUBSCRIPTION.UPDATED', readSubscription],
  ['BILLING.SUBSCRIPTION.RE-ACTIVATED', readSubscription],
  ['BILLING.SUBSCRIPTION.SUSPENDED', readSubscription],
  ['BILLING.SUBSCRIPTION.CANCELLED', readSubscription],
  ['BILLING.SUBSCRIPTION.EXPIRED', readSubscription],
  ['BILLING.SUBSCRIPTION.PAYMENT.FAILED', readFailedRenewal],
  ['PAYMENT.SALE.COMPLETED', readSale],
  ['PAYMENT.SALE.PENDING', readSale],
  ['PAYMENT.SALE.DENIED', readSale],
  ['PAYMENT.SALE.REFUNDED', readSaleRefund],
  ['PAYMENT.SALE.REVERSED', readSaleRefund],
]);

function judge(body: Uint8Array): Verdict {
  const notice = readNotice(body);
  if (!notice) return refused('MALFORMED', 'The callback is genuine, but its body is not an event as PayPal sends them.');
  return readers.has(notice.type) ? accepted(notice.id) : ignored(`PayPal's ${notice.type} changes no order`);
}
