import type { Fields, Preset, Rule } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const adjustment: Fields = {
  purchase: ['/data/subscription_id', '/data/transaction_id'],
  payment: '/data/transaction_id',
  reversal: '/data/id',
  amount: '/data/totals/total',
  currency: '/data/currency_code',
  reason: '/data/reason',
  at: ['/data/updated_at', '/occurred_at'],
  references: [],
};
const subscription: Fields = { purchase: '/data/id', payment: '/data/id' };
/** A chargeback and its reverse are two adjustments, so a dispute is named after the transaction. */
const chargeback: Fields = { ...adjustment, reversal: '/data/transaction_id' };
const adjusted = (is: Rule['is'], action: string, status: string, fields = adjustment): Rule => ({
  is,
  when: { '/data/action': action, '/data/status': status },
  fields,
});
const adjustments: readonly Rule[] = [
  adjusted('payment.refunded', 'refund', 'approved'),
  adjusted('payment.refundFailed', 'refund', 'reversed'),
  adjusted('payment.disputed', 'chargeback', 'approved', chargeback),
  adjusted('payment.disputeWon', 'chargeback', 'reversed', chargeback),
  adjusted('payment.disputeWon', 'chargeback_reverse', 'approved', chargeback),
];

/**
 * Paddle Billing (https://developer.paddle.com/webhooks/overview); places as in its Node library. The buyer stands there only
 * as `customer_id`, so mail address and name have to be put into the transaction's `custom_data` by the shop. A subscription
 * is one purchase under its own name, a single purchase has the transaction's.
 */
export const paddle: Preset = {
  schemes: [
    {
      ...plainHmac,
      header: 'paddle-signature',
      grammar: 'pairs',
      separator: ';',
      pair: 'h1',
      signed: '{timestamp}:{body}',
      timestamp: { pair: 'ts', unit: 'seconds' },
    },
  ],
  id: ['/event_id'],
  type: '/event_type',
  amounts: 'minor',
  fields: {
    at: '/occurred_at',
    purchase: ['/data/subscription_id', '/data/id'],
    payment: '/data/id',
    amount: '/data/details/totals/grand_total',
    currency: '/data/currency_code',
    metadata: '/data/custom_data',
    references: ['/data/invoice_number', '/data/customer_id'],
    buyer: { email: '/data/custom_data/email', name: '/data/custom_data/name' },
    period: { from: '/data/billing_period/starts_at', until: '/data/billing_period/ends_at' },
    lines: {
      each: '/data/details/line_items',
      sku: ['@/product/custom_data/sku', '@/price_id'],
      title: '@/product/name',
      quantity: '@/quantity',
      subtotal: '@/totals/subtotal',
      discount: '@/totals/discount',
      tax: '@/totals/tax',
      total: '@/totals/total',
    },
  },
  events: {
    'transaction.completed': [
      { is: 'payment.completed', when: { '/data/origin': ['web', 'api', null] } },
      { is: 'subscription.renewed', when: { '/data/origin': 'subscription_recurring' } },
    ],
    'transaction.payment_failed': [
      { is: 'payment.failed', when: { '/data/origin': ['web', 'api', null] } },
      { is: 'subscription.renewalFailed', when: { '/data/origin': 'subscription_recurring' } },
    ],
    'adjustment.created': adjustments,
    'adjustment.updated': adjustments,
    'subscription.paused': [{ is: 'subscription.paused', fields: subscription }],
    'subscription.resumed': [{ is: 'subscription.resumed', fields: subscription }],
    'subscription.canceled': [{ is: 'subscription.ended', fields: subscription }],
  },
};
