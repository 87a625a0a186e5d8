import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Cart, GatewayContext, Missed, Reading, Reply, Verdict } from '../../src/contract/gateway.ts';
import { authorizeNet } from '../../src/gateways/index.ts';
import type { AuthorizeNetOptions } from '../../src/gateways/authorize-net/options.ts';
import { startAuthorizeNet, type AuthorizeNetDouble } from '../../src/testing/authorize-net/index.ts';
import { callbackOf, contextFor } from './stripe-site.ts';

export const item = { itemId: 'TS-101', name: 'TypeScript in a week', quantity: '2', unitPrice: '19.99' };
export const terms = {
  amount: '39.98',
  items: [item],
  invoice: 'INV-7',
  description: 'Course',
  email: 'ada@example.org',
  firstName: 'Ada',
  lastName: 'Example',
};

export const cart: Cart = {
  reference: 'cart-1',
  lines: [{ sku: 'TS-101', title: 'TypeScript in a week', quantity: 2, price: { amount: 1999, currency: 'USD' } }],
  total: { amount: 3998, currency: 'USD' },
  buyer: { email: 'ada@example.org', name: 'Ada Example' },
  metadata: {},
  returnUrl: 'https://shop.example.org/shop/return/authorize-net',
  cancelUrl: 'https://shop.example.org/cart',
  callbackUrl: 'https://shop.example.org/shop/callbacks/authorize-net',
};

type Sent = { readonly body: string; readonly headers: Record<string, string> };

/** The Authorize.net gateway, set up against a double. */
export interface AuthorizeNetSite {
  readonly double: AuthorizeNetDouble;
  readonly context: GatewayContext<AuthorizeNetOptions>;
  verify(sent: Sent): Verdict;
  read(sent: Sent | Missed, attempts?: number): Promise<Reading>;
  events(sent: Sent | Missed): Promise<readonly PaymentEvent[]>;
  event(sent: Sent | Missed): Promise<PaymentEvent>;
  why(sent: Sent | Missed): Promise<string>;
  reply(sent: Sent): Promise<Reply | undefined>;
  close(): Promise<void>;
}

export async function openAuthorizeNetSite(
  options: Partial<AuthorizeNetOptions> = {},
  doubleOptions: Parameters<typeof startAuthorizeNet>[0] = {},
): Promise<AuthorizeNetSite> {
  const double = await startAuthorizeNet(doubleOptions);
  const given: AuthorizeNetOptions = {
    login: double.login,
    transactionKey: double.transactionKey,
    secrets: [double.signatureKey],
    apiBase: double.url,
    payBase: double.url,
    ...options,
  };
  const now = doubleOptions.now;
  const context = contextFor<AuthorizeNetOptions>(given, { name: 'authorize-net', ...(now && { now }) });

  const verify = ({ body, headers }: Sent): Verdict => authorizeNet.verify(callbackOf(body, headers), context) as Verdict;
  async function read(sent: Sent | Missed, attempts = 1): Promise<Reading> {
    if (!('deliveryId' in sent)) {
      const verdict = verify(sent);
      if (verdict.kind !== 'accepted') throw new Error(`The callback is ${verdict.kind}: ${JSON.stringify(verdict)}`);
    }
    const kept = { ...callbackOf(sent.body, sent.headers ?? {}), deliveryId: 'd', attempts };
    return authorizeNet.read(kept, context);
  }
  async function events(sent: Sent | Missed): Promise<readonly PaymentEvent[]> {
    const reading = await read(sent);
    if ('ignored' in reading) throw new Error(`Ignored: ${reading.ignored}`);
    return reading.events;
  }
  return {
    double,
    context,
    verify,
    read,
    events,
    async event(sent) {
      const all = await events(sent);
      expect(all).to.have.length(1);
      return all[0]!;
    },
    async why(sent) {
      const reading = await read(sent);
      if ('events' in reading) throw new Error(`Not ignored: ${JSON.stringify(reading.events)}`);
      return reading.ignored;
    },
    reply: async (sent) => authorizeNet.reply?.(verify(sent), callbackOf(sent.body, sent.headers), context),
    close: () => double.close(),
  };
}

/** The code of the error a promise fails with, and whether it is tried again. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => `${(error as { code: string }).code} ${(error as { retry: string }).retry}`,
  );
}
