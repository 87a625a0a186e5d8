import type { PaypalDouble } from '../../../src/testing/paypal/index.ts';
import { decimal, monthMs, next, sumOf, type Clock, type Goods, type Sale, type Teller, type Told } from './teller.ts';

type Fields = Readonly<Record<string, string>>;

/** `20:12:59 Jan 13, 2026 PST`: PayPal's own zone, eight hours behind. */
function pacific(at: Date): string {
  const [, month = '', day = '', year = '', time = ''] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at.getTime() - 8 * 3_600_000).toUTCString()) ?? [];
  return `${time} ${day} ${month}, ${year} PST`;
}

/** PayPal's older notifications. */
export function tellIpn(paypal: PaypalDouble, now: Clock): Teller {
  const told = (fields: Fields): Told[] => {
    const { body, headers } = paypal.ipn(fields);
    return [{ gateway: 'paypal-ipn', body, headers: () => headers }];
  };

  function sells(goods: Goods): Sale {
    const begun = now();
    const contract = `I-${next()}HISTORY`;
    let latest = '';
    let renewals = 0;
    const id = (): string => `${String(next()).padStart(8, '0')}IPN`;
    const money = (cents: number): Fields => ({
      payer_email: goods.email,
      payment_date: pacific(now()),
      mc_gross: decimal(cents),
      mc_currency: 'EUR',
    });
    const cart: Fields = Object.fromEntries<string>([
      ['num_cart_items', String(goods.items.length)],
      ...goods.items.flatMap(({ sku, quantity, cents }, index): [string, string][] => [
        [`item_number${index + 1}`, sku],
        [`quantity${index + 1}`, String(quantity)],
        [`mc_gross_${index + 1}`, decimal(quantity * cents)],
      ]),
    ]);
    const month: Fields = {
      recurring_payment_id: contract,
      time_created: pacific(begun),
      product_name: goods.items[0]?.sku ?? '',
      item_number: goods.items[0]?.sku ?? '',
    };
    const due = (): Fields => ({ next_payment_date: pacific(new Date(begun.getTime() + (renewals + 1) * monthMs)) });
    const about = (cents: number, status: string): Fields => ({
      ...money(cents),
      ...cart,
      txn_type: 'cart',
      payment_status: status,
      txn_id: latest,
    });
    const back = (cents: number, status: string, reason: string): Fields => ({
      ...money(-cents),
      mc_gross: `-${decimal(cents)}`,
      payment_status: status,
      reason_code: reason,
      txn_id: id(),
      parent_txn_id: latest,
      ...(goods.isMonthly && { recurring_payment_id: contract }),
    });
    const once = (status: string): Told[] => {
      latest ||= id();
      return told(about(sumOf(goods), status));
    };
    const refunded = (cents: number): Told[] => told(back(cents, 'Refunded', 'refund'));
    if (goods.isMonthly) {
      const pays = (): Told[] => {
        latest = id();
        const fields = { ...money(sumOf(goods)), ...month, ...due(), txn_type: 'recurring_payment', payment_status: 'Completed' };
        return told({ ...fields, txn_id: latest });
      };
      return {
        paid: pays,
        renewed() {
          renewals += 1;
          return pays();
        },
        renewalFailed: () => told({ ...month, payer_email: goods.email, txn_type: 'recurring_payment_failed' }),
        refunded,
        cancelled: () => told({ ...month, ...due(), payer_email: goods.email, txn_type: 'recurring_payment_profile_cancel' }),
        ended: () => told({ ...month, payer_email: goods.email, txn_type: 'recurring_payment_profile_cancel' }),
      };
    }
    return {
      paid: () => once('Completed'),
      pending: () => once('Pending'),
      declined: () => once('Denied'),
      expired: () => once('Expired'),
      refunded,
      disputed: () => told(back(sumOf(goods), 'Reversed', 'chargeback')),
      disputeWon: () => told(back(sumOf(goods), 'Canceled_Reversal', 'chargeback')),
    };
  }

  return {
    name: 'paypal-ipn',
    settings: { 'paypal-ipn': { accounts: [paypal.merchantId], postbackUrl: paypal.postbackUrl } },
    env: {},
    names: ['several', 'pieces'],
    sells,
    close: () => Promise.resolve(),
  };
}
