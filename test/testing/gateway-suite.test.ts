import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import { accepted, refused, type Callback, type Gateway } from '../../src/contract/gateway.ts';
import { gatewaySuite, type GatewayUnderTest } from '../../src/testing/suites/gateway-suite.ts';

interface Options {
  readonly secret: string;
}

const secret = 'the secret of a small gateway';
const price = { amount: 4900, currency: 'EUR' };
const body = JSON.stringify({ id: 'evt_1', payment: 'pay_1' });

function sign(text: string | Uint8Array, key = secret, at = new Date()): Record<string, string> {
  const stamp = String(Math.floor(at.getTime() / 1000));
  return { 'x-time': stamp, 'x-signature': createHmac('sha256', key).update(`${stamp}.`).update(text).digest('hex') };
}

/** As small as a gateway can be that passes. */
const good: Gateway<Options> = {
  name: 'small',
  summary: 'A gateway',
  options: { type: 'object' },
  verify: ({ headers, body: bytes }, { options, now }) => {
    const given = headers['x-signature'];
    const stamp = headers['x-time'];
    if (typeof given !== 'string' || typeof stamp !== 'string') return refused('SIGNATURE_MISSING');
    if (Math.abs(now().getTime() / 1000 - Number(stamp)) > 300) return refused('SIGNATURE_STALE');
    const expected = createHmac('sha256', options.secret).update(`${stamp}.`).update(bytes).digest('hex');
    if (given !== expected) return refused('SIGNATURE_MISMATCH');
    const id = idIn(bytes);
    return id === undefined ? refused('MALFORMED') : accepted(id);
  },
  read: async ({ body: bytes }) => ({ events: [paidEvent(JSON.parse(Buffer.from(bytes).toString()) as { payment: string })] }),
};

function idIn(bytes: Uint8Array): string | undefined {
  try {
    const { id } = JSON.parse(Buffer.from(bytes).toString()) as { id?: unknown };
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  }
}

function paidEvent({ payment }: { payment: string }, changes: Partial<PaymentEvent> = {}): PaymentEvent {
  const line = { sku: 'A', title: 'A', quantity: 1, subtotal: price, total: price };
  return {
    kind: 'payment.completed',
    gateway: 'small',
    id: `${payment}:completed`,
    at: '2026-01-02T03:04:05.000Z',
    purchase: payment,
    payment,
    mode: 'live',
    amount: price,
    lines: [line],
    buyer: { email: 'ada@example.org' },
    ...changes,
  };
}

function termsFor(gateway: Gateway<Options>): GatewayUnderTest<Options> {
  return {
    gateway,
    options: { secret },
    otherAccount: { secret: 'the secret of another account' },
    proof: { headers: ['x-signature'] },
    toleranceSeconds: 300,
    genuine: () => ({ headers: sign(body), body }),
    resign: (text, { secret: key, at } = {}) => ({ headers: sign(text, key, at), body: text }),
  };
}

/** Runs the suite by itself and gives the names of the tests that failed. */
async function failuresOf(terms: GatewayUnderTest<Options>): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  const runner = globalThis as unknown as { describe: unknown; it: unknown };
  const { describe, it } = runner;
  try {
    runner.describe = (_name: string, inside: () => void) => inside();
    runner.it = (name: string, test: () => Promise<void>) => tests.push([name, test]);
    gatewaySuite('a gateway', terms);
  } finally {
    Object.assign(runner, { describe, it });
  }
  const failed: string[] = [];
  for (const [name, test] of tests) await test().catch(() => failed.push(name));
  return failed;
}

const verifyWell = (callback: Callback, context: Parameters<typeof good.verify>[1]) => good.verify(callback, context);

