import { lemonSqueezy, razorpay, square, squarePayment } from '../../gateways/signed-samples.ts';
import type { Bodies } from './tell-signed.ts';
import { next, sumOf } from './teller.ts';

/** Senders that name one product to an order. */

export const lemonSqueezySale: Bodies = (goods, now) => {
  const [item] = goods.items;
  const id = String(8_990_000 + next());
  let back = 0;
  const tell = (event: string, changes: object): object[] => {
    const body = lemonSqueezy(
      event,
      {
        identifier: `ls-${id}`,
        order_number: Number(id),
        user_email: goods.email,
        currency: 'EUR',
        subtotal: sumOf(goods),
        total: sumOf(goods),
        first_order_item: { variant_id: item?.sku, quantity: item?.quantity, product_name: item?.title, price: item?.cents },
        created_at: now().toISOString(),
        updated_at: now().toISOString(),
        ...changes,
      },
      { test_mode: true },
    ) as { data: object };
    return [{ ...body, data: { ...body.data, id } }];
  };
  if (goods.isMonthly) return { paid: () => tell('order_created', {}) };
  return {
    paid: () => tell('order_created', {}),
    refunded(cents) {
      back += cents;
      const status = back >= sumOf(goods) ? 'refunded' : 'partial_refund';
      return tell('order_refunded', { status, refunded_amount: back });
    },
  };
};

export const razorpaySale: Bodies = (goods, now) => {
  const [item] = goods.items;
  const [order, payment, dispute] = [`order_${next()}`, `pay_${next()}`, `disp_${next()}`];
  let refund = {};
  const tell = (event: string, entities: Record<string, object> = {}, changes: object = {}): object[] => {
    const about = { id: payment, order_id: order, amount: sumOf(goods), currency: 'EUR', email: goods.email, ...changes };
    return [{ ...razorpay(event, entities, about), created_at: Math.floor(now().getTime() / 1000) }];
  };
  const disputed = (change: string): object[] =>
    tell(`payment.dispute.${change}`, {
      dispute: { id: dispute, amount: sumOf(goods), currency: 'EUR', payment_id: payment, reason_code: 'fraud' },
    });
  const notes = { sku: item?.sku, quantity: String(item?.quantity ?? 1) };
  const paid = (): object[] => [...tell('payment.captured'), ...tell('order.paid', { order: { id: order, notes } })];
  if (goods.isMonthly) return { paid };
  return {
    paid,
    pending: () => tell('payment.authorized', {}, { captured: false, status: 'authorized' }),
    declined: () => tell('payment.failed', {}, { captured: false, status: 'failed', error_description: 'Card declined' }),
    refunded(cents) {
      refund = { id: `rfnd_${next()}`, amount: cents, currency: 'EUR', payment_id: payment };
      return tell('refund.processed', { refund });
    },
    refundFailed: () => tell('refund.failed', { refund }),
    disputed: () => disputed('created'),
    disputeWon: () => disputed('won'),
    disputeLost: () => disputed('lost'),
  };
};

export const squareSale: Bodies = (goods, now) => {
  const [item] = goods.items;
  const [payment, dispute] = [`pay_${next()}`, `dp_${next()}`];
  let refund = {};
  const money = (cents: number) => ({ amount_money: { amount: cents, currency: 'EUR' }, updated_at: now().toISOString() });
  const tell = (type: string, object: object): object[] => [
    { ...square(type, object, `evt_${next()}`), created_at: now().toISOString() },
  ];
  const payments = (status: string): object[] =>
    tell('payment.updated', {
      payment: {
        ...squarePayment,
        id: payment,
        status,
        ...money(sumOf(goods)),
        note: item?.sku,
        buyer_email_address: goods.email,
      },
    });
  const disputes = (state: string): object[] =>
    tell('dispute.state.updated', {
      dispute: { id: dispute, disputed_payment: { payment_id: payment }, state, ...money(sumOf(goods)) },
    });
  if (goods.isMonthly) return { paid: () => payments('COMPLETED') };
  return {
    paid: () => payments('COMPLETED'),
    pending: () => payments('APPROVED'),
    declined: () => payments('FAILED'),
    expired: () => payments('CANCELED'),
    refunded(cents) {
      refund = { id: `ref_${next()}`, payment_id: payment, ...money(cents) };
      return [
        ...tell('refund.created', { refund: { ...refund, status: 'PENDING' } }),
        ...tell('refund.updated', { refund: { ...refund, status: 'COMPLETED' } }),
      ];
    },
    refundFailed: () => tell('refund.updated', { refund: { ...refund, status: 'FAILED', updated_at: now().toISOString() } }),
    disputed: () => [...disputes('EVIDENCE_REQUIRED'), ...disputes('PROCESSING')],
    disputeWon: () => disputes('WON'),
    disputeLost: () => disputes('LOST'),
    inquiry: () => [...disputes('INQUIRY_EVIDENCE_REQUIRED'), ...disputes('INQUIRY_PROCESSING'), ...disputes('INQUIRY_CLOSED')],
  };
};
