import type { Preset, Rule } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const order = '/data/attributes';
const withStatus = (status: string, is: Rule['is']): Rule => ({ is, when: { [`${order}/status`]: status } });

/**
 * Lemon Squeezy (https://docs.lemonsqueezy.com/help/webhooks/webhook-requests); places as in its JavaScript library. Without
 * subscriptions: their invoices do not name the order that began them. Anything but 200 is repeated, three times at most.
 */
export const lemonSqueezy: Preset = {
  schemes: [{ ...plainHmac, header: 'x-signature' }],
  type: '/meta/event_name',
  mode: { field: '/meta/test_mode', test: true },
  amounts: 'minor',
  fields: {
    at: `${order}/updated_at`,
    purchase: '/data/id',
    amount: `${order}/total`,
    currency: `${order}/currency`,
    metadata: '/meta/custom_data',
    references: [`${order}/identifier`, `${order}/order_number`],
    buyer: { email: `${order}/user_email`, name: `${order}/user_name` },
    lines: {
      sku: `${order}/first_order_item/variant_id`,
      title: `${order}/first_order_item/product_name`,
      quantity: `${order}/first_order_item/quantity`,
      subtotal: `${order}/subtotal`,
      discount: `${order}/discount_total`,
      tax: `${order}/tax`,
      total: `${order}/total`,
    },
  },
  events: {
    order_created: [
      withStatus('paid', 'payment.completed'),
      withStatus('pending', 'payment.pending'),
      withStatus('failed', 'payment.failed'),
    ],
    order_refunded: [{ is: 'payment.refunded', cumulative: true, fields: { amount: `${order}/refunded_amount` } }],
  },
  reply: { status: 200 },
};
