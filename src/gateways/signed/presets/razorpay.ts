import type { Fields, Preset } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const payment = '/payload/payment/entity';
const order = '/payload/order/entity';
const refund: Fields = {
  reversal: '/payload/refund/entity/id',
  amount: '/payload/refund/entity/amount',
  currency: '/payload/refund/entity/currency',
};
const dispute: Fields = {
  payment: ['/payload/dispute/entity/payment_id', `${payment}/id`],
  reversal: '/payload/dispute/entity/id',
  amount: '/payload/dispute/entity/amount',
  currency: '/payload/dispute/entity/currency',
  reason: '/payload/dispute/entity/reason_code',
};
const captured = { [`${payment}/captured`]: true };

/**
 * Razorpay (https://razorpay.com/docs/webhooks/). What was bought stands only in the `notes` that the shop attached: those of
 * the order, which the shop's server made, before those of the payment. With an order `order.paid` counts and
 * `payment.captured` does not, since its payment need not have the order's notes. Without subscriptions.
 */
export const razorpay: Preset = {
  schemes: [{ ...plainHmac, header: 'x-razorpay-signature' }],
  type: '/event',
  amounts: 'minor',
  times: 'seconds',
  fields: {
    at: '/created_at',
    purchase: [`${payment}/order_id`, `${payment}/id`],
    payment: `${payment}/id`,
    receiver: '/account_id',
    amount: `${payment}/amount`,
    currency: `${payment}/currency`,
    reason: `${payment}/error_description`,
    metadata: [`${order}/notes`, `${payment}/notes`],
    buyer: { email: `${payment}/email`, phone: `${payment}/contact`, name: [`${order}/notes/name`, `${payment}/notes/name`] },
    lines: {
      sku: [`${order}/notes/sku`, `${payment}/notes/sku`],
      title: [`${order}/notes/title`, `${payment}/description`],
      quantity: [`${order}/notes/quantity`, `${payment}/notes/quantity`],
    },
  },
  events: {
    'order.paid': 'payment.completed',
    'payment.captured': [{ is: 'payment.completed', when: { [`${payment}/order_id`]: null } }],
    'payment.authorized': 'payment.pending',
    'payment.failed': 'payment.failed',
    'refund.processed': [{ is: 'payment.refunded', when: captured, fields: refund }],
    'refund.failed': [{ is: 'payment.refundFailed', when: captured, fields: refund }],
    'payment.dispute.created': [{ is: 'payment.disputed', fields: dispute }],
    'payment.dispute.won': [{ is: 'payment.disputeWon', fields: dispute }],
    'payment.dispute.lost': [{ is: 'payment.disputeLost', fields: dispute }],
  },
};
