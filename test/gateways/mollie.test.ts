import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, Cart, GatewayContext, Missed, Reading, Verdict } from '../../src/contract/gateway.ts';
import { mollie, mollieCallbackUrl } from '../../src/gateways/index.ts';
import type { MollieOptions } from '../../src/gateways/mollie/options.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { fault, jsonReply, startDouble, type DoubleRequest, type DoubleServer } from '../../src/testing/double-server.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { callbackOf, contextFor } from './stripe-site.ts';

const addressSecret = 'an address secret of the shop';
const eur = (value: string) => ({ value, currency: 'EUR' });

type Payment = Record<string, unknown>;

function payment(changes: Payment = {}): Payment {
  return {
    resource: 'payment',
    id: 'tr_7UhSN1zuXS',
    mode: 'live',
    status: 'paid',
    amount: eur('39.98'),
    description: '2 × Course',
    metadata: { name: 'Ada Example' },
    profileId: 'pfl_1',
    sequenceType: 'oneoff',
    locale: 'de_DE',
    createdAt: '2026-01-02T03:00:00+00:00',
    paidAt: '2026-01-02T03:04:05+00:00',
    billingAddress: { email: 'ada@example.org' },
    lines: [
      { type: 'digital', description: 'Course', quantity: 2, unitPrice: eur('19.99'), totalAmount: eur('39.98'), sku: 'TS-101' },
    ],
    _embedded: { refunds: [], chargebacks: [] },
    ...changes,
  };
}

/** Mollie's API, as far as we use it: strict about keys, forms of amounts and what a payment needs. */
async function startMollie(known: Payment[]): Promise<DoubleServer> {
  const byKey = new Map<string, unknown>();
  const problem = (status: number, detail: string) => jsonReply({ status, title: 'Problem', detail }, status);
  function create({ json, headers }: DoubleRequest) {
    const key = String(headers['idempotency-key'] ?? '');
    if (byKey.has(key)) return jsonReply(byKey.get(key), 201);
    const asked = json as { amount?: { value?: string }; redirectUrl?: string; webhookUrl?: string; lines?: Payment[] };
    if (!/^\d+\.\d{2}$/.test(asked.amount?.value ?? '')) return problem(422, 'The amount contains an invalid value');
    if (!URL.canParse(asked.redirectUrl ?? '')) return problem(422, 'The redirect URL is required');
    const sum = (asked.lines ?? []).reduce((all, line) => all + Number((line['totalAmount'] as { value: string }).value), 0);
    if (Math.abs(sum - Number(asked.amount?.value)) > 0.001) return problem(422, 'The amount of the lines does not match');
    const made = {
      ...payment(),
      ...asked,
      id: `tr_made${known.length}xx`,
      status: 'open',
      _links: { checkout: { href: 'https://pay.example.org/1' } },
    };
    known.push(made);
    byKey.set(key, made);
    return jsonReply(made, 201);
  }
  function list(name: string, entries: Payment[], { query }: DoubleRequest) {
    const start = query['from'] === undefined ? 0 : entries.findIndex(({ id }) => id === query['from']);
    const page = entries.slice(start, start + 2);
    const next = entries[start + 2];
    const href = next && `https://api.mollie.com/v2/${name}?from=${String(next['id'])}&limit=2`;
    return jsonReply({ count: page.length, _embedded: { [name]: page }, _links: { next: href === undefined ? null : { href } } });
  }
  return startDouble({
    handle(request) {
      const { method, path, headers, query } = request;
      if (headers.authorization !== 'Bearer live_double_key')
        return problem(401, 'Missing authentication, or failed to authenticate');
      if (path === '/v2/payments' && method === 'POST') return create(request);
      if (path === '/v2/payments') return list('payments', known, request);
      const all = (name: string) =>
        known.flatMap(({ id, _embedded }) =>
          ((_embedded as Record<string, Payment[]>)[name] ?? []).map((entry) => ({ ...entry, paymentId: id })),
        );
      if (path === '/v2/refunds') return list('refunds', all('refunds'), request);
      if (path === '/v2/chargebacks') return list('chargebacks', all('chargebacks'), request);
      const found = known.find(({ id }) => path === `/v2/payments/${String(id)}`);
      if (!found) return problem(404, 'No payment exists with this token.');
      return jsonReply(query['embed'] === 'refunds,chargebacks' ? found : { ...found, _embedded: undefined });
    },
  });
}

