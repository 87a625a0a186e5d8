import { startPaypal } from '../../../src/testing/paypal/index.ts';
import type { PaypalCallback } from '../../../src/testing/paypal/events.ts';
import type { PaypalDispute } from '../../../src/testing/paypal/dispute.ts';
import { tellIpn } from './tell-paypal-ipn.ts';
import { decimal, sumOf, type Clock, type Goods, type Sale, type Teller, type Told } from './teller.ts';

/** PayPal's webhooks and its older notifications, from one double. */
export async function tellPaypal(now: Clock): Promise<Teller[]> {
  const paypal = await startPaypal({ now });
  const told = (...callbacks: PaypalCallback[]): Told[] =>
    callbacks.map(({ body }) => ({ gateway: 'paypal', body, headers: () => paypal.sign(body) }));

  function sells(goods: Goods): Sale {
    return goods.isMonthly ? sellsMonths(goods) : sellsOnce(goods);
  }

  function sellsOnce({ items, email }: Goods): Sale {
    const lines = items.map(({ sku, title, quantity, cents }) => ({ sku, name: title, quantity, price: decimal(cents) }));
    const sale = paypal.sale({ lines });
    let isPending = false;
    let dispute: PaypalDispute | undefined;
    return {
      paid: () => told(isPending ? sale.settled() : sale.captured({}, { email })),
      pending() {
        isPending = true;
        return told(sale.captured({ status: 'PENDING', reason: 'ECHECK' }, { email }));
      },
      declined: () => told(sale.settled({ status: 'DECLINED' })),
      refunded: (cents, isUnderWay) =>
        told(sale.refunded({ amount: decimal(cents), status: isUnderWay ? 'PENDING' : 'COMPLETED' })),
      refundFailed() {
        sale.refundSettled('FAILED');
        return [];
      },
      disputed() {
        dispute = sale.disputed();
        return told(dispute.opened, dispute.updated());
      },
      disputeWon: () => (dispute ? told(dispute.resolved('RESOLVED_SELLER_FAVOUR')) : []),
      disputeLost: () => (dispute ? told(dispute.resolved('RESOLVED_BUYER_FAVOUR')) : []),
    };
  }

  function sellsMonths(goods: Goods): Sale {
    const [item] = goods.items;
    const contract = paypal.subscription({
      price: decimal(sumOf(goods)),
      planId: item?.sku ?? '',
      planName: item?.title ?? '',
      buyer: { email: goods.email },
    });
    let latest = '';
    const pays = (): Told[] => {
      const payment = contract.paid({ at: now() });
      latest = payment.sale;
      return told(payment);
    };
    return {
      paid: () => [...told(contract.activated()), ...pays()],
      renewed: pays,
      renewalFailed: () => told(contract.paymentFailed({ at: now() })),
      refunded: (cents) => told(contract.refunded(latest, decimal(cents))),
      cancelled: () => told(contract.cancelled(now())),
    };
  }

  const settings = {
    clientId: paypal.clientId,
    clientSecret: { env: 'PAYPAL_CLIENT_SECRET' },
    webhookIds: [paypal.webhookId],
    apiBase: paypal.url,
    roots: [{ env: 'PAYPAL_ROOT' }],
  };
  const rest: Teller = {
    name: 'paypal',
    settings: { paypal: settings },
    env: { PAYPAL_CLIENT_SECRET: paypal.clientSecret, PAYPAL_ROOT: paypal.roots[0] },
    names: ['several', 'pieces'],
    sells,
    close: () => paypal.close(),
  };
  return [rest, tellIpn(paypal, now)];
}
