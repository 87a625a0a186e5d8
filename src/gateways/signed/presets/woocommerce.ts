import type { Condition, Preset } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const isOrder = (...statuses: string[]): Record<string, Condition> => ({
  '/order_key': '*',
  '/line_items': '*',
  '/status': statuses,
});

/**
 * WooCommerce (https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php): the
 * body is the order as the REST API shows it, the topic stands in a header that nobody signs. Sums are taken with their tax.
 * A refund stands in the order it belongs to; its amount is negative.
 */
export const woocommerce: Preset = {
  schemes: [{ ...plainHmac, header: 'x-wc-webhook-signature', digest: 'base64' }],
  ping: /^webhook_id=\d{1,20}$/,
  amounts: 'decimal',
  fields: {
    at: ['/date_modified_gmt', '/date_created_gmt'],
    purchase: '/id',
    amount: '/total',
    shipping: '/shipping_total + /shipping_tax',
    currency: '/currency',
    references: ['/order_key', '/number', '/transaction_id'],
    buyer: {
      email: '/billing/email',
      firstName: '/billing/first_name',
      lastName: '/billing/last_name',
      phone: '/billing/phone',
      country: '/billing/country',
    },
    lines: {
      each: '/line_items',
      sku: ['@/sku', '@/product_id'],
      title: '@/name',
      quantity: '@/quantity',
      subtotal: '@/subtotal',
      discount: '@/subtotal + @/subtotal_tax - @/total - @/total_tax',
      tax: '@/total_tax',
      total: '@/total + @/total_tax',
    },
  },
  events: {
    '*': [
      {
        is: 'payment.completed',
        when: isOrder('processing', 'completed', 'refunded'),
        fields: { at: ['/date_paid_gmt', '/date_modified_gmt'] },
      },
      { is: 'payment.pending', when: isOrder('pending', 'on-hold') },
      { is: 'payment.failed', when: isOrder('failed') },
      {
        is: 'payment.refunded',
        when: isOrder('processing', 'completed', 'refunded'),
        each: '/refunds',
        fields: { reversal: '@/id', amount: '- @/total', reason: '@/reason' },
      },
    ],
  },
};
