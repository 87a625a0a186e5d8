import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, Verdict } from '../../src/contract/gateway.ts';
import { createSandbox, sandbox, type Sandbox, type SandboxAct } from '../../src/gateways/index.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { signHeaders } from '../../src/gateways/sandbox/sign.ts';
import { contextFor } from './stripe-site.ts';

const secret = 'a secret of the test';
const now = new Date(1_700_000_000_000);

function callback(body: string | Uint8Array, headers: Callback['headers']): Callback {
  return { gateway: 'sandbox', method: 'POST', url: '/callbacks/sandbox', headers, body: Buffer.from(body), receivedAt: now };
}

function verify(sent: Callback, { at = now, key = secret }: { at?: Date; key?: string | undefined } = {}): Verdict {
  const options = key === '' ? {} : { secret: key };
  return sandbox.verify(sent, contextFor(options, { name: 'sandbox', now: () => at })) as Verdict;
}

function codeOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

const body = JSON.stringify({
  type: 'payment.completed',
  timestamp: '2026-01-02T03:04:05Z',
  data: { payment: 'sbx_1', amount: { amount: 100, currency: 'EUR' } },
});

describe("proving the sandbox's callbacks", () => {
  it('agrees with the test vector of Standard Webhooks', () => {
    const vector = {
      'webhook-id': 'msg_demo',
      'webhook-timestamp': '1700000000',
      'webhook-signature': 'v1,RITumWdkUd/ODD4+VGPffJ7a7FMguzsqN0etS/GaZfk=',
    };
    const key = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';
    expect(codeOf(verify(callback('{"id":"evt_demo","n":1.0,"u":"é"}', vector), { key }))).to.equal('MALFORMED');
    expect(codeOf(verify(callback('{"id":"evt_demo","n":1,"u":"é"}', vector), { key }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('accepts what it signed, and names the delivery after the message', () => {
    const headers = signHeaders(secret, 'msg_1', now, body);
    expect(verify(callback(body, headers))).to.deep.equal({ kind: 'accepted', deliveryId: 'msg_1' });
    const rotated = { ...headers, 'webhook-signature': `v1a,xyz v1,AAAA ${headers['webhook-signature']}` };
    expect(codeOf(verify(callback(body, rotated)))).to.equal('accepted');
  });

  it('refuses what is stale, forged, signed for another message, or not signed at all', () => {
    const headers = signHeaders(secret, 'msg_1', now, body);
    expect(codeOf(verify(callback(body, headers), { at: new Date(now.getTime() + 301_000) }))).to.equal('SIGNATURE_STALE');
    expect(codeOf(verify(callback(body, headers), { at: new Date(now.getTime() - 301_000) }))).to.equal('SIGNATURE_STALE');
    expect(codeOf(verify(callback(body, { ...headers, 'webhook-id': 'msg_2' })))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify(callback(`${body} `, headers)))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify(callback(body, headers), { key: 'another secret' }))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify(callback(body, {})))).to.equal('SIGNATURE_MISSING');
    expect(codeOf(verify(callback(body, { ...headers, 'webhook-timestamp': 'soon' })))).to.equal('SIGNATURE_MALFORMED');
  });

  it('accepts nothing without a secret', () => {
    expect(codeOf(verify(callback(body, signHeaders('', 'msg_1', now, body)), { key: '' }))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify(callback(body, signHeaders('', 'msg_1', now, body)), { key: '  ' }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('may run in test mode only', () => {
    expect(sandbox.testOnly).to.equal(true);
  });

  it('never throws, whatever arrives', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('1700000000', 'v1,AAAA'));
    fc.assert(
      fc.property(fc.uint8Array(), part, part, part, (bytes, id, stamp, signature) => {
        const headers = { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signature };
        expect(verify(callback(bytes, headers)).kind).to.equal('refused');
      }),
    );
    const genuine = fc.oneof(
      fc.json(),
      fc
        .record({ type: fc.constantFrom('payment.completed', 'toString', ''), timestamp: fc.string(), data: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(genuine, (text) => {
        expect(codeOf(verify(callback(text, signHeaders(secret, 'msg_1', now, text))))).to.be.oneOf(['accepted', 'MALFORMED']);
      }),
    );
  });
});

describe('selling in the sandbox', () => {
  let server: Server;
  let shop: Sandbox;
  let taken: PaymentEvent[];
  let status: number;

  beforeEach(async () => {
    taken = [];
    status = 200;
    server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on(
        'end',
        () => void take(callback(Buffer.concat(chunks), req.headers)).finally(() => res.writeHead(status).end('CODE: words')),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    shop = createSandbox({
      products: () =>
        new Map([
          ['A', { title: 'Course A', price: { amount: 4900, currency: 'EUR' } }],
          ['B', { title: 'Course B', price: { amount: 1000, currency: 'EUR' } }],
          ['Y', { title: 'Course Y', price: { amount: 500, currency: 'JPY' } }],
        ]),
      secret,
      callbackUrl: () => `http://127.0.0.1:${port}/callbacks/sandbox`,
      http: createHttpClient(),
      laterSeconds: 0.01,
    });
  });
  afterEach(() => {
    shop.close();
    server.close();
  });

  async function take(sent: Callback): Promise<void> {
    const context = contextFor({ secret }, { name: 'sandbox' });
    const verdict = await sandbox.verify(sent, context);
    if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
    const reading = await sandbox.read({ ...sent, deliveryId: verdict.deliveryId, attempts: 1 }, context);
    if ('events' in reading) taken.push(...reading.events);
  }

  const order = { items: [{ sku: 'A' }, { sku: 'B', quantity: 2 }], buyer: { email: 'ada@example.org', name: 'Ada Example' } };

  it('sends a real callback that reads as the purchase', async () => {
    const { payment } = await shop.buy({ ...order, language: 'de', metadata: { from: 'test' } });
    expect(taken.map((event) => ({ ...event, at: '', metadata: { ...event.metadata } }))).to.deep.equal([
      {
        kind: 'payment.completed',
        gateway: 'sandbox',
        id: `${payment}:completed`,
        at: '',
        purchase: payment,
        payment,
        mode: 'test',
        amount: { amount: 6900, currency: 'EUR' },
        lines: [
          {
            sku: 'A',
            title: 'Course A',
            quantity: 1,
            subtotal: { amount: 4900, currency: 'EUR' },
            total: { amount: 4900, currency: 'EUR' },
          },
          {
            sku: 'B',
            title: 'Course B',
            quantity: 2,
            subtotal: { amount: 2000, currency: 'EUR' },
            total: { amount: 2000, currency: 'EUR' },
          },
        ],
        buyer: order.buyer,
        language: 'de',
        metadata: { from: 'test' },
      },
    ]);
    expect((await sandbox.findReturn?.({ query: { payment } }, contextFor({})))?.purchase).to.equal(payment);
    expect(await sandbox.findReturn?.({ query: { payment: '../x' } }, contextFor({}))).to.equal(undefined);
  });

  it('brings an order into every state', async () => {
    const cases: [SandboxAct[], string][] = [
      [['approve'], 'paid'],
      [['decline'], 'declined'],
      [['wait'], 'pending'],
      [['expire'], 'expired'],
      [['approve', 'refund'], 'refunded'],
      [['approve', 'refund', 'failRefund'], 'paid'],
      [['approve', 'dispute'], 'disputed'],
      [['approve', 'dispute', 'winDispute'], 'paid'],
      [['approve', 'dispute', 'loseDispute'], 'disputeLost'],
      [['approve', 'renew', 'failRenewal'], 'paid'],
      [['approve', 'end'], 'ended'],
    ];
    for (const [acts, expected] of cases) {
      taken = [];
      const sale = shop.open(order);
      for (const act of acts) await shop.act(sale, act);
      expect(applyEvents('sandbox', sale.payment, taken).status, acts.join(' ')).to.equal(expected);
    }
  });

  it('refunds parts, each once', async () => {
    const sale = await shop.buy(order);
    for (const reference of ['refund_1', 'refund_1', 'refund_2']) await shop.act(sale, 'refund', { amount: 1000, reference });
    const applied = applyEvents('sandbox', sale.payment, taken);
    expect(applied.status).to.equal('partlyRefunded');
    expect(applied.payments[0]?.refunded).to.equal(2000);
  });

  it('underpays, so that an order is held', async () => {
    const sale = await shop.buy({ ...order, outcome: 'underpay' });
    expect(taken[0]?.amount?.amount).to.equal(sale.total.amount / 2);
  });

  it('approves later by itself', async () => {
    const sale = await shop.buy({ ...order, outcome: 'approveLater' });
    expect(taken.map(({ kind }) => kind)).to.deep.equal(['payment.pending']);
    while (taken.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(taken[1]).to.include({ kind: 'payment.completed', purchase: sale.payment });
  });

  it('sends its callbacks to the address at hand, where one is given', async () => {
    const sale = shop.open(order);
    const error: unknown = await shop
      .act(sale, 'approve', { callbackUrl: 'http://127.0.0.1:1/elsewhere' })
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'NOT_SENT' });
    expect(taken).to.deep.equal([]);
  });

  it('says what cannot be bought', () => {
    const codeFor = (items: { sku: string; quantity?: number }[]): unknown => {
      try {
        shop.open({ items });
        return undefined;
      } catch (error) {
        return (error as { code: unknown }).code;
      }
    };
    expect(codeFor([])).to.equal('SANDBOX_CART_EMPTY');
    expect(codeFor([{ sku: 'NONE' }])).to.equal('SANDBOX_SKU_UNKNOWN');
    expect(codeFor([{ sku: 'A', quantity: 0 }])).to.equal('SANDBOX_QUANTITY_WRONG');
    expect(codeFor([{ sku: 'A', quantity: NaN }])).to.equal('SANDBOX_QUANTITY_WRONG');
    expect(codeFor([{ sku: 'A' }, { sku: 'Y' }])).to.equal('SANDBOX_CURRENCIES_DIFFER');
  });

  it('says when its callback was not taken', async () => {
    status = 503;
    const error: unknown = await shop.buy(order).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'SANDBOX_NOT_DELIVERED' });
    expect(error).to.have.property('message').that.contains('503: CODE: words');
  });

  it('opens only what it sealed itself', () => {
    const sale = shop.open(order);
    const sealed = shop.seal(sale);
    expect(shop.unseal(sealed)).to.deep.equal(sale);
    const [text = '', mark = ''] = sealed.split('.');
    const cheaper = Buffer.from(JSON.stringify({ ...sale, total: { amount: 1, currency: 'EUR' } })).toString('base64url');
    for (const forged of ['', '.', text, `${cheaper}.${mark}`, `${text}.${mark.slice(1)}`]) {
      expect(shop.unseal(forged), forged).to.equal(undefined);
    }
  });
});
