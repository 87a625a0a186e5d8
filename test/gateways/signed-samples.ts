import { createHmac } from 'node:crypto';
import type { SignedOptions } from '../../src/gateways/signed/options.ts';
import type { SentCallback } from '../../src/testing/suites/gateway-suite.ts';

/** How a sender signs, written down once more: the gateway's own code takes no part. */
export type Sign = (
  body: string | Uint8Array,
  how?: { readonly at?: Date; readonly secret?: string; readonly id?: string },
) => SentCallback;

export const textSecret = 'secret-demo';
/** The key is the text `0123456789abcdef01234567`. */
export const whsec = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';

function hmac(key: string | Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  const made = createHmac('sha256', key);
  for (const part of parts) made.update(part);
  return made.digest();
}

function stampOf(at = new Date()): string {
  return String(Math.floor(at.getTime() / 1000));
}

const json = { 'content-type': 'application/json' };

/** HMAC over the body, in one header. */
export function signPlain(header: string, digest: 'hex' | 'base64'): Sign {
  return (body, { secret = textSecret } = {}) => ({ body, headers: { ...json, [header]: hmac(secret, body).toString(digest) } });
}

/** Standard Webhooks. */
export function signStandard(family: 'webhook' | 'svix', { isText = false, mine = whsec } = {}): Sign {
  return (body, { secret = mine, at, id = 'msg_1' } = {}) => {
    const key = isText ? secret : Buffer.from(secret.replace('whsec_', ''), 'base64');
    const stamp = stampOf(at);
    const signature = `v1,${hmac(key, `${id}.${stamp}.`, body).toString('base64')}`;
    return {
      body,
      headers: { ...json, [`${family}-id`]: id, [`${family}-timestamp`]: stamp, [`${family}-signature`]: signature },
    };
  };
}

export const signPaddle: Sign = (body, { secret = textSecret, at } = {}) => {
  const stamp = stampOf(at);
  return { body, headers: { ...json, 'paddle-signature': `ts=${stamp};h1=${hmac(secret, `${stamp}:`, body).toString('hex')}` } };
};

/** Square: the registered address is signed in front of the body. */
export const squareUrl = 'https://shop.example.com/shop/callbacks/square';
export const signSquare: Sign = (body, { secret = textSecret } = {}) => ({
  body,
  headers: { ...json, 'x-square-hmacsha256-signature': hmac(secret, squareUrl, body).toString('base64') },
});

/** Adyen: each item carries a signature over eight of its fields; the key is hexadecimal. */
export const adyenKey = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
export const adyenLogin = 'adyen:a long password';
export function signAdyen(...items: AdyenItem[]): SentCallback {
  const signed = items.map((item) => ({
    ...item,
    additionalData: {
      ...item.additionalData,
      hmacSignature: hmac(Buffer.from(adyenKey, 'hex'), adyenText(item)).toString('base64'),
    },
  }));
  return adyenCallback(...signed);
}
export function adyenCallback(...items: object[]): SentCallback {
  const notificationItems = items.map((NotificationRequestItem) => ({ NotificationRequestItem }));
  const authorization = `Basic ${Buffer.from(adyenLogin).toString('base64')}`;
  return { body: JSON.stringify({ live: 'true', notificationItems }), headers: { ...json, authorization } };
}
function adyenText(item: AdyenItem): string {
  const { pspReference, originalReference = '', merchantAccountCode, merchantReference, amount, eventCode, success } = item;
  const { value, currency } = amount;
  return [pspReference, originalReference, merchantAccountCode, merchantReference, value, currency, eventCode, success].join(':');
}
export interface AdyenItem {
  readonly pspReference: string;
  readonly originalReference?: string;
  readonly merchantAccountCode: string;
  readonly merchantReference: string;
  readonly amount: { readonly value: number; readonly currency: string };
  readonly eventCode: string;
  readonly success: string;
  readonly eventDate?: string;
  readonly reason?: string;
  readonly additionalData?: Readonly<Record<string, string>>;
}
export function adyenItem(changes: Partial<AdyenItem> = {}): AdyenItem {
  return {
    pspReference: '7914073381342284',
    merchantAccountCode: 'TestMerchant',
    merchantReference: 'ORD-7',
    amount: { value: 3998, currency: 'EUR' },
    eventCode: 'AUTHORISATION',
    success: 'true',
    eventDate: '2026-01-02T04:04:05+01:00',
    additionalData: { shopperEmail: buyer, 'metadata.sku': 'TS-101', 'metadata.quantity': '2' },
    ...changes,
  };
}