const known: Payment[] = [];
let api: DoubleServer;

function contextOf(changes: Partial<MollieOptions> = {}, mode: 'live' | 'test' = 'live'): GatewayContext<MollieOptions> {
  const options = { apiKey: 'live_double_key', addressSecrets: [addressSecret], apiBase: api.origin, ...changes };
  return contextFor<MollieOptions>(options, { name: 'mollie', mode });
}
const address = mollieCallbackUrl('https://shop.example.org/callbacks/mollie', addressSecret);

function classic(id = 'tr_7UhSN1zuXS', url = address): Callback {
  return { ...callbackOf(`id=${id}`), url: new URL(url).pathname + new URL(url).search };
}
const codeOf = (verdict: Verdict): string => (verdict.kind === 'refused' ? verdict.code : verdict.kind);
const verify = (callback: Callback): Verdict => mollie.verify(callback, contextOf()) as Verdict;

async function read(callback: Callback = classic()): Promise<Reading> {
  return mollie.read({ ...callback, deliveryId: 'd', attempts: 1 }, contextOf());
}
async function events(changes: Payment = {}): Promise<readonly PaymentEvent[]> {
  known.splice(0, known.length, payment(changes));
  const reading = await read();
  if ('ignored' in reading) throw new Error(reading.ignored);
  return reading.events;
}
async function codeFrom(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('Mollie', () => {
  before(async () => (api = await startMollie(known)));
  after(() => api.close());
  beforeEach(() => known.splice(0, known.length, payment()));

  const event = {
    resource: 'event',
    id: 'event_1',
    type: 'payment.paid',
    entityId: 'tr_7UhSN1zuXS',
    createdAt: '2026-01-02T03:04:06Z',
  };
  const sign = (body: string | Uint8Array, secret = 'a signing secret') => ({
    body,
    headers: { 'x-mollie-signature': createHmac('sha256', secret).update(body).digest('hex') },
  });
  gatewaySuite<MollieOptions>('mollie, next-gen webhooks', {
    gateway: mollie,
    options: () => contextOf({ secrets: ['a signing secret'] }).options,
    otherAccount: () => contextOf({ secrets: ['the secret of another'] }).options,
    proof: { headers: ['x-mollie-signature'] },
    genuine: () => sign(JSON.stringify(event)),
    again: () => sign(JSON.stringify({ ...event, id: 'event_2' })),
    resign: (body, { secret } = {}) => sign(body, secret),
    unknownType: () => sign(JSON.stringify({ ...event, type: 'profile.blocked', entityId: 'pfl_1' })),
    http: createHttpClient(),
    expected: {
      purchase: 'tr_7UhSN1zuXS',
      at: '2026-01-02T03:04:05.000Z',
      receiver: 'pfl_1',
      language: 'de-DE',
      buyer: { email: 'ada@example.org', name: 'Ada Example' },
    },
  });

  it('believes a classic callback no further than the payment it names, and only at an address of ours', () => {
    expect(codeOf(verify(classic()))).to.equal('accepted');
    expect(codeOf(verify(classic('tr_7UhSN1zuXS', 'https://shop.example.org/callbacks/mollie')))).to.equal(
      'MOLLIE_ADDRESS_WRONG',
    );
    expect(codeOf(verify(classic('tr_7UhSN1zuXS', `${address}x`)))).to.equal('MOLLIE_ADDRESS_WRONG');
    expect(codeOf(verify(classic('ord_kEn1PlbGa')))).to.equal('ignored');
    for (const id of ['', '../customers', 'tr_', '%0a', 'tr_x'.repeat(40)])
      expect(codeOf(verify(classic(id))), id).to.equal('SIGNATURE_MISSING');
    expect(address).to.not.contain(addressSecret);
  });

  it('asks Mollie with its own payment id, whatever else the form holds', async () => {
    expect(await read(classic()))
      .to.have.property('events')
      .with.length(1);
    expect(api.requests.at(-1)?.path).to.equal('/v2/payments/tr_7UhSN1zuXS');
  });

  it('reads the status, and ignores a payment that is still open', async () => {
    const cases: [string, string][] = [
      ['paid', 'payment.completed'],
      ['pending', 'payment.pending'],
      ['authorized', 'payment.pending'],
      ['failed', 'payment.failed'],
      ['canceled', 'payment.expired'],
      ['expired', 'payment.expired'],
    ];
    for (const [status, kind] of cases) expect((await events({ status }))[0]?.kind, status).to.equal(kind);
    known.splice(0, 1, payment({ status: 'open' }));
    expect(await read())
      .to.have.property('ignored')
      .that.contains('open');
  });

  it('finds refunds and chargebacks by calling again with the same id', async () => {
    const at = { createdAt: '2026-01-03T00:00:00+00:00' };
    const refund = { id: 're_1', status: 'refunded', amount: eur('10.00'), ...at };
    const queued = { id: 're_2', status: 'queued', amount: eur('5.00'), ...at };
    const part = await events({ _embedded: { refunds: [refund, queued], chargebacks: [] } });
    expect(part.map(({ kind, reversal }) => [kind, reversal])).to.deep.equal([
      ['payment.completed', undefined],
      ['payment.refunded', 're_1'],
    ]);
    expect(applyEvents('mollie', 'tr_7UhSN1zuXS', part).status).to.equal('partlyRefunded');
    const failed = await events({ _embedded: { refunds: [{ ...refund, status: 'failed' }], chargebacks: [] } });
    expect(applyEvents('mollie', 'tr_7UhSN1zuXS', [...part, ...failed]).status).to.equal('paid');
    const chargeback = { id: 'chb_1', amount: eur('39.98'), reason: { description: 'fraud' }, reversedAt: null, ...at };
    const gone = await events({ _embedded: { refunds: [], chargebacks: [chargeback] } });
    expect(applyEvents('mollie', 'tr_7UhSN1zuXS', gone).status).to.equal('disputed');
    const back = await events({
      _embedded: { refunds: [], chargebacks: [{ ...chargeback, reversedAt: '2026-02-01T00:00:00+00:00' }] },
    });
    expect(applyEvents('mollie', 'tr_7UhSN1zuXS', [...gone, ...back]).status).to.equal('paid');
  });

  it('takes the one SKU of the metadata where a payment has no lines', async () => {
    const [paid] = await events({ lines: undefined, metadata: { sku: 'TS-101', quantity: '2', email: 'ada@example.org' } });
    expect(paid?.lines).to.have.length(1);
    expect(paid?.lines?.[0]).to.deep.include({ sku: 'TS-101', quantity: 2, total: { amount: 3998, currency: 'EUR' } });
  });

  it('reads a recurring payment as the renewal of the purchase that its metadata names', async () => {
    const recurring = { sequenceType: 'recurring', subscriptionId: 'sub_1', metadata: { handover_purchase: 'tr_first' } };
    expect((await events(recurring))[0]).to.include({
      kind: 'subscription.renewed',
      purchase: 'tr_first',
      payment: 'tr_7UhSN1zuXS',
    });
    expect((await events({ ...recurring, status: 'failed' }))[0]?.kind).to.equal('subscription.renewalFailed');
    expect((await events({ ...recurring, metadata: null }))[0]?.kind).to.equal('payment.completed');
  });

  it('tells a passing failure from one that a person has to mend', async () => {
    expect(await codeFrom(read(classic('tr_unknown1')))).to.equal('MOLLIE_PAYMENT_UNKNOWN');
    api.faults.next(fault.status(503));
    expect(await codeFrom(read())).to.equal('MOLLIE_DOWN');
    api.faults.next(fault.html());
    expect(await codeFrom(read())).to.equal('MOLLIE_ANSWER_UNREADABLE');
    const wrong = contextOf({ apiKey: 'live_another' });
    expect(await codeFrom(mollie.read({ ...classic(), deliveryId: 'd', attempts: 1 }, wrong))).to.equal('MOLLIE_KEY_REFUSED');
  });

  const cart: Cart = {
    reference: 'cart-1',
    lines: [{ sku: 'TS-101', title: 'Course', quantity: 2, price: { amount: 1999, currency: 'EUR' } }],
    total: { amount: 3998, currency: 'EUR' },
    buyer: { email: 'ada@example.org', name: 'Ada Example' },
    language: 'de',
    metadata: {},
    returnUrl: 'https://shop.example.org/shop/return/mollie',
    cancelUrl: 'https://shop.example.org/cart',
    callbackUrl: 'https://shop.example.org/shop/callbacks/mollie',
  };

  it('begins a payment once for a cart, and knows its callbacks and its buyer again', async () => {
    const started = await mollie.checkout!(cart, contextOf());
    expect(await mollie.checkout!(cart, contextOf())).to.deep.equal(started);
    expect(started).to.include({ kind: 'redirect', url: 'https://pay.example.org/1' });
    const made = known.at(-1)!;
    Object.assign(made, { status: 'paid' });
    const called = classic(String(made['id']), String(made['webhookUrl']));
    expect(codeOf(verify(called))).to.equal('accepted');
    const reading = await read(called);
    const [paid] = 'events' in reading ? reading.events : [];
    expect(paid).to.deep.include({ kind: 'payment.completed', purchase: started.purchase, buyer: cart.buyer });
    const query = Object.fromEntries(new URL(String(made['redirectUrl'])).searchParams);
    expect(await mollie.findReturn!({ query }, contextOf())).to.deep.equal({ purchase: started.purchase });
    expect(await mollie.findReturn!({ query: { order: started.purchase } }, contextOf())).to.equal(undefined);
    expect(made['locale']).to.equal('de_DE');
  });

  it('lists what happened since then, page by page, oldest first', async () => {
    const made = Array.from({ length: 5 }, (_, index) =>
      payment({ id: `tr_list${index}`, createdAt: `2026-01-0${9 - index}T00:00:00+00:00` }),
    );
    made[4] = payment({
      id: 'tr_list4',
      createdAt: '2025-12-01T00:00:00+00:00',
      _embedded: {
        refunds: [{ id: 're_9', status: 'refunded', amount: eur('1.00'), createdAt: '2026-01-08T12:00:00+00:00' }],
        chargebacks: [],
      },
    });
    known.splice(0, known.length, ...made);
    const found: Missed[] = [];
    for await (const missed of mollie.sweep!(new Date('2026-01-07T00:00:00Z'), contextOf())) found.push(missed);
    expect(found.map(({ body }) => body)).to.deep.equal(['id=tr_list2', 'id=tr_list1', 'id=tr_list4', 'id=tr_list0']);
    expect(new Set(found.map(({ deliveryId }) => deliveryId)).size).to.equal(4);
  });

  it('says whether the key works and is of the mode of the site', async () => {
    expect((await mollie.check!(contextOf()))[0]).to.include({ ok: true });
    expect((await mollie.check!(contextOf({}, 'test')))[0]).to.include({
      ok: false,
      message: 'The API key is a live key, but "mode" is "test".',
    });
    expect((await mollie.check!(contextOf({ apiKey: 'live_wrong_key' })))[0]?.message).to.contain('refuses the API key');
  });
});
