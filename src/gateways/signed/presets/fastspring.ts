import type { Preset } from '../profile.ts';
import { plainHmac } from './hmac.ts';

/**
 * FastSpring (https://developer.fastspring.com/reference/processed-and-unprocessed-webhook-events), with webhook expansion on.
 * Several events come in one callback; 200 says that all were taken, 202 that only those were whose ids the answer lists.
 * Without subscriptions: a charge does not name the order that began them.
 */
export const fastspring: Preset = {
  schemes: [{ ...plainHmac, header: 'x-fs-signature', digest: 'base64' }],
  batch: '/events',
  id: ['/id'],
  type: '/type',
  mode: { field: '/live', live: true },
  amounts: 'decimal',
  times: 'milliseconds',
  fields: {
    at: '/created',
    purchase: ['/data/id', '/data/order'],
    amount: '/data/total',
    currency: '/data/currency',
    language: '/data/language',
    reason: '/data/reason',
    metadata: '/data/tags',
    references: ['/data/reference'],
    buyer: {
      email: ['/data/customer/email', '/data/account/contact/email'],
      firstName: ['/data/customer/first', '/data/account/contact/first'],
      lastName: ['/data/customer/last', '/data/account/contact/last'],
      phone: ['/data/customer/phone', '/data/account/contact/phone'],
    },
    lines: {
      each: '/data/items',
      sku: ['@/sku', '@/product'],
      title: ['@/display', '@/product'],
      quantity: '@/quantity',
      price: '@/price',
      subtotal: '@/subtotal',
    },
  },
  events: {
    'order.completed': 'payment.completed',
    'order.payment.pending': 'payment.pending',
    'order.approval.pending': 'payment.pending',
    'order.failed': 'payment.failed',
    'return.created': [
      {
        is: 'payment.refunded',
        fields: {
          purchase: '/data/original/id',
          reversal: '/data/return',
          amount: '/data/totalReturn',
          references: ['/data/reference'],
        },
      },
    ],
  },
  reply: { status: 200 },
  partlyStatus: 202,
};
