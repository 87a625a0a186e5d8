import { fastspring, fastspringOrder, shopify, woocommerce } from '../../gateways/signed-samples.ts';
import type { Bodies } from './tell-signed.ts';
import { decimal, next, sumOf } from './teller.ts';

/** Shops whose orders name every item. */

export const shopifySale: Bodies = (goods, now) => {
  const id = 820_000_000_000 + next();
  const order = (status: string): object[] => [
    shopify({
      id,
      test: true,
      email: goods.email,
      name: `#${id}`,
      order_number: id,
      financial_status: status,
      total_price: decimal(sumOf(goods)),
      created_at: now().toISOString(),
      processed_at: now().toISOString(),
      line_items: goods.items.map(({ sku, title, quantity, cents }) => ({
        sku,
        title,
        quantity,
        price: decimal(cents),
        discount_allocations: [],
        tax_lines: [],
      })),
    }),
  ];
  const dispute = (status: string, type = 'chargeback'): object[] => [
    {
      id: id + 1_000_000,
      order_id: id,
      type,
      reason: 'fraudulent',
      status,
      amount: decimal(sumOf(goods)),
      currency: 'EUR',
      initiated_at: now().toISOString(),
      finalized_on: null,
    },
  ];
  if (goods.isMonthly) return { paid: () => order('paid') };
  return {
    paid: () => order('paid'),
    pending: () => order('pending'),
    refunded: (cents) => [
      {
        id: 90_000_000 + next(),
        order_id: id,
        created_at: now().toISOString(),
        processed_at: now().toISOString(),
        refund_line_items: [],
        note: 'asked for',
        transactions: [{ kind: 'refund', status: 'success', amount: decimal(cents), currency: 'EUR' }],
      },
    ],
    disputed: () => [...dispute('needs_response'), ...dispute('under_review')],
    disputeWon: () => dispute('won'),
    disputeLost: () => dispute('lost'),
    inquiry: () => [...dispute('needs_response', 'inquiry'), ...dispute('under_review', 'inquiry'), ...dispute('won', 'inquiry')],
  };
};

export const woocommerceSale: Bodies = (goods, now) => {
  const id = 50_000 + next();
  const refunds: object[] = [];
  let paidAt: string | undefined;
  const gmt = (): string => now().toISOString().slice(0, 19);
  const order = (status: string): object[] => [
    woocommerce({
      id,
      status,
      order_key: `wc_order_${id}`,
      number: String(id),
      total: decimal(sumOf(goods)),
      date_created_gmt: gmt(),
      date_modified_gmt: gmt(),
      date_paid_gmt: paidAt ?? null,
      billing: { first_name: 'Ada', last_name: 'Example', email: goods.email, country: 'DE', phone: '' },
      line_items: goods.items.map(({ sku, title, quantity, cents }) => ({
        sku,
        name: title,
        quantity,
        subtotal: decimal(quantity * cents),
        subtotal_tax: '0.00',
        total: decimal(quantity * cents),
        total_tax: '0.00',
      })),
      refunds: [...refunds],
    }),
  ];
  const paid = (): object[] => {
    paidAt ??= gmt();
    return [...order('processing'), ...order('completed')];
  };
  if (goods.isMonthly) return { paid };
  let back = 0;
  return {
    paid,
    pending: () => order('on-hold'),
    declined: () => order('failed'),
    refunded(cents) {
      refunds.push({ id: 60_000 + next(), reason: 'asked for', total: `-${decimal(cents)}` });
      back += cents;
      return order(back >= sumOf(goods) ? 'refunded' : 'completed');
    },
  };
};

export const fastspringSale: Bodies = (goods, now) => {
  const id = `FS${next()}`;
  const tell = (type: string, data: object): object[] => [
    fastspring({ id: `evt_${next()}`, type, data, live: false, ...{ created: now().getTime() } }),
  ];
  const order = {
    ...fastspringOrder,
    order: id,
    id,
    reference: `REF-${id}`,
    live: false,
    currency: 'EUR',
    total: sumOf(goods) / 100,
    customer: { first: 'Ada', last: 'Example', email: goods.email, phone: null },
    items: goods.items.map(({ sku, title, quantity, cents }) => ({
      sku,
      display: title,
      quantity,
      subtotal: (quantity * cents) / 100,
      price: cents / 100,
    })),
  };
  if (goods.isMonthly) return { paid: () => tell('order.completed', order) };
  return {
    paid: () => tell('order.completed', order),
    pending: () => tell('order.payment.pending', order),
    declined: () => tell('order.failed', order),
    refunded: (cents) =>
      tell('return.created', { return: `ret_${next()}`, currency: 'EUR', totalReturn: cents / 100, original: { id }, items: [] }),
  };
};
