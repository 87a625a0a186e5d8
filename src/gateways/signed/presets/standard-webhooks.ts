import { kinds } from '../kinds.ts';
import type { Preset, Scheme } from '../profile.ts';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, symmetric signatures (`v1`). */
export function standardScheme(family: 'webhook' | 'svix', key: NonNullable<Scheme['key']> = 'whsec'): Scheme {
  return {
    header: `${family}-signature`,
    grammar: 'list',
    prefix: 'v1,',
    algorithm: 'sha256',
    digest: 'base64',
    key,
    signed: '{id}.{timestamp}.{body}',
    idHeader: `${family}-id`,
    timestamp: { header: `${family}-timestamp`, unit: 'seconds' },
  };
}

/**
 * The signature is the standard's, under both families of headers; so is the frame `{ type, timestamp, data }`. What `data`
 * holds the standard leaves open: these names are ours, for a shop's own programs.
 */
export const standardWebhooks: Preset = {
  schemes: [standardScheme('webhook'), standardScheme('svix')],
  type: '/type',
  fields: {
    at: '/timestamp',
    purchase: '/data/id',
    payment: '/data/payment',
    reversal: '/data/reversal',
    amount: '/data/amount',
    shipping: '/data/shipping',
    currency: '/data/currency',
    language: '/data/language',
    reason: '/data/reason',
    metadata: '/data/metadata',
    buyer: {
      email: '/data/customer/email',
      name: '/data/customer/name',
      firstName: '/data/customer/firstName',
      lastName: '/data/customer/lastName',
      phone: '/data/customer/phone',
      country: '/data/customer/country',
    },
    period: { from: '/data/period/from', until: '/data/period/until' },
    lines: {
      each: '/data/items',
      sku: '@/sku',
      title: '@/title',
      quantity: '@/quantity',
      price: '@/price',
      discount: '@/discount',
      tax: '@/tax',
      total: '@/total',
    },
  },
  events: { ...Object.fromEntries(kinds.map((kind) => [kind, kind])), 'order.paid': 'payment.completed' },
};
