import { sandbox, stripe } from '../../src/gateways/index.ts';
import { signHeaders } from '../../src/gateways/sandbox/sign.ts';
import type { StripeOptions } from '../../src/gateways/stripe/options.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { startStripe, type StripeCallback, type StripeDouble } from '../../src/testing/stripe/index.ts';

describe('the suite for gateways, on Stripe', () => {
  let double: StripeDouble;
  let completed: StripeCallback;
  let intent: StripeCallback;

  before(async () => {
    double = await startStripe({ apiKey: 'sk_live_double' });
    const sale = double.sale({ lines: [{ sku: 'TS-101', quantity: 2, unitAmount: 4900 }], buyer: { email: 'ada@example.org' } });
    completed = sale.completed();
    intent = sale.paymentIntentSucceeded();
  });
  after(() => double.close());

  const options = (secret: string): StripeOptions => ({ secrets: [secret], apiKey: double.apiKey, apiBase: double.url });

  gatewaySuite<StripeOptions>('stripe', {
    gateway: stripe,
    options: () => options(double.webhookSecret),
    otherAccount: () => options('whsec_of_another_account'),
    proof: { headers: ['stripe-signature'] },
    toleranceSeconds: 300,
    genuine: () => ({ body: completed.body, headers: double.sign(completed.body) }),
    again: () => intent,
    resign: (body, how = {}) => ({ body, headers: double.sign(body, how) }),
    unknownType: () => double.ping(),
    http: createHttpClient(),
    expected: { mode: 'live', amount: { amount: 9800, currency: 'EUR' } },
  });
});

describe('the suite for gateways, on the sandbox', () => {
  const secret = 'a secret of the sandbox';
  const price = { amount: 4900, currency: 'EUR' };
  const line = { sku: 'TS-101', title: 'TypeScript in a week', quantity: 1, subtotal: price, total: price };
  const data = { payment: 'sbx_1', amount: price, lines: [line], buyer: { email: 'ada@example.org' } };
  const body = JSON.stringify({ type: 'payment.completed', timestamp: '2026-01-02T03:04:05Z', data });

  gatewaySuite('sandbox', {
    gateway: sandbox,
    options: { secret },
    otherAccount: { secret: 'a secret of another sandbox' },
    proof: { headers: ['webhook-signature'] },
    toleranceSeconds: 300,
    genuine: () => ({ body, headers: signHeaders(secret, 'msg_1', new Date(), body) }),
    again: () => ({ body, headers: signHeaders(secret, 'msg_2', new Date(), body) }),
    resign: (other, { at = new Date(), secret: key = secret } = {}) => ({
      body: other,
      headers: signHeaders(key, 'msg_1', at, other),
    }),
    mode: 'test',
    expected: { mode: 'test', purchase: 'sbx_1' },
  });
});
