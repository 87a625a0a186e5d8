import { expect } from 'chai';
import { Stripe } from 'stripe';
import { fault } from '../../src/testing/double-server.ts';
import { startStripe, stripeFault, type StripeDouble, type StripeOptions } from '../../src/testing/stripe/index.ts';

const open: StripeDouble[] = [];

async function start(options: StripeOptions = {}): Promise<{ double: StripeDouble; client: Stripe }> {
  const double = await startStripe(options);
  open.push(double);
  return { double, client: clientOf(double) };
}

function clientOf({ apiKey, host, port }: StripeDouble, key = apiKey): Stripe {
  return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}

async function refusal(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

const course = { sku: 'TS-101', unitAmount: 4900 };

describe("the double of Stripe's API", () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((double) => double.close()));
  });

  it('shows the official client a session as far as the sale has come', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [{ ...course, quantity: 2, discount: 800, tax: 900 }], clientReferenceId: 'order-7' });

    const before = await client.checkout.sessions.retrieve(sale.session.id);
    sale.completed();
    const after = await client.checkout.sessions.retrieve(sale.session.id, { expand: ['payment_intent.latest_charge'] });

    expect(before).to.include({ status: 'open', payment_status: 'unpaid', payment_intent: null, amount_total: 9900 });
    expect(before.url).to.equal(`${double.url}/c/pay/${sale.session.id}`);
    expect(after).to.include({ status: 'complete', payment_status: 'paid', url: null, client_reference_id: 'order-7' });
    expect(after.customer_details?.email).to.equal('ada@example.org');
    const intent = after.payment_intent as Stripe.PaymentIntent;
    expect(intent).to.include({ status: 'succeeded', amount_received: 9900 });
    expect((intent.latest_charge as Stripe.Charge).billing_details.email).to.equal('ada@example.org');
  });

  it('hands out line items page by page, with products as ids until they are expanded', async () => {
    const { double, client } = await start({ pageSize: 2 });
    const sale = double.sale({ lines: [1, 2, 3, 4, 5].map((n) => ({ sku: `S-${n}`, unitAmount: n * 100, title: `Part ${n}` })) });

    const first = await client.checkout.sessions.listLineItems(sale.session.id, { limit: 100 });
    const all = await client.checkout.sessions
      .listLineItems(sale.session.id, { limit: 100, expand: ['data.price.product'] })
      .autoPagingToArray({ limit: 100 });

    expect(first.has_more).to.equal(true);
    expect(first.data).to.have.length(2);
    expect(first.data[0]!.price!.product).to.be.a('string');
    expect(all.map((item) => item.price!.metadata['sku'])).to.deep.equal(['S-1', 'S-2', 'S-3', 'S-4', 'S-5']);
    expect(all.map((item) => (item.price!.product as Stripe.Product).name)).to.include('Part 5');
    expect(Stripe.Decimal.from('500').eq(all[4]!.price!.unit_amount_decimal!)).to.equal(true);
  });

  it('puts the SKU where the shop keeps it', async () => {
    const { double, client } = await start();
    const places = [
      'line-metadata',
      'price-metadata',
      'lookup-key',
      'product-metadata',
      'price-id',
      'product-id',
      'none',
    ] as const;
    const sale = double.sale({ lines: places.map((skuPlace) => ({ sku: `SKU-${skuPlace}`, unitAmount: 100, skuPlace })) });

    const { data } = await client.checkout.sessions.listLineItems(sale.session.id, { expand: ['data.price.product'] });
    const found = data.map((item) => {
      const product = item.price!.product as Stripe.Product;
      const all = [item.metadata, item.price!.metadata, item.price!.lookup_key, product.metadata, item.price!.id, product.id];
      return all.map((each) => (typeof each === 'string' ? each : each?.['sku'])).filter((each) => each?.startsWith('SKU-'));
    });

    expect(found).to.deep.equal(places.map((place) => (place === 'none' ? [] : [`SKU-${place}`])));
  });

  it('shows a deleted product as nothing but deleted, and a quantity that is null', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [{ ...course, quantity: null, productDeleted: true }] });

    const { data } = await client.checkout.sessions.listLineItems(sale.session.id, { expand: ['data.price.product'] });

    expect(data[0]!.quantity).to.equal(null);
    expect(data[0]!.price!.product).to.deep.include({ object: 'product', deleted: true });
    expect(data[0]!.price!.product).not.to.have.property('metadata');
  });

  it('finds a session by its payment intent, its state and its time', async () => {
    const { double, client } = await start();
    const old = double.sale({ lines: [course], at: new Date(Date.now() - 3_600_000) });
    const sale = double.sale({ lines: [course] });
    old.completed();
    sale.completed();
    const since = sale.session.created - 60;

    const byIntent = await client.checkout.sessions.list({ payment_intent: old.paymentIntent.id });
    const recent = await client.checkout.sessions.list({ status: 'complete', created: { gte: since } });

    expect(byIntent.data.map(({ id }) => id)).to.deep.equal([old.session.id]);
    expect(recent.data.map(({ id }) => id)).to.deep.equal([sale.session.id]);
  });

  it('refuses wrong keys, unknown ids, unknown paths, misspelt parameters and things that cannot be expanded', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course] });
    const sessions = client.checkout.sessions;

    const wrongKey = await refusal(clientOf(double, 'sk_test_other').checkout.sessions.retrieve(sale.session.id));
    expect(wrongKey).to.be.instanceOf(Stripe.errors.StripeAuthenticationError);
    const unknown = await refusal(sessions.retrieve('cs_test_none'));
    expect(unknown).to.include({ statusCode: 404, code: 'resource_missing' });
    expect(await refusal(client.rawRequest('GET', '/v1/checkout/session'))).to.include({ statusCode: 404 });
    const misspelt = await refusal(client.rawRequest('GET', '/v1/checkout/sessions?paymentintent=pi_1'));
    expect(misspelt).to.include({ statusCode: 400, code: 'parameter_unknown', param: 'paymentintent' });
    const unexpandable = await refusal(sessions.retrieve(sale.session.id, { expand: ['metadata'] }));
    expect(unexpandable.message).to.equal('This property cannot be expanded (metadata).');
    expect(await refusal(sessions.list({ limit: 101 }))).to.include({ statusCode: 400, param: 'limit' });
  });

  it('takes the key as the user name of Basic authentication too', async () => {
    const { double } = await start();
    const sale = double.sale({ lines: [course] });
    const ask = (authorization: string) =>
      fetch(`${double.url}/v1/checkout/sessions/${sale.session.id}`, { headers: { authorization } });

    expect((await ask(`Basic ${Buffer.from('sk_test_double:').toString('base64')}`)).status).to.equal(200);
    expect((await ask(`Basic ${Buffer.from('sk_test_wrong:').toString('base64')}`)).status).to.equal(401);
    expect((await ask('')).status).to.equal(401);
  });

  it('keeps connected accounts apart and remembers which one was asked for', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course], account: 'acct_shop' });
    const { id } = sale.session;

    const seen = await client.checkout.sessions.retrieve(id, {}, { stripeAccount: 'acct_shop' });
    const items = await client.checkout.sessions.listLineItems(id, {}, { stripeAccount: 'acct_shop' });

    expect(seen.id).to.equal(id);
    expect(items.data).to.have.length(1);
    expect(await refusal(client.checkout.sessions.retrieve(id))).to.include({ statusCode: 404 });
    expect(await refusal(client.checkout.sessions.retrieve(id, {}, { stripeAccount: 'acct_b' }))).to.include({ statusCode: 404 });
    expect(double.books.requests.map(({ account, status }) => [account, status])).to.deep.equal([
      ['acct_shop', 200],
      ['acct_shop', 200],
      [null, 404],
      ['acct_b', 404],
    ]);
    expect(JSON.stringify(double.books.requests)).not.to.include(double.apiKey);
  });

  it('does not show live objects to a test key', async () => {
    const { double, client } = await start({ apiKey: 'sk_test_1' });
    const sale = double.sale({ lines: [course], livemode: true });

    const error = await refusal(client.checkout.sessions.retrieve(sale.session.id));

    expect(error.message).to.include('a similar object exists in live mode');
    expect((await client.checkout.sessions.list()).data).to.deep.equal([]);
  });

  it('lists events newest first, and in the order of time when a reader goes backwards', async () => {
    const { double, client } = await start({ pageSize: 2 });
    const sale = double.sale({ lines: [course] });
    const at = (seconds: number) => ({ at: new Date(Date.now() - 3_600_000 + seconds * 1000) });
    const told = [
      sale.declinedAttempt(at(1)),
      sale.completed(at(2)),
      sale.paymentIntentSucceeded(at(3)),
      sale.chargeSucceeded(at(4)),
    ];
    double.sale({ lines: [course] }).expired({ at: new Date(Date.now() - 31 * 24 * 3_600_000) });
    const [first] = told;

    const newest = await client.events.list({ limit: 100 }).autoPagingToArray({ limit: 100 });
    const later = await client.events.list({ limit: 100, ending_before: first!.id }).autoPagingToArray({ limit: 100 });
    const some = await client.events.list({ types: ['charge.succeeded', 'checkout.session.completed'], limit: 100 });

    expect(newest.map(({ id }) => id)).to.deep.equal(told.map(({ id }) => id).reverse());
    expect(later.map(({ id }) => id)).to.deep.equal(told.slice(1).map(({ id }) => id));
    expect(some.data.map(({ type }) => type)).to.deep.equal(['charge.succeeded', 'checkout.session.completed']);
    const again = await client.events.retrieve(told[1]!.id);
    expect(again.data.object).to.deep.equal((told[1]!.event as { data: { object: unknown } }).data.object);
  });

  it('is asked under a key once, and says when a key is used for something else', async () => {
    const { double, client } = await start();
    const line = {
      price_data: { currency: 'eur', unit_amount: 4900, product_data: { name: 'TS', metadata: { sku: 'TS-101' } } },
    };
    const cart = {
      mode: 'payment' as const,
      success_url: 'https://shop.example.com/done?s={CHECKOUT_SESSION_ID}',
      line_items: [{ ...line, quantity: 2 }],
      customer_email: 'ada@example.org',
      metadata: { order: '7' },
    };

    const made = await client.checkout.sessions.create(cart, { idempotencyKey: 'order-7' });
    const same = await client.checkout.sessions.create(cart, { idempotencyKey: 'order-7' });
    const other = await refusal(client.checkout.sessions.create({ ...cart, metadata: {} }, { idempotencyKey: 'order-7' }));
    const [item] = (await client.checkout.sessions.listLineItems(made.id, { expand: ['data.price.product'] })).data;

    expect(made).to.include({ amount_total: 9800, currency: 'eur', status: 'open', customer_email: 'ada@example.org' });
    expect(same.id).to.equal(made.id);
    expect(other).to.be.instanceOf(Stripe.errors.StripeIdempotencyError);
    expect((item!.price!.product as Stripe.Product).metadata).to.deep.equal({ sku: 'TS-101' });
    expect(double.saleOf(made.id).completed().event).to.have.nested.property('data.object.metadata.order', '7');
  });

  it('refuses a session that Stripe would refuse', async () => {
    const { client } = await start();
    const cart = {
      mode: 'payment' as const,
      success_url: 'https://shop.example.com/',
      line_items: [{ price: 'price_none', quantity: 1 }],
    };
    const inline = { currency: 'eur', unit_amount: 100, product_data: { name: 'TS' } };
    const create = async (change: object) => {
      const { code, param } = await refusal(client.checkout.sessions.create({ ...cart, ...change }));
      return [code, param];
    };

    expect(await create({})).to.deep.equal(['resource_missing', 'line_items[0][price]']);
    expect(await create({ success_url: undefined })).to.deep.equal(['parameter_missing', 'success_url']);
    expect(await create({ success_url: '/done' })).to.deep.equal(['url_invalid', 'success_url']);
    expect(await create({ line_items: undefined })).to.deep.equal(['parameter_missing', 'line_items']);
    expect(await create({ line_items: [{ price_data: inline }] })).to.deep.equal([
      'parameter_missing',
      'line_items[0][quantity]',
    ]);
    expect(await create({ metadata: { note: 'x'.repeat(501) } })).to.deep.equal(['parameter_invalid', 'metadata[note]']);
    const repeating = { ...inline, recurring: { interval: 'month' } };
    expect(await create({ line_items: [{ price_data: repeating, quantity: 1 }] })).to.deep.equal([
      'parameter_invalid',
      'line_items',
    ]);
  });

  it('reads forms, not JSON', async () => {
    const { double } = await start();
    const headers = { authorization: `Bearer ${double.apiKey}`, 'content-type': 'application/json' };

    const answer = await fetch(`${double.url}/v1/checkout/sessions`, { method: 'POST', headers, body: '{"mode":"payment"}' });

    expect(answer.status).to.equal(400);
    expect(await answer.text()).to.include('application/x-www-form-urlencoded');
  });

  it('sends the buyer back to the shop and the callback to the endpoint when somebody pays on its page', async () => {
    const { double: endpoint } = await start();
    const { double, client } = await start({ deliverTo: `${endpoint.url}/hook` });
    const { id, url } = await client.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example.com/done?s={CHECKOUT_SESSION_ID}',
      line_items: [{ price_data: { currency: 'eur', unit_amount: 100, product_data: { name: 'TS' } }, quantity: 1 }],
    });

    expect(await (await fetch(url!)).text()).to.include('Pay by bank debit');
    const body = new URLSearchParams({ email: 'bo@example.org', name: 'Bo Example' });
    const back = await fetch(`${url!}/pay`, { method: 'POST', body, redirect: 'manual' });
    await double.close();

    expect(back.headers.get('location')).to.equal(`https://shop.example.com/done?s=${id}`);
    const [told] = endpoint.requests;
    expect(told!.headers['stripe-signature']).to.match(/^t=\d+,v1=[0-9a-f]{64}/);
    expect(told!.json).to.have.nested.property('data.object.customer_details.email', 'bo@example.org');
  });

  it('goes wrong on demand, also in the way only Stripe does', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course] });
    const ask = () => client.checkout.sessions.retrieve(sale.session.id);

    double.faults.next(stripeFault.error(429, { code: 'rate_limit', retryAfter: 2 }));
    const limited = await refusal(ask());
    double.faults.next(fault.html());
    const garbled = await refusal(ask());

    expect(limited).to.be.instanceOf(Stripe.errors.StripeRateLimitError);
    expect(limited.headers?.['retry-after']).to.equal('2');
    expect(garbled).to.be.instanceOf(Stripe.errors.StripeAPIError);
    expect((await ask()).id).to.equal(sale.session.id);
    expect(double.faults.waiting).to.equal(0);
  });
});
