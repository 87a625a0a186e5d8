import type { Bodies } from './tell-signed.ts';
import { monthMs, next, sumOf } from './teller.ts';

/** Standard Webhooks, in the names of docs/gateways/signed.md. */
export const standardSale: Bodies = (goods, now) => {
  const id = `ord_${next()}`;
  const begun = now().getTime();
  const amount = sumOf(goods);
  let payment = id;
  let renewals = 0;
  let reversal = '';
  const period = () => ({
    from: new Date(begun + renewals * monthMs).toISOString(),
    until: new Date(begun + (renewals + 1) * monthMs).toISOString(),
  });
  const bought = () => ({
    amount,
    customer: { email: goods.email, name: 'Ada Example' },
    items: goods.items.map(({ sku, quantity, cents }) => ({ sku, quantity, price: cents })),
    ...(goods.isMonthly && { period: period() }),
  });
  const tell = (type: string, data: object = {}): object[] => [
    { type, timestamp: now().toISOString(), data: { id, payment, currency: 'EUR', ...data } },
  ];
  const disputed = () => ({ reversal: `${payment}_dispute`, amount });
  return {
    paid: () => tell('payment.completed', bought()),
    pending: () => tell('payment.pending', bought()),
    declined: () => tell('payment.failed', { amount }),
    expired: () => tell('payment.expired', bought()),
    refunded(cents) {
      reversal = `re_${next()}`;
      return tell('payment.refunded', { reversal, amount: cents });
    },
    refundFailed: () => tell('payment.refundFailed', { reversal }),
    disputed: () => tell('payment.disputed', disputed()),
    disputeWon: () => tell('payment.disputeWon', disputed()),
    disputeLost: () => tell('payment.disputeLost', disputed()),
    renewed() {
      renewals += 1;
      payment = `${id}_${renewals}`;
      return tell('subscription.renewed', bought());
    },
    renewalFailed: () => tell('subscription.renewalFailed', { payment: `${id}_${renewals + 1}` }),
    ended: () => tell('subscription.ended', { payment: id }),
  };
};