export interface Sample {
  readonly options: SignedOptions;
  readonly sign: Sign;
  /** Headers that hold the proof. */
  readonly proof: readonly string[];
  readonly isStamped: boolean;
  /** A completed payment of two TS-101 at 19.99 each for ada@example.org. */
  readonly paid: object;
  /** The same payment, told in another delivery. */
  readonly again?: object;
  readonly unknown?: object;
  readonly purchase: string;
  readonly payment?: string;
}

export const buyer = 'ada@example.org';
const line = { sku: 'TS-101', quantity: 2 };

const lemonSqueezyOrder = {
  identifier: '104e18a2-d755-4d4b-80c4-a6c1dcbe1c10',
  order_number: 7,
  user_name: 'Ada Example',
  user_email: buyer,
  currency: 'USD',
  subtotal: 3998,
  discount_total: 0,
  tax: 0,
  total: 3998,
  status: 'paid',
  refunded_amount: 0,
  first_order_item: { variant_id: 4711, product_id: 12, quantity: 2, product_name: 'TypeScript in a week', price: 1999 },
  created_at: '2026-01-02T03:04:05.000000Z',
  updated_at: '2026-01-02T03:04:05.000000Z',
};

export function lemonSqueezy(event: string, changes: object = {}, meta: object = {}): object {
  return {
    meta: { test_mode: false, event_name: event, custom_data: { user: '9' }, ...meta },
    data: { type: 'orders', id: '8990348', attributes: { ...lemonSqueezyOrder, ...changes } },
  };
}

const razorpayPayment = {
  id: 'pay_1',
  amount: 3998,
  currency: 'INR',
  status: 'captured',
  captured: true,
  order_id: 'order_1',
  email: buyer,
  contact: '+910000000000',
  error_description: null,
  notes: [],
};

export function razorpay(event: string, entities: Record<string, object> = {}, payment: object = {}): object {
  const all = { payment: { ...razorpayPayment, ...payment }, ...entities };
  const payload = Object.fromEntries(Object.entries(all).map(([name, entity]) => [name, { entity }]));
  return { entity: 'event', account_id: 'acc_1', event, contains: Object.keys(all), payload, created_at: 1_767_323_045 };
}

export const razorpayNotes = { sku: 'TS-101', quantity: '2' };

export function shopify(changes: object = {}): object {
  return {
    id: 820982911946154500,
    test: false,
    email: buyer,
    name: '#1007',
    order_number: 1007,
    currency: 'EUR',
    financial_status: 'paid',
    total_price: '39.98',
    created_at: '2026-01-02T03:04:00+00:00',
    processed_at: '2026-01-02T03:04:05+00:00',
    customer: { first_name: 'Ada', last_name: 'Example' },
    customer_locale: 'en',
    line_items: [
      { ...line, id: 1, variant_id: 2, title: 'TypeScript in a week', price: '19.99', discount_allocations: [], tax_lines: [] },
    ],
    shipping_lines: [],
    ...changes,
  };
}

