import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { tryLater } from '../../contract/errors.ts';
import { factOf, told, type Desk, type Reader } from './desk.ts';
import { fieldsAt, idAt, listAt, metadataOf, namesOf, needId, textAt, wholeAt, type Fields } from './fields.ts';
import { readPaidInvoice } from './invoices.ts';
import { amountLines } from './amount-lines.ts';
import { metadataLines } from './metadata-lines.ts';
import { moneyAt, moneyOf } from './money.ts';
import type { Notice } from './notice.ts';
import { findInvoice } from './place.ts';
import { sessionReading, type SessionOutcome } from './sessions.ts';

const outcomes = new Map<string, SessionOutcome>([
  ['payment_intent.succeeded', 'completed'],
  ['payment_intent.payment_failed', 'failed'],
  ['payment_intent.canceled', 'expired'],
]);

/** What an event of a payment intent adds to the fact it tells. */
type Known = Pick<PaymentEvent, 'id' | 'amount' | 'reason'>;

/**
 * A payment intent is the payment of a Checkout Session or of an invoice, and then the fact is told as theirs; or it stands
 * alone, and what was bought is in its metadata.
 */
export const readPaymentIntent: Reader = async (intent, notice, desk) => {
  const outcome = outcomes.get(notice.type) ?? 'pending';
  if (outcome === 'failed' && hasMovedOn(intent))
    return { ignored: 'The buyer has tried again since, and that attempt did not fail.' };
  const id = needId(intent, 'id');
  const [session] = await desk.api.sessionsOfPaymentIntent(id);
  if (session) return readOfSession(session, intent, outcome, notice, desk);
  const invoice = await findInvoice(desk.api, id);
  if (invoice) return readOfInvoice(invoice, outcome, notice, desk);
  return readAlone(intent, outcome, notice, desk);
};

/** A thin notification shows the payment intent as it is now. */
function hasMovedOn(intent: Fields): boolean {
  return ['succeeded', 'processing', 'requires_capture', 'canceled'].includes(textAt(intent, 'status') ?? '');
}

async function readOfSession(
  session: Fields,
  intent: Fields,
  outcome: SessionOutcome,
  notice: Notice,
  desk: Desk,
): Promise<Reading> {
  const isFinished = outcome === 'completed' || outcome === 'pending';
  if (isFinished && textAt(session, 'status') === 'open') {
    const message = `The payment is ahead of Checkout Session ${needId(session, 'id')}, which does not know its buyer yet.`;
    throw tryLater('STRIPE_SESSION_OPEN', message, { retryAfterMs: 3000 });
  }
  const { id, ...known } = knownOf(intent, outcome);
  return sessionReading(session, outcome, notice, desk, outcome === 'failed' ? { id, ...known } : known);
}

/** An invoice's own events tell its failures better: they count attempts. Money must not be missed, so that is told here too. */
async function readOfInvoice(invoice: Fields, outcome: SessionOutcome, notice: Notice, desk: Desk): Promise<Reading> {
  if (outcome === 'completed' && textAt(invoice, 'status') === 'paid') return readPaidInvoice(invoice, notice, desk);
  return { ignored: `Invoice ${needId(invoice, 'id')} tells this by an event of its own.` };
}

async function readAlone(intent: Fields, outcome: SessionOutcome, notice: Notice, desk: Desk): Promise<Reading> {
  const id = needId(intent, 'id');
  const whole = await desk.api.paymentIntent(id);
  const metadata = metadataOf(fieldsAt(intent, 'metadata'));
  const currency = textAt(intent, 'currency') ?? '';
  const paid = moneyOf(wholeAt(intent, 'amount') ?? 0, currency);
  const named = metadataLines(metadata, paid);
  const lines = named.length > 0 ? named : amountLines(await desk.api.paymentIntentItems(id), currency);
  if (lines.length === 0 && outcome !== 'completed') {
    return { ignored: `Nothing was paid by ${id}, and it names no SKU: it is not known to be ours.` };
  }
  const title = textAt(intent, 'description') ?? `Payment ${id}`;
  const shipping = wholeAt(whole, 'amount_details', 'shipping', 'amount');
  const event: PaymentEvent = {
    ...factOf(notice, desk),
    kind: `payment.${outcome}`,
    purchase: id,
    payment: id,
    amount: paid,
    lines: lines.length > 0 ? lines : [{ title, quantity: 1, subtotal: paid, total: paid }],
    ...told({ shipping: shipping ? moneyOf(shipping, currency) : undefined, buyer: buyerOf(whole) }),
    references: namesOf(id, idAt(whole, 'latest_charge')),
    metadata,
    ...knownOf(intent, outcome),
  };
  return { events: [event] };
}

function knownOf(intent: Fields, outcome: SessionOutcome): Known {
  const id = `${needId(intent, 'id')}:${outcome}`;
  const error = fieldsAt(intent, 'last_payment_error');
  switch (outcome) {
    case 'completed':
      return { id, ...told({ amount: moneyAt(wholeAt(intent, 'amount_received'), textAt(intent, 'currency')) }) };
    case 'failed':
      return { id: `${id}:${attemptOf(intent)}`, ...told({ reason: textAt(error, 'message') ?? textAt(error, 'code') }) };
    case 'expired':
      return { id, ...told({ reason: textAt(intent, 'cancellation_reason')?.replaceAll('_', ' ') }) };
    default:
      return { id };
  }
}

/** What tells two failed attempts apart: the charge, or where none was made, the means of payment. Before 2022-11-15 charges were a list. */
function attemptOf(intent: Fields): string {
  const error = fieldsAt(intent, 'last_payment_error');
  const charge = textAt(error, 'charge') ?? idAt(intent, 'latest_charge') ?? idAt(listAt(intent, 'charges')[0], 'id');
  return charge ?? idAt(error, 'payment_method') ?? textAt(error, 'code') ?? 'unknown';
}

function buyerOf(intent: Fields): Person | undefined {
  const billing = fieldsAt(intent, 'latest_charge', 'billing_details');
  const customer = fieldsAt(intent, 'customer');
  const buyer = told({
    email: textAt(intent, 'receipt_email') ?? textAt(billing, 'email') ?? textAt(customer, 'email'),
    name: textAt(billing, 'name') ?? textAt(customer, 'name') ?? textAt(intent, 'shipping', 'name'),
    phone: textAt(billing, 'phone') ?? textAt(customer, 'phone'),
    country: textAt(billing, 'address', 'country') ?? textAt(customer, 'address', 'country'),
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}
