/** A double of Stripe for tests and for trying a shop out: start with `startStripe`. */
export { startStripe, type Delivery, type StripeDouble, type StripeOptions } from './start-stripe.ts';
export { stripeFault } from './faults.ts';
export { currentVersion as stripeVersion, type SaleBuyer, type SaleLine, type SaleTerms, type SkuPlace } from './terms.ts';
export type { Sale } from './sale/sale.ts';
export type { CheckoutEvents } from './sale/checkout-events.ts';
export type { MoneyBackEvents } from './sale/money-back-events.ts';
export type { SubscriptionEvents } from './sale/subscription-events.ts';
export type { DisputeTerms, RefundTerms } from './sale/money-back.ts';
export type { Decline } from './sale/payments.ts';
export type { EventOptions, StripeCallback } from './events.ts';
export { signedHeaders, type SignOptions } from './sign.ts';
export type { Books, RecordedRequest } from './books.ts';
export type { SnapshotEvent, ThinEvent } from './wire.ts';
