import { mollieCallbackUrl } from '../../../src/gateways/index.ts';
import { jsonReply, startDouble } from '../../../src/testing/double-server.ts';
import { decimal, next, sumOf, type Clock, type Goods, type Sale, type Teller, type Told } from './teller.ts';

type Fields = Record<string, unknown>;
interface Payment extends Fields {
  readonly id: string;
  readonly _embedded: { readonly refunds: Fields[]; readonly chargebacks: Fields[] };
}

const addressSecret = 'an address secret of the shop';
const key = 'test_double_key';

/** Mollie, whose classic callbacks only name a payment; what has become of it is asked for. */
export async function tellMollie(now: Clock): Promise<Teller> {
  const payments = new Map<string, Payment>();
  const api = await startDouble({
    now,
    handle({ method, path, headers, query }) {
      if (headers.authorization !== `Bearer ${key}`) return jsonReply({ status: 401, detail: 'Missing authentication' }, 401);
      const found = payments.get(path.replace('/v2/payments/', ''));
      if (!found || method !== 'GET') return jsonReply({ status: 404, detail: 'No payment exists with this token.' }, 404);
      return jsonReply(query['embed'] === 'refunds,chargebacks' ? found : { ...found, _embedded: undefined });
    },
  });
  const query = new URL(mollieCallbackUrl('https://shop.example.org/callbacks/mollie', addressSecret)).search;
  const eur = (cents: number) => ({ value: decimal(cents), currency: 'EUR' });

  function sells(goods: Goods): Sale {
    let first: string | undefined;
    let latest: Payment | undefined;
    const tell = (payment: Payment | undefined): Told[] => {
      if (!payment) return [];
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return [{ gateway: `mollie${query}`, body: `id=${payment.id}`, headers: () => headers }];
    };
    const begin = (): Payment => {
      const payment: Payment = {
        resource: 'payment',
        id: `tr_history${next()}`,
        mode: 'test',
        amount: eur(sumOf(goods)),
        metadata: first === undefined ? {} : { handover_purchase: first },
        profileId: 'pfl_1',
        sequenceType: first === undefined ? (goods.isMonthly ? 'first' : 'oneoff') : 'recurring',
        createdAt: now().toISOString(),
        billingAddress: { email: goods.email },
        lines: goods.items.map(({ sku, title, quantity, cents }) => ({
          description: title,
          quantity,
          unitPrice: eur(cents),
          totalAmount: eur(quantity * cents),
          sku,
        })),
        _embedded: { refunds: [], chargebacks: [] },
      };
      payments.set(payment.id, payment);
      first ??= payment.id;
      latest = payment;
      return payment;
    };
    const becomes = (payment: Payment, status: string): Told[] => {
      Object.assign(payment, { status, [`${status}At`]: now().toISOString() });
      return tell(payment);
    };
    const backs = (list: 'refunds' | 'chargebacks', fields: Fields): Told[] => {
      latest?._embedded[list].push({ ...fields, createdAt: now().toISOString() });
      return tell(latest);
    };
    const always: Sale = {
      paid: () => becomes(latest ?? begin(), 'paid'),
      refunded: (cents) => backs('refunds', { id: `re_${next()}`, status: 'refunded', amount: eur(cents) }),
      refundFailed() {
        Object.assign(latest?._embedded.refunds.at(-1) ?? {}, { status: 'failed' });
        return tell(latest);
      },
      disputed: () => backs('chargebacks', { id: `chb_${next()}`, amount: eur(sumOf(goods)), reversedAt: null }),
      disputeWon() {
        Object.assign(latest?._embedded.chargebacks.at(-1) ?? {}, { reversedAt: now().toISOString() });
        return tell(latest);
      },
    };
    if (goods.isMonthly)
      return {
        ...always,
        renewed: () => becomes(begin(), 'paid'),
        renewalFailed: () => becomes(begin(), 'failed'),
      };
    return {
      ...always,
      pending: () => becomes(begin(), 'pending'),
      declined: () => becomes(latest ?? begin(), 'failed'),
      expired: () => becomes(latest ?? begin(), 'expired'),
    };
  }

  return {
    name: 'mollie',
    settings: {
      mollie: {
        apiKey: { env: 'MOLLIE_API_KEY' },
        addressSecrets: [{ env: 'MOLLIE_ADDRESS_SECRET' }],
        apiBase: api.origin,
      },
    },
    env: { MOLLIE_API_KEY: key, MOLLIE_ADDRESS_SECRET: addressSecret },
    names: ['several', 'pieces'],
    sells,
    close: () => api.close(),
  };
}