describe('the suite for gateways', () => {
  it('passes a gateway that does its work', async () => {
    expect(await failuresOf(termsFor(good))).to.deep.equal([]);
  });

  const broken: [string, Partial<Gateway<Options>>, RegExp][] = [
    ['believes everybody', { verify: () => accepted('evt_1') }, /wrong proof/],
    [
      'believes a proof without looking at the body',
      { verify: (callback, context) => verifyWell({ ...callback, body: Buffer.from(body) }, context) },
      /altered after it was signed/,
    ],
    [
      'signs what JSON makes of the body',
      {
        verify: (callback, context) => {
          try {
            const again = JSON.stringify(JSON.parse(Buffer.from(callback.body).toString()));
            return verifyWell({ ...callback, body: Buffer.from(again) }, context);
          } catch {
            return refused('MALFORMED');
          }
        },
      },
      /sees the bytes/,
    ],
    [
      'takes the buffer behind the body for the body',
      { verify: (callback, context) => verifyWell({ ...callback, body: Buffer.from(callback.body.buffer) }, context) },
      /accepts a genuine callback/,
    ],
    [
      'does not look at the clock',
      { verify: (callback, context) => verifyWell(callback, { ...context, now: () => new Date() }) },
      /too long ago/,
    ],
    [
      'has one secret for all accounts',
      { verify: (callback, context) => verifyWell(callback, { ...context, options: { secret } }) },
      /another account's callback/,
    ],
    [
      'believes what is not signed at all',
      {
        verify: (callback, context) =>
          callback.headers['x-signature'] === undefined ? accepted('evt_1') : verifyWell(callback, context),
      },
      /without a proof/,
    ],
    [
      'throws on a header that is missing',
      {
        verify: (callback, context) => {
          if (callback.headers['x-signature'] === undefined) throw new Error('There is no signature.');
          return verifyWell(callback, context);
        },
      },
      /without a proof/,
    ],
    [
      'takes a JSON type for proof',
      {
        verify: (callback, context) =>
          callback.headers['content-type'] === 'text/plain' ? accepted('x') : verifyWell(callback, context),
      },
      /by its bytes alone/,
    ],
    [
      'asks somebody before it believes',
      {
        verify: async (callback, context) => {
          await context.http.send({ method: 'GET', url: 'https://example.com' });
          return verifyWell(callback, context);
        },
      },
      /accepts a genuine callback/,
    ],
    ['names each delivery anew', { verify: (callback, context) => named(verifyWell(callback, context)) }, /same delivery id/],
    [
      'names each fact anew',
      { read: async () => ({ events: [paidEvent({ payment: 'pay_1' }, { id: randomUUID() })] }) },
      /same facts/,
    ],
    ['reads no amount', { read: async () => ({ events: [withoutAmount()] }) }, /how much/],
    [
      'reads amounts as decimals',
      { read: async () => ({ events: [paidEvent({ payment: 'p' }, { amount: { amount: 49.5, currency: 'EUR' } })] }) },
      /how much/,
    ],
    [
      'reads another sum than that of the items',
      { read: async () => ({ events: [paidEvent({ payment: 'p' }, { amount: { amount: 1, currency: 'EUR' } })] }) },
      /how much/,
    ],
    [
      'reads times that are no times',
      { read: async () => ({ events: [paidEvent({ payment: 'p' }, { at: 'yesterday' })] }) },
      /how much/,
    ],
    ['answers with a redirect', { reply: () => ({ status: 301 }) }, /its own words/],
  ];
  for (const [what, change, failing] of broken) {
    it(`fails a gateway that ${what}`, async () => {
      const failures = await failuresOf(termsFor({ ...good, ...change }));
      expect(
        failures.some((name) => failing.test(name)),
        failures.join('; '),
      ).to.equal(true);
    });
  }
});

async function named(verdict: ReturnType<typeof good.verify>): Promise<Awaited<ReturnType<typeof good.verify>>> {
  return (await verdict).kind === 'accepted' ? accepted(randomUUID()) : verdict;
}

function withoutAmount(): PaymentEvent {
  const entries = Object.entries(paidEvent({ payment: 'pay_1' })).filter(([name]) => name !== 'amount');
  return Object.fromEntries(entries) as unknown as PaymentEvent;
}
