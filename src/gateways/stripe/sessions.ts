import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import type { Reading } from '../../contract/gateway.ts';
import { factOf, told, type Desk, type Reader } from './desk.ts';
import { fieldsAt, idAt, metadataOf, namesOf, needId, textAt, wholeAt, type Fields } from './fields.ts';
import { isTrial, linesOf, periodOf } from './invoice-lines.ts';
import { moneyAt } from './money.ts';
import { cartMark, cartSku } from './checkout.ts';
import type { Notice } from './notice.ts';
import { defaultSkuFrom } from './options.ts';
import { paymentIntentsOf, placeOfSession } from './place.ts';
import { sessionLines } from './session-lines.ts';

/** What became of a session. */
export type SessionOutcome = 'completed' | 'pending' | 'failed' | 'expired';

/** Events about a Checkout Session; those of its payment intent come here too. */
export const readSession: Reader = async (session, notice, desk) => {
  switch (notice.type) {
    case 'checkout.session.async_payment_succeeded':
      return sessionReading(session, 'completed', notice, desk);
    case 'checkout.session.async_payment_failed':
      return sessionReading(session, 'failed', notice, desk, told({ reason: await whyFailed(session, desk) }));
    case 'checkout.session.expired':
      return sessionReading(session, 'expired', notice, desk);
    default:
      return sessionReading(session, isPaid(session) ? 'completed' : 'pending', notice, desk);
  }
};

/** A finished form is not money: `unpaid` means that the bank has not decided. */
function isPaid(session: Fields): boolean {
  const status = textAt(session, 'payment_status');
  return status === 'paid' || status === 'no_payment_required';
}

/**
 * The fact that a session came to this. It is named after the session, or after the invoice that a subscription begins
 * with, so whichever events tell it, and in whichever family, it is one fact.
 */
export async function sessionReading(
  session: Fields,
  outcome: SessionOutcome,
  notice: Notice,
  desk: Desk,
  known: { readonly id?: string; readonly amount?: Money; readonly reason?: string } = {},
): Promise<Reading> {
  if (textAt(session, 'mode') === 'setup')
    return { ignored: 'The Checkout Session only saved a payment method; nothing was bought.' };
  const id = needId(session, 'id');
  const { purchase, payment, references } = placeOfSession(session);
  const currency = textAt(session, 'currency') ?? '';
  const metadata = metadataOf(fieldsAt(session, 'metadata'));
  const items = await desk.api.sessionItems(id);
  const shipping = wholeAt(session, 'shipping_cost', 'amount_total') ?? wholeAt(session, 'total_details', 'amount_shipping');
  const first = outcome === 'completed' ? await firstInvoice(session, desk) : undefined;
  const name = first ? `${payment}:paid` : `${id}:${outcome}`;
  const lines = sessionLines(items, skuFromOf(metadata, desk), currency, metadata, textAt(session, 'mode') === 'subscription');
  const event = {
    ...factOf(notice, desk),
    kind: `payment.${outcome}`,
    id: name,
    purchase,
    payment,
    ...told({
      amount: first?.trial ? first.amount : moneyAt(wholeAt(session, 'amount_total'), currency),
      lines,
      trial: first?.trial,
      shipping: shipping ? moneyAt(shipping, currency) : undefined,
      buyer: buyerOf(session),
      language: languageOf(session),
      period: first?.period,
    }),
    references: namesOf(...references, ...(first?.references ?? [])),
    metadata,
    ...known,
  } satisfies PaymentEvent;
  return { events: [event] };
}

/** A cart of ours carries its SKUs in one place, whatever the account's own products do. */
function skuFromOf(metadata: Readonly<Record<string, string>>, { options }: Desk): readonly string[] {
  return metadata[cartMark] === undefined ? (options.skuFrom ?? defaultSkuFrom) : [cartSku];
}

/** A subscription's first invoice knows the period paid for, and the payment intent that refunds will name. */
async function firstInvoice(
  session: Fields,
  { api }: Desk,
): Promise<Pick<PaymentEvent, 'period' | 'references' | 'trial' | 'amount'> | undefined> {
  const id = textAt(session, 'mode') === 'subscription' ? idAt(session, 'invoice') : undefined;
  if (id === undefined) return undefined;
  const invoice = await api.invoice(id);
  const lines = await linesOf(invoice, api);
  return told({
    amount: moneyAt(wholeAt(invoice, 'total'), textAt(invoice, 'currency') ?? ''),
    period: periodOf(lines),
    references: paymentIntentsOf(invoice),
    trial: isTrial(lines) ? true : undefined,
  });
}

function buyerOf(session: Fields): Person | undefined {
  const details = fieldsAt(session, 'customer_details');
  const buyer = told({
    email: textAt(details, 'email') ?? textAt(session, 'customer_email'),
    name: textAt(details, 'individual_name') ?? textAt(details, 'name') ?? textAt(details, 'business_name'),
    phone: textAt(details, 'phone'),
    country: textAt(details, 'address', 'country'),
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}

/** `auto` says only that the page followed the browser, not which language it found. */
function languageOf(session: Fields): string | undefined {
  const locale = textAt(session, 'locale');
  return locale === 'auto' ? undefined : locale;
}

async function whyFailed(session: Fields, { api }: Desk): Promise<string | undefined> {
  const id = idAt(session, 'payment_intent');
  return id === undefined ? undefined : textAt(await api.paymentIntent(id), 'last_payment_error', 'message');
}
