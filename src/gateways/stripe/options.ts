import type { JsonSchema } from '../../contract/schema.ts';

/** What handover.json says of a Stripe account, secrets resolved. */
export interface StripeOptions {
  readonly secrets: readonly string[];
  readonly apiKey: string;
  readonly apiBase?: string;
  readonly toleranceSeconds?: number;
  readonly skuFrom?: readonly string[];
  readonly account?: string;
  readonly checkoutMinutes?: number;
}

/** Where a line's SKU is looked for unless the configuration says otherwise, first hit wins. */
export const defaultSkuFrom: readonly string[] = [
  'line.metadata.sku',
  'price.metadata.sku',
  'price.lookup_key',
  'product.metadata.sku',
  'payment.metadata.sku',
  'price.id',
  'product.id',
];

export const defaultApiBase = 'https://api.stripe.com';

export const stripeOptions: JsonSchema = {
  type: 'object',
  required: ['secrets', 'apiKey'],
  additionalProperties: false,
  properties: {
    secrets: {
      type: 'array',
      minItems: 1,
      description:
        'Signing secrets of the webhook endpoints (whsec_…) that call this address. Each endpoint has its own; while one is being rolled, list the old and the new.',
      items: { type: 'string', secret: true, minLength: 8 },
      examples: [[{ env: 'STRIPE_WEBHOOK_SECRET' }]],
    },
    apiKey: {
      type: 'string',
      secret: true,
      minLength: 8,
      description:
        'Key for the API: callbacks do not carry the bought items, so they are asked for. A restricted key (rk_…) suffices; it needs to read Checkout Sessions, PaymentIntents, Charges and Refunds, Disputes, Invoices, Subscriptions, Prices, Products and Events, and to write Checkout Sessions where payments are begun through /checkout.',
      examples: [{ env: 'STRIPE_API_KEY' }],
    },
    apiBase: {
      type: 'string',
      setting: true,
      format: 'uri',
      default: defaultApiBase,
      description: 'Address of the API. Changed only to talk to a double in tests.',
      examples: [defaultApiBase],
    },
    toleranceSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      default: 300,
      description:
        'How far the stamp of a callback may be from our clock, before or after. Stripe stamps each attempt anew, so raise it only where the clock drifts.',
      examples: [300],
    },
    skuFrom: {
      type: 'array',
      minItems: 1,
      description:
        "Where a bought item's SKU stands, first hit wins. `payment.metadata.…` counts only when one item was bought. The ids come last, so that an item without any SKU shows up under its price id.",
      default: [...defaultSkuFrom],
      items: {
        type: 'string',
        pattern: '^((line|price|product|payment)\\.metadata\\..+|price\\.(lookup_key|nickname|id)|product\\.(name|id))$',
      },
      examples: [['price.lookup_key'], ['product.metadata.article', 'price.id']],
    },
    account: {
      type: 'string',
      pattern: '^acct_[A-Za-z0-9]+$',
      description:
        'Id of the Stripe account the secrets belong to. It counts as the receiver of payments for which Stripe names none; payments of connected accounts always name theirs.',
      examples: ['acct_1MabcDEFghiJKL'],
    },
    checkoutMinutes: {
      type: 'integer',
      minimum: 31,
      maximum: 1439,
      default: 180,
      description: 'How long a payment page that was opened through /checkout can be paid. Stripe allows half an hour to a day.',
      examples: [60],
    },
  },
};
