import type { Stripe } from 'stripe';

/** The API version the double speaks unless told otherwise: the one that `stripe` 23.1 is pinned to. */
export const currentVersion = '2026-10-28.endive';

/** Where a line carries its SKU. Shops differ, so a reader has to look in all of them; `none` is a line without one. */
export type SkuPlace =
  'line-metadata' | 'price-metadata' | 'lookup-key' | 'product-metadata' | 'price-id' | 'product-id' | 'none';

/** One line of a sale. Amounts are minor units of the sale's currency. */
export interface SaleLine {
  sku: string;
  /** `null` is possible at Stripe and trips readers that multiply. @default 1 */
  quantity?: number | null;
  /** Price of one unit, before discount. */
  unitAmount: number;
  /** @default the SKU */
  title?: string;
  /** @default 'price-metadata' */
  skuPlace?: SkuPlace;
  /** Taken off the whole line. @default 0 */
  discount?: number;
  /** Tax on the whole line; added to it, or contained in it when the sale is `taxInclusive`. @default 0 */
  tax?: number;
  /** The product was deleted after the sale: expanding it gives `{ deleted: true }` without metadata. */
  productDeleted?: boolean;
  /** Packages: the buyer's quantity is divided before it is billed, so units and billed quantity differ. */
  transformQuantity?: { divideBy: number; round: 'up' | 'down' };
  /** In a subscription: billed with the first invoice only. */
  oneTime?: boolean;
}

/** Who buys. Everything absent is null at Stripe. */
export interface SaleBuyer {
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  address?: Partial<Stripe.Address>;
  individualName?: string | null;
  businessName?: string | null;
  /** Makes a Customer object. Guests have none; subscriptions always have one. @default false, true for subscriptions */
  customer?: boolean;
}

/** What is sold, to whom, and how Stripe tells it. */
export interface SaleTerms {
  lines: readonly SaleLine[];
  /** ISO code in any case; Stripe writes it in lower case. @default 'eur' */
  currency?: string;
  /** @default Ada Example, ada@example.org. `null`: a session nobody has filled in yet. */
  buyer?: SaleBuyer | null;
  /** @default true when the double's key starts with `sk_live_` or `rk_live_`, else false */
  livemode?: boolean;
  /** The connected account that sells. Without one it is the platform itself. */
  account?: string;
  /** The session's metadata; without Checkout, the payment intent's. */
  metadata?: Record<string, string>;
  /** The payment intent's metadata, which Stripe does not copy from the session. */
  paymentIntentMetadata?: Record<string, string>;
  /** The subscription's metadata, which Stripe does not copy from the session. */
  subscriptionMetadata?: Record<string, string>;
  /** @default 'payment' */
  mode?: 'payment' | 'subscription';
  /** What `completed()` reports. @default 'paid', or 'no_payment_required' when there is nothing to pay */
  paymentStatus?: 'paid' | 'unpaid' | 'no_payment_required';
  /** The version that events are written in. @default the double's */
  apiVersion?: string;
  /** The Payment Link the session came from. `true` makes up an id. */
  paymentLink?: string | boolean;
  clientReferenceId?: string;
  /** @default false */
  taxInclusive?: boolean;
  /** `amount` is added to the total and is not a line. */
  shipping?: { amount?: number; name?: string; address?: Partial<Stripe.Address> };
  /** `false`: no Checkout Session, a bare payment intent, as custom integrations make it. @default true */
  checkout?: boolean;
  /** How often a subscription is billed. @default 'month' */
  interval?: 'day' | 'week' | 'month' | 'year';
  /** Days before a subscription costs money; its first invoice is zero. */
  trialDays?: number;
  /** When the session was made. @default now */
  at?: Date;
  successUrl?: string;
  cancelUrl?: string | null;
  locale?: string | null;
}

/** The terms with every default filled in. */
export type FullTerms = Required<
  Omit<SaleTerms, 'account' | 'paymentStatus' | 'shipping' | 'buyer' | 'paymentLink' | 'trialDays' | 'clientReferenceId'>
> &
  Pick<SaleTerms, 'paymentStatus' | 'shipping'> & {
    account: string | null;
    buyer: SaleBuyer | null;
    paymentLink: string | null;
    clientReferenceId: string | null;
    trialDays: number;
  };

/** Fills in what a test left out. */
export function fillIn(terms: SaleTerms, double: { livemode: boolean; apiVersion: string; now: () => Date }): FullTerms {
  return {
    currency: 'eur',
    livemode: double.livemode,
    metadata: {},
    paymentIntentMetadata: terms.checkout === false ? (terms.metadata ?? {}) : {},
    subscriptionMetadata: {},
    mode: 'payment',
    apiVersion: double.apiVersion,
    taxInclusive: false,
    checkout: true,
    interval: 'month',
    at: double.now(),
    successUrl: 'https://shop.example.com/thanks?session_id={CHECKOUT_SESSION_ID}',
    cancelUrl: 'https://shop.example.com/cart',
    locale: null,
    ...structuredClone(terms),
    account: terms.account ?? null,
    buyer: terms.buyer === undefined ? { email: 'ada@example.org', name: 'Ada Example' } : terms.buyer,
    paymentLink: terms.paymentLink === true ? 'plink_double' : terms.paymentLink || null,
    clientReferenceId: terms.clientReferenceId ?? null,
    trialDays: terms.trialDays ?? 0,
  };
}
