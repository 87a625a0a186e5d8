import type { Fields, Preset, Rule } from '../profile.ts';
import { plainHmac } from './hmac.ts';

const [payment, refund, dispute] = ['/data/object/payment', '/data/object/refund', '/data/object/dispute'];
const withStatus = (status: string, is: Rule['is']): Rule => ({ is, when: { [`${payment}/status`]: status } });

const ofRefund: Fields = {
  purchase: `${refund}/payment_id`,
  payment: `${refund}/payment_id`,
  reversal: `${refund}/id`,
  amount: `${refund}/amount_money/amount`,
  currency: `${refund}/amount_money/currency`,
  reason: `${refund}/reason`,
  at: `${refund}/updated_at`,
  references: [],
};
const ofDispute: Fields = {
  purchase: `${dispute}/disputed_payment/payment_id`,
  payment: `${dispute}/disputed_payment/payment_id`,
  reversal: [`${dispute}/id`, `${dispute}/dispute_id`],
  amount: `${dispute}/amount_money/amount`,
  currency: `${dispute}/amount_money/currency`,
  reason: `${dispute}/reason`,
  references: [],
};
const state = `${dispute}/state`;

const payments: readonly Rule[] = [
  withStatus('COMPLETED', 'payment.completed'),
  withStatus('APPROVED', 'payment.pending'),
  withStatus('FAILED', 'payment.failed'),
  withStatus('CANCELED', 'payment.expired'),
];
const refunds: readonly Rule[] = [
  { is: 'payment.refunded', when: { [`${refund}/status`]: 'COMPLETED' }, fields: ofRefund },
  { is: 'payment.refundFailed', when: { [`${refund}/status`]: ['FAILED', 'REJECTED'] }, fields: ofRefund },
];
const disputes: readonly Rule[] = [
  { is: 'payment.disputed', when: { [state]: ['EVIDENCE_REQUIRED', 'PROCESSING'] }, fields: ofDispute },
  { is: 'payment.disputeWon', when: { [state]: ['WON'] }, fields: ofDispute },
  { is: 'payment.disputeLost', when: { [state]: ['LOST', 'ACCEPTED'] }, fields: ofDispute },
];

/**
 * Square (https://developer.squareup.com/docs/webhooks/step3validate): HMAC-SHA256 over the registered address and the body, so
 * `signature.url` has to be set. What was bought stands at an order that the callback only names; the one SKU is taken from the
 * payment's `note`, else its `reference_id`, which the shop's server sets. A tip is not part of the price.
 */
export const square: Preset = {
  schemes: [{ ...plainHmac, header: 'x-square-hmacsha256-signature', digest: 'base64', signed: '{url}{body}' }],
  id: ['/event_id'],
  type: '/type',
  amounts: 'minor',
  fields: {
    at: [`${payment}/updated_at`, '/created_at'],
    purchase: `${payment}/id`,
    receiver: '/merchant_id',
    amount: `${payment}/amount_money/amount`,
    currency: `${payment}/amount_money/currency`,
    references: [`${payment}/order_id`, `${payment}/reference_id`, `${payment}/receipt_number`],
    buyer: {
      email: `${payment}/buyer_email_address`,
      firstName: `${payment}/billing_address/first_name`,
      lastName: `${payment}/billing_address/last_name`,
      country: `${payment}/billing_address/country`,
    },
    lines: { sku: [`${payment}/note`, `${payment}/reference_id`], title: [`${payment}/note`, `${payment}/reference_id`] },
  },
  events: {
    'payment.created': payments,
    'payment.updated': payments,
    'refund.created': refunds,
    'refund.updated': refunds,
    'dispute.created': disputes,
    'dispute.state.updated': disputes,
    'dispute.state.changed': disputes,
  },
  reply: { status: 200 },
};
