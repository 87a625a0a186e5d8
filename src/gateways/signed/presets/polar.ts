import type { Condition, Preset } from '../profile.ts';
import { standardScheme } from './standard-webhooks.ts';

const first: Record<string, Condition> = { '/data/billing_reason': ['purchase', 'subscription_create', null] };
const again: Record<string, Condition> = { '/data/billing_reason': 'subscription_cycle' };

/**
 * Polar (https://polar.sh/docs/integrate/webhooks): Standard Webhooks with the secret as it stands for the key; places as in its
 * JavaScript library. A subscription is one purchase under its own name, a single purchase has the order's.
 */
export const polar: Preset = {
  schemes: [standardScheme('webhook', 'text')],
  type: '/type',
  amounts: 'minor',
  fields: {
    at: '/timestamp',
    purchase: ['/data/subscription_id', '/data/id'],
    payment: '/data/id',
    amount: '/data/total_amount',
    currency: '/data/currency',
    metadata: '/data/metadata',
    references: ['/data/checkout_id', '/data/invoice_number'],
    buyer: {
      email: '/data/customer/email',
      name: ['/data/customer/name', '/data/billing_name'],
      country: '/data/billing_address/country',
    },
    period: { from: '/data/subscription/current_period_start', until: '/data/subscription/current_period_end' },
    lines: {
      sku: ['/data/product/metadata/sku', '/data/product_id'],
      title: '/data/product/name',
      quantity: '/data/seats',
      subtotal: '/data/subtotal_amount',
      discount: '/data/discount_amount',
      tax: '/data/tax_amount',
      total: '/data/total_amount',
    },
  },
  events: {
    'order.paid': [
      { is: 'payment.completed', when: first },
      { is: 'subscription.renewed', when: again },
    ],
    'order.refunded': [
      { is: 'payment.refunded', cumulative: true, fields: { amount: '/data/refunded_amount + /data/refunded_tax_amount' } },
    ],
    'subscription.revoked': [{ is: 'subscription.ended', fields: { purchase: '/data/id', payment: '/data/id' } }],
  },
};
