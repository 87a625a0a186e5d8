import type { Fields, Preset, Rule } from '../profile.ts';

const item = '/NotificationRequestItem';
const done = { [`${item}/success`]: 'true' };
const original: Fields = { payment: [`${item}/originalReference`, `${item}/pspReference`] };
const back: Fields = { ...original, reversal: `${item}/pspReference` };
/** A chargeback and its reverse need not share a reference, so a dispute is named after the payment. */
const dispute: Fields = { ...original, reversal: [`${item}/originalReference`, `${item}/pspReference`] };
const signed = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount/value',
  'amount/currency',
  'eventCode',
  'success',
];
const once = (is: Rule['is'], fields: Fields): readonly Rule[] => [{ is, when: done, fields }];
/** Before the money was taken it is an attempt that came to nothing; where it counts as paid already, it goes back. */
const cancelled: readonly Rule[] = [
  { is: 'payment.expired', when: done, fields: original },
  { is: 'payment.refunded', when: done, fields: back },
];

/**
 * Adyen's standard webhooks (https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures): each
 * of the items is signed for itself, over eight of its fields. Mail address, metadata and time are not among them, so user and
 * password of the endpoint are asked for as well. What was bought is the `metadata` of the payment; the purchase is the
 * merchant's reference. With manual capture let AUTHORISATION be `payment.pending` and CAPTURE `payment.completed`.
 */
export const adyen: Preset = {
  schemes: [
    {
      field: `${item}/additionalData/hmacSignature`,
      grammar: 'bare',
      algorithm: 'sha256',
      digest: 'base64',
      key: 'hex',
      signed: signed.map((name) => `{${item}/${name}}`).join(':'),
    },
  ],
  needsBasicAuth: true,
  batch: '/notificationItems',
  id: [`${item}/pspReference`, `${item}/eventCode`, `${item}/success`],
  type: `${item}/eventCode`,
  amounts: 'minor',
  fields: {
    at: `${item}/eventDate`,
    purchase: [`${item}/merchantReference`, `${item}/originalReference`, `${item}/pspReference`],
    payment: `${item}/pspReference`,
    receiver: `${item}/merchantAccountCode`,
    amount: `${item}/amount/value`,
    currency: `${item}/amount/currency`,
    reason: `${item}/reason`,
    references: [`${item}/pspReference`, `${item}/originalReference`],
    buyer: { email: `${item}/additionalData/shopperEmail`, name: `${item}/additionalData/cardHolderName` },
    lines: {
      sku: `${item}/additionalData/metadata.sku`,
      title: [`${item}/additionalData/metadata.title`, `${item}/additionalData/metadata.sku`],
      quantity: `${item}/additionalData/metadata.quantity`,
    },
  },
  events: {
    AUTHORISATION: [
      { is: 'payment.completed', when: done },
      { is: 'payment.failed', when: { [`${item}/success`]: 'false' } },
    ],
    PENDING: 'payment.pending',
    OFFER_CLOSED: once('payment.expired', {}),
    CANCELLATION: cancelled,
    TECHNICAL_CANCEL: cancelled,
    CAPTURE_FAILED: once('payment.refunded', back),
    REFUND: once('payment.refunded', back),
    REFUND_FAILED: [{ is: 'payment.refundFailed', fields: back }],
    REFUNDED_REVERSED: [{ is: 'payment.refundFailed', fields: back }],
    NOTIFICATION_OF_CHARGEBACK: once('payment.disputed', dispute),
    CHARGEBACK: once('payment.disputed', dispute),
    CHARGEBACK_REVERSED: once('payment.disputeWon', dispute),
    SECOND_CHARGEBACK: once('payment.disputeLost', dispute),
  },
  reply: { status: 200, body: '[accepted]' },
};
