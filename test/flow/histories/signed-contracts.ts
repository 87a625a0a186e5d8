import { paddle, paddleTransaction, polar, polarOrder } from '../../gateways/signed-samples.ts';
import type { Bodies } from './tell-signed.ts';
import { monthMs, next, sumOf, type Clock } from './teller.ts';

/** Senders whose subscriptions are purchases under their own names. */

export const paddleSale: Bodies = (goods, now) => {
  const contract = goods.isMonthly ? `sub_${next()}` : null;
  const months = monthsFrom(now);
  let transaction = `txn_${next()}`;
  let adjustment = '';
  const tell = (type: string, data: object): object[] => [
    { ...paddle(type, data, `evt_${next()}`), occurred_at: now().toISOString() },
  ];
  const bought = (origin: string): object => ({
    ...paddleTransaction,
    id: transaction,
    origin,
    subscription_id: contract,
    custom_data: { email: goods.email },
    billing_period: contract && { starts_at: months.now().from, ends_at: months.now().until },
    details: {
      totals: { grand_total: String(sumOf(goods)), currency_code: 'EUR' },
      line_items: goods.items.map(({ sku, title, quantity, cents }) => ({
        quantity,
        product: { name: title, custom_data: { sku } },
        totals: { subtotal: String(quantity * cents), discount: '0', tax: '0', total: String(quantity * cents) },
      })),
    },
  });
  const adjusted = (action: string, status: string, id: string, cents: number, type = 'created'): object[] =>
    tell(`adjustment.${type}`, {
      id,
      action,
      status,
      transaction_id: transaction,
      subscription_id: contract,
      currency_code: 'EUR',
      reason: 'asked for',
      totals: { total: String(cents) },
      updated_at: now().toISOString(),
    });
  const always = {
    paid: () => tell('transaction.completed', bought('web')),
    refunded(cents: number) {
      adjustment = `adj_${next()}`;
      return [
        ...adjusted('refund', 'pending_approval', adjustment, cents),
        ...adjusted('refund', 'approved', adjustment, cents, 'updated'),
      ];
    },
    refundFailed: () => adjusted('refund', 'reversed', adjustment, sumOf(goods), 'updated'),
    disputed: () => adjusted('chargeback', 'approved', `adj_${next()}`, sumOf(goods)),
    disputeWon: () => adjusted('chargeback_reverse', 'approved', `adj_${next()}`, sumOf(goods)),
    inquiry: () => adjusted('chargeback_warning', 'approved', `adj_${next()}`, sumOf(goods)),
  };
  if (!goods.isMonthly) return { ...always, declined: () => tell('transaction.payment_failed', bought('web')) };
  const again = (): void => {
    months.go();
    transaction = `txn_${next()}`;
  };
  let isOpen = false;
  return {
    ...always,
    renewed() {
      if (!isOpen) again();
      isOpen = false;
      return tell('transaction.completed', bought('subscription_recurring'));
    },
    renewalFailed() {
      again();
      isOpen = true;
      return tell('transaction.payment_failed', bought('subscription_recurring'));
    },
    cancelled: () => tell('subscription.updated', { id: contract, status: 'active', scheduled_change: { action: 'cancel' } }),
    ranOut: () => tell('subscription.canceled', { id: contract, status: 'canceled' }),
    ended: () => tell('subscription.canceled', { id: contract, status: 'canceled' }),
  };
};

export const polarSale: Bodies = (goods, now) => {
  const [item] = goods.items;
  const contract = goods.isMonthly ? `sub_${next()}` : null;
  const months = monthsFrom(now);
  let order = `ord_${next()}`;
  let back = 0;
  const tell = (type: string, data: object): object[] => [{ ...polar(type, data), timestamp: now().toISOString() }];
  const bought = (reason: string, returned = 0): object => ({
    ...polarOrder,
    id: order,
    billing_reason: reason,
    subscription_id: contract,
    ...(contract !== null && {
      subscription: { current_period_start: months.now().from, current_period_end: months.now().until },
    }),
    product: { name: item?.title, metadata: { sku: item?.sku } },
    seats: item?.quantity,
    subtotal_amount: sumOf(goods),
    tax_amount: 0,
    total_amount: sumOf(goods),
    refunded_amount: returned,
    refunded_tax_amount: 0,
    currency: 'eur',
    customer: { email: goods.email, name: 'Ada Example' },
  });
  const always = {
    paid: () => tell('order.paid', bought(contract === null ? 'purchase' : 'subscription_create')),
    refunded(cents: number) {
      back += cents;
      return tell('order.refunded', bought('purchase', back));
    },
  };
  if (contract === null) return always;
  return {
    ...always,
    renewed() {
      months.go();
      order = `ord_${next()}`;
      back = 0;
      return tell('order.paid', bought('subscription_cycle'));
    },
    cancelled: () => tell('subscription.canceled', { id: contract, status: 'active', cancel_at_period_end: true }),
    ranOut: () => tell('subscription.revoked', { id: contract, status: 'canceled' }),
    ended: () => tell('subscription.revoked', { id: contract, status: 'canceled' }),
  };
};

function monthsFrom(now: Clock): { now(): { from: string; until: string }; go(): void } {
  const begun = now().getTime();
  let index = 0;
  const at = (month: number): string => new Date(begun + month * monthMs).toISOString();
  return { now: () => ({ from: at(index), until: at(index + 1) }), go: () => void (index += 1) };
}
