import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, GatewayContext, Missed, Reading, Verdict } from '../../src/contract/gateway.ts';
import { paypal } from '../../src/gateways/index.ts';
import type { PaypalOptions } from '../../src/gateways/paypal/options.ts';
import { startPaypal, type PaypalDouble, type PaypalDoubleOptions } from '../../src/testing/paypal/index.ts';
import { contextFor } from './stripe-site.ts';

type Sent = { readonly body: string; readonly headers?: Record<string, string> };

/** The PayPal gateway, set up against a double. */
export interface PaypalSite {
  readonly double: PaypalDouble;
  readonly context: GatewayContext<PaypalOptions>;
  verify(callback: Sent, more?: Partial<GatewayContext<PaypalOptions>>): Promise<Verdict>;
  /** Verifies, then reads. Fails the test when the callback is not accepted. */
  read(callback: Sent): Promise<Reading>;
  /** Reads what was found elsewhere than in a callback. */
  readMissed(missed: Missed | undefined): Promise<readonly PaymentEvent[]>;
  events(callback: Sent): Promise<readonly PaymentEvent[]>;
  /** The only event of a callback. */
  event(callback: Sent): Promise<PaymentEvent>;
  /** Why a callback changes no order. */
  why(callback: Sent): Promise<string>;
  /** What reading fails with. */
  failure(callback: Sent): Promise<unknown>;
  close(): Promise<void>;
}

export function optionsFor(double: PaypalDouble, more: Partial<PaypalOptions> = {}): PaypalOptions {
  return {
    clientId: double.clientId,
    clientSecret: double.clientSecret,
    webhookIds: [double.webhookId],
    apiBase: double.url,
    roots: double.roots,
    ...more,
  };
}

export async function openPaypalSite(
  options: Partial<PaypalOptions> = {},
  doubleOptions: PaypalDoubleOptions = {},
): Promise<PaypalSite> {
  const double = await startPaypal(doubleOptions);
  const now = doubleOptions.now ?? (() => new Date());
  const context = contextFor(optionsFor(double, options), { name: 'paypal', mode: 'test', now });

  function callbackOf({ body, headers = {} }: Sent): Callback {
    return { gateway: 'paypal', method: 'POST', url: '/callbacks/paypal', headers, body: Buffer.from(body), receivedAt: now() };
  }
  const verify = async (sent: Sent, more: Partial<GatewayContext<PaypalOptions>> = {}) =>
    paypal.verify(callbackOf(sent), { ...context, ...more });
  async function read(sent: Sent): Promise<Reading> {
    const verdict = await verify(sent);
    if (verdict.kind !== 'accepted') throw new Error(`The callback is ${verdict.kind}: ${JSON.stringify(verdict)}`);
    return paypal.read({ ...callbackOf(sent), deliveryId: verdict.deliveryId, attempts: 1 }, context);
  }
  async function events(sent: Sent): Promise<readonly PaymentEvent[]> {
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
    async readMissed(missed) {
      if (!missed) throw new Error('Nothing was missed.');
      const reading = await paypal.read({ ...callbackOf(missed), deliveryId: missed.deliveryId, attempts: 1 }, context);
      if ('ignored' in reading) throw new Error(`Ignored: ${reading.ignored}`);
      return reading.events;
    },
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
    failure: (sent) =>
      read(sent).then(
        () => undefined,
        (error: unknown) => error,
      ),
    close: () => double.close(),
  };
}