export function woocommerce(changes: object = {}): object {
  return {
    id: 52,
    status: 'processing',
    order_key: 'wc_order_5836d85314887',
    number: '52',
    currency: 'EUR',
    total: '39.98',
    shipping_total: '0.00',
    shipping_tax: '0.00',
    date_created_gmt: '2026-01-02T03:00:00',
    date_modified_gmt: '2026-01-02T03:05:00',
    date_paid_gmt: '2026-01-02T03:04:05',
    billing: { first_name: 'Ada', last_name: 'Example', email: buyer, country: 'DE', phone: '' },
    line_items: [
      {
        ...line,
        product_id: 23,
        name: 'TypeScript in a week',
        subtotal: '33.60',
        subtotal_tax: '6.38',
        total: '33.60',
        total_tax: '6.38',
      },
    ],
    refunds: [],
    ...changes,
  };
}

export function fastspring(
  ...events: { readonly id: string; readonly type: string; readonly data: object; readonly live?: boolean }[]
): object {
  return { events: events.map((event) => ({ live: true, processed: false, created: 1_767_323_045_000, ...event })) };
}

export const fastspringOrder = {
  order: 'FWdPzftgReSx',
  id: 'FWdPzftgReSx',
  reference: 'SHOP260102-7652',
  live: true,
  currency: 'USD',
  total: 39.98,
  language: 'en',
  customer: { first: 'Ada', last: 'Example', email: buyer, phone: null },
  items: [{ ...line, product: 'typescript', display: 'TypeScript in a week', subtotal: 39.98, price: 19.99 }],
};

export function paddle(type: string, data: object, event = 'evt_1'): object {
  return { event_id: event, notification_id: `ntf_${event}`, event_type: type, occurred_at: '2026-01-02T03:04:05.000000Z', data };
}

export const paddleTransaction = {
  id: 'txn_1',
  status: 'completed',
  origin: 'web',
  customer_id: 'ctm_1',
  subscription_id: null,
  currency_code: 'EUR',
  custom_data: { email: buyer },
  billing_period: null,
  details: {
    totals: { subtotal: '3360', discount: '0', tax: '638', total: '3998', grand_total: '3998', currency_code: 'EUR' },
    line_items: [
      {
        price_id: 'pri_1',
        quantity: 2,
        product: { name: 'TypeScript in a week', custom_data: { sku: 'TS-101' } },
        totals: { subtotal: '3360', discount: '0', tax: '638', total: '3998' },
      },
    ],
  },
};

export function polar(type: string, data: object): object {
  return { type, timestamp: '2026-01-02T03:04:05Z', data };
}

export const polarOrder = {
  id: 'ord_1',
  paid: true,
  billing_reason: 'purchase',
  subscription_id: null,
  checkout_id: 'chk_1',
  product_id: 'prod_1',
  product: { name: 'TypeScript in a week', metadata: { sku: 'TS-101' } },
  seats: 2,
  subtotal_amount: 3360,
  discount_amount: 0,
  tax_amount: 638,
  total_amount: 3998,
  refunded_amount: 0,
  refunded_tax_amount: 0,
  currency: 'usd',
  customer: { email: buyer, name: 'Ada Example' },
  metadata: {},
};

export const standard = {
  type: 'order.paid',
  timestamp: '2026-01-02T03:04:05Z',
  data: { id: 'ord_1', amount: 3998, currency: 'EUR', customer: { email: buyer }, items: [line] },
};

export function square(type: string, object: object, event = 'evt_1'): object {
  return {
    merchant_id: 'ML1',
    type,
    event_id: event,
    created_at: '2026-01-02T03:04:06Z',
    data: { type: type.split('.')[0], id: 'x', object },
  };
}

export const squarePayment = {
  id: 'pay_1',
  status: 'COMPLETED',
  amount_money: { amount: 3998, currency: 'USD' },
  total_money: { amount: 4498, currency: 'USD' },
  tip_money: { amount: 500, currency: 'USD' },
  order_id: 'ord_1',
  note: 'TS-101',
  buyer_email_address: buyer,
  updated_at: '2026-01-02T03:04:05.000Z',
};

