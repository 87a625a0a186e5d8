import type { EventKind, PaymentEvent, Person } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { factOf, told, type Desk, type Reader } from './desk.ts';
import { fieldsAt, idAt, metadataOf, needId, textAt, timeAt, wholeAt, type Fields } from './fields.ts';
import { isTrial, linesOf, periodOf, readInvoiceLines } from './invoice-lines.ts';
import { moneyAt } from './money.ts';
import type { Notice } from './notice.ts';
import { paymentIntentsOf, placeOfInvoice, subscriptionOf } from './place.ts';
import { sessionReading } from './sessions.ts';

/**
 * A paid invoice is a renewal, or the same payment as a Checkout Session (then it is read as that session, so that both tell
 * one fact), or a purchase of its own.
 */
export const readPaidInvoice: Reader = async (invoice, notice, desk) => {
  if (subscriptionOf(invoice) !== undefined) {
    const reason = textAt(invoice, 'billing_reason');
    if (reason === 'subscription_cycle') return invoiceReading('subscription.renewed', 'paid', invoice, notice, desk);
    if (reason === 'subscription_threshold') {
      return { ignored: 'The invoice bills usage within a period that is paid for already; it changes no access.' };
    }
  }
  const session = await findSession(invoice, desk);
  if (session) return sessionReading(session, 'completed', notice, desk);
  return invoiceReading('payment.completed', 'paid', invoice, notice, desk);
};

/** One attempt failed. Stripe counts the attempts and says when it tries again. */
export const readFailedInvoice: Reader = async (invoice, notice, desk) => {
  if (textAt(invoice, 'status') === 'paid') return { ignored: 'The invoice has been paid since this attempt failed.' };
  const attempt = wholeAt(invoice, 'attempt_count') ?? 0;
  const next = timeAt(invoice, 'next_payment_attempt')?.slice(0, 10);
  const reason = `Attempt ${attempt} to collect the payment failed. ${next ? `The next one is on ${next}.` : 'There is no further automatic attempt.'}`;
  const isRenewal = subscriptionOf(invoice) !== undefined && textAt(invoice, 'billing_reason') === 'subscription_cycle';
  const kind = isRenewal ? 'subscription.renewalFailed' : 'payment.failed';
  return invoiceReading(kind, `failed:${attempt}`, invoice, notice, desk, { reason });
};

async function invoiceReading(
  kind: EventKind,
  change: string,
  invoice: Fields,
  notice: Notice,
  desk: Desk,
  known: { readonly reason?: string } = {},
): Promise<Reading> {
  const { purchase, payment, references } = placeOfInvoice(invoice);
  const currency = textAt(invoice, 'currency') ?? '';
  const metadata = metadataOf(
    fieldsAt(invoice, 'parent', 'subscription_details', 'metadata') ?? fieldsAt(invoice, 'subscription_details', 'metadata'),
    fieldsAt(invoice, 'metadata'),
  );
  const lines = await linesOf(invoice, desk.api);
  const items = await readInvoiceLines(lines, currency, metadata, desk, subscriptionOf(invoice) !== undefined);
  const shipping = wholeAt(invoice, 'shipping_cost', 'amount_total');
  const event: PaymentEvent = {
    ...factOf(notice, desk),
    kind,
    id: `${needId(invoice, 'id')}:${change}`,
    purchase,
    payment,
    ...told({
      amount: moneyAt(wholeAt(invoice, 'total') ?? wholeAt(invoice, 'amount_paid'), currency),
      lines: items,
      trial: kind === 'payment.completed' && isTrial(lines) ? true : undefined,
      shipping: shipping ? moneyAt(shipping, currency) : undefined,
      buyer: buyerOf(invoice),
      period: periodOf(lines),
    }),
    references,
    metadata,
    ...known,
  };
  return { events: [event] };
}

function buyerOf(invoice: Fields): Person | undefined {
  const buyer = told({
    email: textAt(invoice, 'customer_email'),
    name: textAt(invoice, 'customer_name'),
    phone: textAt(invoice, 'customer_phone'),
    country: textAt(invoice, 'customer_address', 'country'),
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}

/** The Checkout Session that made the invoice: by its subscription, by its payment, or for a free one by its customer. */
async function findSession(invoice: Fields, { api }: Desk): Promise<Fields | undefined> {
  const id = needId(invoice, 'id');
  const subscription = subscriptionOf(invoice);
  if (subscription !== undefined) {
    const isFirst = placeOfInvoice(invoice).purchase === subscription;
    return isFirst ? (await api.sessionsOfSubscription(subscription))[0] : undefined;
  }
  const listed = paymentIntentsOf(invoice);
  const intents = listed.length > 0 ? listed : paymentIntentsOf({ payments: await api.paymentsOfInvoice(id) });
  for (const intent of intents) {
    const [session] = await api.sessionsOfPaymentIntent(intent);
    if (session) return session;
  }
  const customer = idAt(invoice, 'customer');
  const isFree = wholeAt(invoice, 'total') === 0;
  const sessions = isFree && customer !== undefined ? await api.sessionsOfCustomer(customer) : [];
  return sessions.find((session) => idAt(session, 'invoice') === id);
}
