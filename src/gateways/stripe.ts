import { defineGateway, accepted, ignored, refused, type Verdict } from '../contract/gateway.ts';
import { headerText, hmacSha256, isEqual, isWithin, readStamp, trimSecrets } from './signature.ts';
import { openApi, type StripeApi } from './stripe/api.ts';
import { checkStripe } from './stripe/check.ts';
import { startCheckout } from './stripe/checkout.ts';
import type { Reader } from './stripe/desk.ts';
import type { Fields } from './stripe/fields.ts';
import { readFailedInvoice, readPaidInvoice } from './stripe/invoices.ts';
import { readNotice, type Notice } from './stripe/notice.ts';
import { stripeOptions, type StripeOptions } from './stripe/options.ts';
import { readPaymentIntent } from './stripe/payment-intents.ts';
import { readDispute, readRefund, readRefundedCharge } from './stripe/reversals.ts';
import { findReturn } from './stripe/return.ts';
import { readSession } from './stripe/sessions.ts';
import {
  readChangedSubscription,
  readEndedSubscription,
  readPausedSubscription,
  readResumedSubscription,
} from './stripe/subscriptions.ts';
import { sweepEvents } from './stripe/sweep.ts';

/**
 * Stripe: JSON callbacks in two families, snapshot events and thin notifications, signed alike with HMAC-SHA256 over
 * `timestamp.body` (https://docs.stripe.com/webhooks/signature). Facts are named after objects (`cs_1:completed`,
 * `re_1:succeeded`), not after events, so the several events that tell one change are one fact.
 */
export const stripe = defineGateway<StripeOptions>({
  name: 'stripe',
  summary: 'Stripe: Checkout, Payment Links, PaymentIntents, invoices and subscriptions',
  options: stripeOptions,

  verify({ headers, body }, { options: { secrets, toleranceSeconds = 300 }, now }) {
    const header = headerText(headers, 'stripe-signature');
    if (header === undefined) return refused('SIGNATURE_MISSING', 'The request has no Stripe-Signature header.');
    const signature = readSignature(header);
    if (!signature) return refused('SIGNATURE_MALFORMED', 'The Stripe-Signature header does not read t=…,v1=….');
    if (!isWithin(toleranceSeconds, signature.seconds, now())) {
      return refused(
        'SIGNATURE_STALE',
        `The signature's time stamp is more than ${toleranceSeconds} s away from this server's clock.`,
      );
    }
    if (!isSigned(signature, body, secrets)) {
      return refused(
        'SIGNATURE_MISMATCH',
        'No configured signing secret made this signature. Each endpoint has a secret of its own.',
      );
    }
    return judge(readNotice(body));
  },

  async read(callback, context) {
    const notice = readNotice(callback.body);
    const meaning = notice && meanings.get(notice.type);
    if (!meaning) return { ignored: `Stripe's ${notice?.type ?? 'callback'} changes no order` };
    const api = openApi(context, notice.account);
    const object = notice.object ?? (await meaning.fetch(api, notice.related ?? ''));
    return meaning.read(object, notice, { api, options: context.options, gateway: context.name });
  },

  findReturn,
  checkout: startCheckout,
  sweep: (since, context) => sweepEvents([...meanings.keys()], since, context),
  check: checkStripe,
});

interface Meaning {
  readonly read: Reader;
  /** Gets the object that a thin notification only names. */
  readonly fetch: (api: StripeApi, id: string) => Promise<Fields>;
}

const session: Meaning = { read: readSession, fetch: (api, id) => api.session(id) };
const paymentIntent: Meaning = { read: readPaymentIntent, fetch: (api, id) => api.paymentIntent(id) };
const refund: Meaning = { read: readRefund, fetch: (api, id) => api.refund(id) };
const dispute: Meaning = { read: readDispute, fetch: (api, id) => api.dispute(id) };
const paidInvoice: Meaning = { read: readPaidInvoice, fetch: (api, id) => api.invoice(id) };

/** What each type of event means; all others change no order. */
const meanings = new Map<string, Meaning>([
  ['checkout.session.completed', session],
  ['checkout.session.async_payment_succeeded', session],
  ['checkout.session.async_payment_failed', session],
  ['checkout.session.expired', session],
  ['payment_intent.succeeded', paymentIntent],
  ['payment_intent.processing', paymentIntent],
  ['payment_intent.amount_capturable_updated', paymentIntent],
  ['payment_intent.partially_funded', paymentIntent],
  ['payment_intent.payment_failed', paymentIntent],
  ['payment_intent.canceled', paymentIntent],
  ['refund.created', refund],
  ['refund.updated', refund],
  ['refund.failed', refund],
  ['charge.refund.updated', refund],
  ['charge.refunded', { read: readRefundedCharge, fetch: (api, id) => api.charge(id) }],
  ['charge.dispute.created', dispute],
  ['charge.dispute.updated', dispute],
  ['charge.dispute.funds_withdrawn', dispute],
  ['charge.dispute.funds_reinstated', dispute],
  ['charge.dispute.closed', dispute],
  ['invoice.paid', paidInvoice],
  ['invoice.payment_succeeded', paidInvoice],
  ['invoice.payment_failed', { read: readFailedInvoice, fetch: (api, id) => api.invoice(id) }],
  ['customer.subscription.updated', { read: readChangedSubscription, fetch: (api, id) => api.subscription(id) }],
  ['customer.subscription.paused', { read: readPausedSubscription, fetch: (api, id) => api.subscription(id) }],
  ['customer.subscription.resumed', { read: readResumedSubscription, fetch: (api, id) => api.subscription(id) }],
  ['customer.subscription.deleted', { read: readEndedSubscription, fetch: (api, id) => api.subscription(id) }],
]);

function judge(notice: Notice | undefined): Verdict {
  if (!notice) return refused('MALFORMED', 'The callback is genuine, but its body is not an event as Stripe sends them.');
  if (!meanings.has(notice.type)) return ignored(`Stripe's ${notice.type} changes no order`);
  if (!notice.object && !notice.related)
    return refused('MALFORMED', `The callback is genuine, but it does not name the object of its ${notice.type}.`);
  return accepted(notice.id);
}

interface Signature {
  /** As signed. */
  readonly stamp: string;
  readonly seconds: number;
  readonly digests: readonly Buffer[];
}

/** `t=<Unix seconds>,v1=<hex>[,v1=<hex>…]`. Other schemes, such as the `v0` of test mode, prove nothing. */
function readSignature(header: string): Signature | undefined {
  const stamps = new Set<string>();
  const digests: Buffer[] = [];
  for (const part of header.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (name === 't') stamps.add(value);
    else if (name === 'v1' && /^[0-9a-f]{64}$/.test(value)) digests.push(Buffer.from(value, 'hex'));
  }
  const [stamp] = stamps;
  const seconds = readStamp(stamp);
  if (stamp === undefined || seconds === undefined || stamps.size > 1 || digests.length === 0) return undefined;
  return { stamp, seconds, digests };
}

function isSigned({ stamp, digests }: Signature, body: Uint8Array, secrets: readonly string[]): boolean {
  return trimSecrets(secrets).some((secret) => {
    const expected = hmacSha256(secret, `${stamp}.`, body);
    return digests.some((digest) => isEqual(digest, expected));
  });
}
