import type { StripeApi } from './api.ts';
import { idAt, listAt, needId, namesOf, textAt, type Fields } from './fields.ts';

/**
 * Which purchase a movement of money belongs to, and what the movement is called, by whichever event it is told:
 * - bought in Checkout once: the session, paid by its payment intent (or by itself, when free);
 * - bought in Checkout as a subscription, or renewed: the subscription, paid by the invoice;
 * - any other invoice: the invoice, paid by itself;
 * - without Checkout and invoice: the payment intent, or a charge of the time before those.
 */
export interface Place {
  readonly purchase: string;
  readonly payment: string;
  readonly references: readonly string[];
  /** The session, where there is one. */
  readonly session?: Fields;
}

/** Invoices of a subscription that stand for one of its periods. A change of plan or an extra is a purchase of its own. */
const periodic = new Set(['subscription_create', 'subscription_cycle', 'subscription_threshold', 'quote_accept']);

export function placeOfSession(session: Fields): Place {
  const id = needId(session, 'id');
  const names = ['payment_intent', 'invoice', 'subscription', 'client_reference_id', 'payment_link'].map((field) =>
    idAt(session, field),
  );
  const references = namesOf(id, ...names);
  if (textAt(session, 'mode') === 'subscription') {
    return { purchase: idAt(session, 'subscription') ?? id, payment: idAt(session, 'invoice') ?? id, references, session };
  }
  return { purchase: id, payment: idAt(session, 'payment_intent') ?? id, references, session };
}

export function placeOfInvoice(invoice: Fields): Place {
  const id = needId(invoice, 'id');
  const subscription = subscriptionOf(invoice);
  const references = namesOf(id, textAt(invoice, 'number'), subscription, ...paymentIntentsOf(invoice), idAt(invoice, 'charge'));
  const isPeriod = subscription !== undefined && periodic.has(textAt(invoice, 'billing_reason') ?? '');
  return { purchase: isPeriod ? subscription : id, payment: id, references };
}

/** Before 2025-03-31 the subscription stood on the invoice itself. */
export function subscriptionOf(invoice: Fields): string | undefined {
  return idAt(invoice, 'parent', 'subscription_details', 'subscription') ?? idAt(invoice, 'subscription');
}

/** Before 2025-03-31 there was at most one, on the invoice itself; since then they are a list that may have to be asked for. */
export function paymentIntentsOf(invoice: Fields): string[] {
  const listed = listAt(invoice, 'payments').map((each) => idAt(each, 'payment', 'payment_intent'));
  return namesOf(...listed, idAt(invoice, 'payment_intent'));
}

/** Finds the purchase that a refund, a dispute or a payment intent belongs to. */
export async function findPlace(
  api: StripeApi,
  money: { readonly paymentIntent?: string | undefined; readonly charge?: string | undefined },
): Promise<Place> {
  const { charge } = money;
  const paymentIntent =
    money.paymentIntent ?? (charge === undefined ? undefined : idAt(await api.charge(charge), 'payment_intent'));
  if (paymentIntent === undefined) {
    const id = charge ?? '';
    return { purchase: id, payment: id, references: namesOf(charge) };
  }
  const references = namesOf(paymentIntent, charge);
  const [session] = await api.sessionsOfPaymentIntent(paymentIntent);
  if (session) return withNames(placeOfSession(session), references);
  const invoice = await findInvoice(api, paymentIntent);
  return invoice
    ? withNames(placeOfInvoice(invoice), references)
    : { purchase: paymentIntent, payment: paymentIntent, references };
}

export async function findInvoice(api: StripeApi, paymentIntent: string): Promise<Fields | undefined> {
  const [paid] = await api.invoicesOfPaymentIntent(paymentIntent);
  const id = idAt(paid, 'invoice');
  return id === undefined ? undefined : await api.invoice(id);
}

function withNames(place: Place, names: readonly string[]): Place {
  return { ...place, references: namesOf(...place.references, ...names) };
}
