import type { Condition, Fields, Preset, Rule } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const isOrder = (...statuses: string[]): Record<string, Condition> => ({ '/financial_status': statuses, '/line_items': '*' });
const dispute = (is: Rule['is'], ...statuses: string[]): Rule => ({
  is,
  when: { '/order_id': '*', '/status': statuses, '/reason': '*', '/type': 'chargeback' },
  mode: 'site',
  fields: { ...ofOrder, at: ['/finalized_on', '/initiated_at'], reversal: '/id', amount: '/amount', reason: '/reason' },
});
const ofOrder: Fields = { purchase: '/order_id', payment: '/order_id' };

/**
 * Shopify (https://shopify.dev/docs/apps/build/webhooks). The topic stands in a header that nobody signs, so what a body is
 * about is told by the body: an order has a financial status, a refund has lines and transactions, a dispute a type. An inquiry
 * takes no money (https://help.shopify.com/en/manual/payments/chargebacks/chargeback-process), so only chargebacks count.
 */
export const shopify: Preset = {
  schemes: [{ ...plainHmac, header: 'x-shopify-hmac-sha256', digest: 'base64' }],
  mode: { field: '/test', test: true },
  amounts: 'decimal',
  fields: {
    at: ['/processed_at', '/created_at'],
    purchase: '/id',
    amount: '/total_price',
    shipping: '/shipping_lines/*/discounted_price',
    currency: '/currency',
    language: '/customer_locale',
    references: ['/name', '/order_number'],
    buyer: {
      email: ['/email', '/customer/email'],
      firstName: '/customer/first_name',
      lastName: '/customer/last_name',
      phone: '/phone',
    },
    lines: {
      each: '/line_items',
      sku: ['@/sku', '@/variant_id'],
      title: ['@/name', '@/title'],
      quantity: '@/quantity',
      price: '@/price',
      discount: '@/discount_allocations/*/amount',
      tax: '@/tax_lines/*/price',
    },
  },
  events: {
    '*': [
      { is: 'payment.completed', when: isOrder('paid', 'partially_refunded', 'refunded') },
      { is: 'payment.pending', when: isOrder('pending', 'authorized') },
      {
        is: 'payment.refunded',
        when: {
          '/order_id': '*',
          '/refund_line_items': '*',
          '/transactions/0/kind': 'refund',
          '/transactions/0/status': 'success',
        },
        mode: 'site',
        fields: {
          ...ofOrder,
          reversal: '/id',
          amount: '/transactions/*/amount',
          currency: '/transactions/0/currency',
          reason: '/note',
          references: [],
        },
      },
      dispute('payment.disputed', 'needs_response', 'under_review'),
      dispute('payment.disputeWon', 'won'),
      dispute('payment.disputeLost', 'lost', 'accepted', 'charge_refunded'),
    ],
  },
};
