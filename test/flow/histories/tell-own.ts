import { signCart } from '../../../src/gateways/index.ts';
import { signHeaders } from '../../../src/gateways/sandbox/sign.ts';
import type { GatewayEventKind } from '../../../src/contract/index.ts';
import { bodyOf, cartSecret, formType, hashed, notice, secret as purseSecret } from '../../gateways/webmoney-form.ts';
import { decimal, monthMs, next, sumOf, type Clock, type Teller } from './teller.ts';

const secret = 'a secret of the sandbox, long enough';

/** The sandbox, signed by whoever knows its secret. */
export function tellSandbox(now: Clock): Teller {
  return {
    name: 'sandbox',
    settings: { sandbox: { secret: { env: 'SANDBOX_SECRET' } } },
    env: { SANDBOX_SECRET: secret },
    names: ['several', 'pieces'],
    close: () => Promise.resolve(),
    sells(goods) {
      const payment = `sbx_history${next()}`;
      const begun = now().getTime();
      let movement = payment;
      let renewals = 0;
      let reversal = '';
      const money = (cents: number) => ({ amount: cents, currency: 'EUR' });
      const total = money(sumOf(goods));
      const tell = (type: GatewayEventKind, data: object = {}) => {
        const id = `msg_sandbox${next()}`;
        const body = JSON.stringify({ type, timestamp: now().toISOString(), data: { payment, movement, ...data } });
        return [{ gateway: 'sandbox', body, headers: () => signHeaders(secret, id, now(), body) }];
      };
      const bought = () => ({
        amount: total,
        buyer: { email: goods.email, name: 'Ada Example' },
        lines: goods.items.map(({ sku, title, quantity, cents }) => {
          return { sku, title, quantity, subtotal: money(quantity * cents), total: money(quantity * cents) };
        }),
        ...(goods.isMonthly && {
          period: {
            from: new Date(begun + renewals * monthMs).toISOString(),
            until: new Date(begun + (renewals + 1) * monthMs).toISOString(),
          },
        }),
      });
      const dispute = () => ({ reversal: `${movement}_dispute`, amount: total });
      return {
        paid: () => tell('payment.completed', bought()),
        pending: () => tell('payment.pending', bought()),
        declined: () => tell('payment.failed', bought()),
        expired: () => tell('payment.expired', bought()),
        refunded(cents) {
          reversal = `${payment}_refund${next()}`;
          return tell('payment.refunded', { reversal, amount: money(cents) });
        },
        refundFailed: () => tell('payment.refundFailed', { reversal }),
        disputed: () => tell('payment.disputed', dispute()),
        disputeWon: () => tell('payment.disputeWon', dispute()),
        disputeLost: () => tell('payment.disputeLost', dispute()),
        renewed() {
          renewals += 1;
          movement = `${payment}_${renewals}`;
          return tell('subscription.renewed', bought());
        },
        renewalFailed: () => tell('subscription.renewalFailed', { movement: `${payment}_${renewals + 1}` }),
        ended: () => tell('subscription.ended', { movement: payment }),
      };
    },
  };
}

/** WebMoney tells of a payment, and of nothing after it. */
export function tellWebmoney(now: Clock): Teller {
  const purse = 'E123456789012';
  return {
    name: 'webmoney',
    settings: { webmoney: { purses: [purse], secrets: [{ env: 'PURSE_SECRET' }], cartSecrets: [{ env: 'CART_SECRET' }] } },
    env: { PURSE_SECRET: purseSecret, CART_SECRET: cartSecret },
    names: ['several', 'pieces'],
    close: () => Promise.resolve(),
    sells(goods) {
      const number = String(1_000_000 + next());
      const items = goods.items.map(({ sku, title, quantity, cents }) => ({
        sku,
        title,
        quantity,
        price: `${decimal(cents)} EUR`,
      }));
      const { fields } = signCart({ number, items, buyer: { email: goods.email, name: 'Ada Example' } }, cartSecret);
      return {
        paid() {
          const [date = '', time = ''] = new Date(now().getTime() + 3 * 3_600_000).toISOString().slice(0, 19).split('T');
          const told = {
            ...notice,
            ...fields,
            LMI_PAYEE_PURSE: purse,
            LMI_MODE: '1',
            LMI_SYS_INVS_NO: number,
            LMI_SYS_TRANS_NO: number,
            LMI_SYS_TRANS_DATE: `${date.replaceAll('-', '')} ${time}`,
          };
          return [{ gateway: 'webmoney', body: bodyOf(hashed(told)), headers: () => formType }];
        },
      };
    },
  };
}
