import type { Stripe } from 'stripe';

/**
 * A type of the `stripe` package as it looks in JSON. The package turns the decimal fields of API answers into `Decimal`
 * objects; on the wire, and in callbacks, they are strings.
 */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Key in keyof T]: Wire<T[Key]> }
        : T;

export type Session = Wire<Stripe.Checkout.Session>;
export type Item = Wire<Stripe.LineItem>;
export type PaymentIntent = Wire<Stripe.PaymentIntent>;
export type AmountItem = Wire<Stripe.PaymentIntentAmountDetailsLineItem>;
export type Charge = Wire<Stripe.Charge>;
export type Refund = Wire<Stripe.Refund>;
export type Dispute = Wire<Stripe.Dispute>;
export type Customer = Wire<Stripe.Customer>;
export type Price = Wire<Stripe.Price>;
export type Product = Wire<Stripe.Product>;
export type DeletedProduct = Wire<Stripe.DeletedProduct>;
export type Plan = Wire<Stripe.Plan>;
export type Subscription = Wire<Stripe.Subscription>;
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>;
export type Invoice = Wire<Stripe.Invoice>;
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>;
export type InvoicePayment = Wire<Stripe.InvoicePayment>;

/** A JSON object whose fields are not known beforehand. */
export type Json = Record<string, unknown>;

/** The id of what a field refers to, expanded or not. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '');
}

/** What the double can look up, by Stripe's own name of the kind. */
export interface Kinds {
  'checkout.session': Session;
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  customer: Customer;
  price: Price;
  product: Product | DeletedProduct;
  subscription: Subscription;
  invoice: Invoice;
  invoice_payment: InvoicePayment;
  event: SnapshotEvent;
  'v2.core.event': ThinEvent;
}

export type Kind = keyof Kinds;

/** An event that carries the changed object as it was at that moment, in one API version. */
export interface SnapshotEvent {
  id: string;
  object: 'event';
  account?: string;
  api_version: string;
  context?: string;
  created: number;
  data: { object: Json; previous_attributes?: Json };
  livemode: boolean;
  /** How many endpoints have not taken it yet. */
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

/** An event that only says which object changed. `snapshot_event` names its twin of the other family. */
export interface ThinEvent {
  id: string;
  object: 'v2.core.event';
  context: string | null;
  created: string;
  livemode: boolean;
  reason: null;
  related_object: { id: string; type: string; url: string } | null;
  snapshot_event?: string;
  type: string;
}