/** One of each preset that has fields. */
export const samples: Readonly<Record<string, Sample>> = {
  'standard-webhooks': {
    options: { secrets: [whsec] },
    sign: signStandard('webhook'),
    proof: ['webhook-signature'],
    isStamped: true,
    paid: standard,
    unknown: { ...standard, type: 'invoice.drafted' },
    purchase: 'ord_1',
  },
  'svix headers': {
    options: { preset: 'standard-webhooks', secrets: [whsec] },
    sign: signStandard('svix'),
    proof: ['svix-signature'],
    isStamped: true,
    paid: standard,
    purchase: 'ord_1',
  },
  'lemon-squeezy': {
    options: { preset: 'lemon-squeezy', secrets: [textSecret] },
    sign: signPlain('x-signature', 'hex'),
    proof: ['x-signature'],
    isStamped: false,
    paid: lemonSqueezy('order_created'),
    again: lemonSqueezy('order_created', { updated_at: '2026-01-02T03:05:00.000000Z' }),
    unknown: lemonSqueezy('license_key_created'),
    purchase: '8990348',
  },
  razorpay: {
    options: { preset: 'razorpay', secrets: [textSecret] },
    sign: signPlain('x-razorpay-signature', 'hex'),
    proof: ['x-razorpay-signature'],
    isStamped: false,
    paid: razorpay('order.paid', { order: { id: 'order_1', notes: razorpayNotes } }),
    unknown: razorpay('payment.captured'),
    purchase: 'order_1',
    payment: 'pay_1',
  },
  shopify: {
    options: { preset: 'shopify', secrets: [textSecret] },
    sign: signPlain('x-shopify-hmac-sha256', 'base64'),
    proof: ['x-shopify-hmac-sha256'],
    isStamped: false,
    paid: shopify(),
    again: shopify({ financial_status: 'partially_refunded' }),
    unknown: { id: 1, title: 'A product', variants: [] },
    purchase: '820982911946154500',
  },
  woocommerce: {
    options: { preset: 'woocommerce', secrets: [textSecret] },
    sign: signPlain('x-wc-webhook-signature', 'base64'),
    proof: ['x-wc-webhook-signature'],
    isStamped: false,
    paid: woocommerce(),
    again: woocommerce({ status: 'completed', date_modified_gmt: '2026-01-03T03:05:00' }),
    unknown: { id: 52 },
    purchase: '52',
  },
  fastspring: {
    options: { preset: 'fastspring', secrets: [textSecret] },
    sign: signPlain('x-fs-signature', 'base64'),
    proof: ['x-fs-signature'],
    isStamped: false,
    paid: fastspring({ id: 'evt_1', type: 'order.completed', data: fastspringOrder }),
    again: fastspring({ id: 'evt_resent', type: 'order.completed', data: fastspringOrder }),
    unknown: fastspring({ id: 'evt_2', type: 'mailingListEntry.updated', data: {} }),
    purchase: 'FWdPzftgReSx',
  },
  paddle: {
    options: { preset: 'paddle', secrets: [textSecret] },
    sign: signPaddle,
    proof: ['paddle-signature'],
    isStamped: true,
    paid: paddle('transaction.completed', paddleTransaction),
    again: paddle('transaction.completed', paddleTransaction, 'evt_2'),
    unknown: paddle('transaction.ready', paddleTransaction),
    purchase: 'txn_1',
  },
  polar: {
    options: { preset: 'polar', secrets: ['polar_whs_demo'] },
    sign: signStandard('webhook', { isText: true, mine: 'polar_whs_demo' }),
    proof: ['webhook-signature'],
    isStamped: true,
    paid: polar('order.paid', polarOrder),
    unknown: polar('checkout.created', { id: 'chk_1' }),
    purchase: 'ord_1',
  },
  square: {
    options: { preset: 'square', secrets: [textSecret], signature: { url: squareUrl } },
    sign: signSquare,
    proof: ['x-square-hmacsha256-signature'],
    isStamped: false,
    paid: square('payment.updated', { payment: squarePayment }),
    again: square('payment.updated', { payment: squarePayment }, 'evt_2'),
    unknown: square('catalog.version.updated', {}),
    purchase: 'pay_1',
  },
};
