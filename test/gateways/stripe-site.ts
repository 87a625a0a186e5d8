import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, GatewayContext, Reading, Verdict } from '../../src/contract/gateway.ts';
import type { Logger } from '../../src/contract/log.ts';
import { stripe } from '../../src/gateways/index.ts';
import type { StripeOptions } from '../../src/gateways/stripe/options.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { startStripe, type StripeDouble } from '../../src/testing/stripe/index.ts';

export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function contextFor<Options>(options: Options, more: Partial<GatewayContext<Options>> = {}): GatewayContext<Options> {
  return {
    options,
    name: 'stripe',
    mode: 'live',
    now: () => new Date(),
    http: createHttpClient(),
    log: silent,
    signal: new AbortController().signal,
    offer: () => Promise.resolve(undefined),
    ...more,
  };
}

export function callbackOf(body: string | Uint8Array, headers: Callback['headers'] = {}): Callback {
  return {
    gateway: 'stripe',
    method: 'POST',
    url: '/callbacks/stripe',
    headers,
    body: Buffer.from(body),
    receivedAt: new Date(),
  };
}

/** The Stripe gateway, set up against a double. */
export interface StripeSite {
  readonly double: StripeDouble;
  readonly context: GatewayContext<StripeOptions>;
  verify(callback: Sent): Verdict;
  /** Verifies, then reads. Fails the test when the callback is not accepted. */
  read(callback: Sent): Promise<Reading>;
  /** The events of a callback, which has to give some. */
  events(callback: Sent): Promise<readonly PaymentEvent[]>;
  /** The only event of a callback. */
  event(callback: Sent): Promise<PaymentEvent>;
  /** Why a callback changes no order. */
  why(callback: Sent): Promise<string>;
  close(): Promise<void>;
}

type Sent = { readonly body: string; readonly headers: Record<string, string> };

export async function openStripeSite(
  options: Partial<StripeOptions> = {},
  doubleOptions: Parameters<typeof startStripe>[0] = {},
): Promise<StripeSite> {
  const double = await startStripe(doubleOptions);
  const context = contextFor<StripeOptions>({
    secrets: [double.webhookSecret],
    apiKey: double.apiKey,
    apiBase: double.url,
    ...options,
  });

  function verify({ body, headers }: Sent): Verdict {
    return stripe.verify(callbackOf(body, headers), context) as Verdict;
  }
  async function read(sent: Sent): Promise<Reading> {
    const verdict = verify(sent);
    if (verdict.kind !== 'accepted') throw new Error(`The callback is ${verdict.kind}: ${JSON.stringify(verdict)}`);
    const kept = { ...callbackOf(sent.body, sent.headers), deliveryId: verdict.deliveryId, attempts: 1 };
    return stripe.read(kept, context);
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
    close: () => double.close(),
  };
}
