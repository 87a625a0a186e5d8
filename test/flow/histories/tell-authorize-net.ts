import { startAuthorizeNet, type AuthorizeNetCallback } from '../../../src/testing/authorize-net/index.ts';
import { decimal, sumOf, type Clock, type Goods, type Sale, type Teller, type Told } from './teller.ts';

export async function tellAuthorizeNet(now: Clock): Promise<Teller> {
  const double = await startAuthorizeNet({ now, currency: 'EUR' });
  const told = (...callbacks: AuthorizeNetCallback[]): Told[] =>
    callbacks.map(({ body, headers }) => ({ gateway: 'authorize-net', body, headers: () => headers }));

  function sells(goods: Goods): Sale {
    return goods.isMonthly ? sellsMonths(goods) : sellsOnce(goods);
  }

  function sellsOnce(goods: Goods): Sale {
    const items = goods.items.map(({ sku, title, quantity, cents }) => ({
      itemId: sku,
      name: title,
      quantity: String(quantity),
      unitPrice: decimal(cents),
    }));
    const sale = double.sale({ amount: decimal(sumOf(goods)), items, email: goods.email });
    let isPending = false;
    return {
      paid: () => told(isPending ? sale.approved() : sale.charged()),
      pending() {
        isPending = true;
        return told(sale.held());
      },
      declined: () => told(sale.rejected()),
      expired: () => told(sale.authorized(), sale.voided()),
      refunded: (cents) => told(sale.refunded(decimal(cents))),
      refundFailed: () => told(sale.refundVoided()),
    };
  }

  function sellsMonths(goods: Goods): Sale {
    const name = goods.items[0]?.sku ?? '';
    const contract = double.subscription({ name, amount: decimal(sumOf(goods)), length: 1, unit: 'months', email: goods.email });
    let sale: ReturnType<typeof contract.pays> | undefined;
    const pays = (): Told[] => {
      sale = contract.pays();
      return told(sale.charged());
    };
    return {
      paid: pays,
      renewed: pays,
      renewalFailed: () => told(contract.tells('failed')),
      refunded: (cents) => (sale ? told(sale.refunded(decimal(cents))) : []),
      ended: () => told(contract.tells('cancelled')),
    };
  }

  return {
    name: 'authorize-net',
    settings: {
      'authorize-net': {
        login: { env: 'AUTHORIZE_NET_LOGIN' },
        transactionKey: { env: 'AUTHORIZE_NET_TRANSACTION_KEY' },
        secrets: [{ env: 'AUTHORIZE_NET_SIGNATURE_KEY' }],
        apiBase: double.url,
        currency: 'EUR',
      },
    },
    env: {
      AUTHORIZE_NET_LOGIN: double.login,
      AUTHORIZE_NET_TRANSACTION_KEY: double.transactionKey,
      AUTHORIZE_NET_SIGNATURE_KEY: double.signatureKey,
    },
    names: ['several', 'pieces'],
    sells,
    close: () => double.close(),
  };
}
