import { expect } from 'chai';
import { tryLater } from '../../src/contract/errors.ts';
import { defineGateway, refused } from '../../src/contract/gateway.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { newestMail, openShop, type ShopOptions } from './shop.ts';

const offline = { methods: { transfer: { iban: 'DE02120300000000202051', holder: 'Example School Ltd' }, cash: {} } };
const key = 'a-cart-key-nobody-guesses';

/** The shop with bank transfer, beside Stripe and the sandbox. */
function open({ site = {}, files = {}, ...options }: ShopOptions = {}): Promise<Site> {
  return openShop({ ...options, site: { gateways: { offline }, ...site }, files });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(site: Site, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(`${site.url}/checkout`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

async function postForm(site: Site, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const accept = { accept: 'text/html', ...headers };
  return fetch(`${site.url}/checkout`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: accept,
    redirect: 'manual',
  });
}

const buyer = { email: 'ada@example.org', name: 'Ada Byron' };
const one = { gateway: 'offline', items: [{ sku: 'TS-101' }], buyer };

describe('A checkout', () => {
  afterEach(closeSites);

  it('places an order at the prices of the product files and leads to its page', async () => {
    const site = await open();
    const answer = await postForm(site, {
      sku: 'TS-101',
      quantity: '2',
      pay: 'offline:transfer',
      email: 'ada@example.org',
      price: '0.01',
    });
    expect(answer.status).to.equal(303);
    const page = await fetch(answer.headers.get('location') ?? '', { headers: { accept: 'application/json' } });
    const json = (await page.json()) as {
      status: string;
      total: { amount: number };
      toPay: { rows: { label: string; value: string }[] };
    };
    expect([json.status, json.total.amount]).to.deep.equal(['pending', 9800]);
    expect(json.toPay.rows.map(({ label }) => label)).to.deep.equal([
      'Amount',
      'Account holder',
      'IBAN',
      'Reference',
      'Please pay by',
    ]);
  });

  it('takes a form sent twice as one', async () => {
    const site = await open();
    const [first, second] = [await post(site, { ...one, cart: key }), await post(site, { ...one, cart: key })];
    expect(first.body['order']).to.equal(second.body['order']);
    const other = await post(site, { ...one, cart: key, items: [{ sku: 'TS-102' }] });
    expect(other.body['order']).to.not.equal(first.body['order']);
  });

  it("never leads to another buyer's order because the cart is the same", async () => {
    const site = await open();
    const [first, second] = [await post(site, one), await post(site, one)];
    expect(first.body['order']).to.not.equal(second.body['order']);
    expect((await post(site, { ...one, cart: 'short' })).status).to.equal(422);
  });

  it('says what cannot be bought, and begins nothing', async () => {
    const site = await open({
      files: {
        'products/TS-102.json': (old) => ({ ...old, cart: { max: 2, requires: ['TS-101'], excludes: ['KIT'] } }),
        'products/TS-103.json': (old) => ({ ...old, price: ['69.00 USD'], cart: { min: 5 } }),
        'products/ALL.json': { sku: 'ALL', title: 'Everything', price: '99.00 EUR', includes: ['TS-101'] },
      },
    });
    const codeOf = async (items: object[], more = {}): Promise<unknown> =>
      (await post(site, { ...one, items, ...more })).body['error'];
    expect(await codeOf([{ sku: 'NOPE' }])).to.equal('SKU_UNKNOWN');
    expect(await codeOf([{ sku: 'TS-102' }])).to.equal('CART_RULE');
    expect(await codeOf([{ sku: 'TS-102' }, { sku: 'TS-101' }, { sku: 'KIT' }])).to.equal('CART_RULE');
    expect(await codeOf([{ sku: 'TS-102', quantity: 2 }, { sku: 'TS-101' }, { sku: 'TS-102' }])).to.equal('CART_QUANTITY');
    expect(await codeOf([{ sku: 'ALL' }, { sku: 'TS-101' }])).to.equal('CART_RULE');
    expect(await codeOf([{ sku: 'TS-103' }])).to.equal('CART_QUANTITY');
    expect(await codeOf([{ sku: 'TS-103', quantity: 5 }, { sku: 'TS-101' }])).to.equal('CART_CURRENCY');
    expect(await codeOf([{ sku: 'TS-101' }], { currency: 'USD' })).to.equal('CART_CURRENCY');
    expect(await codeOf([{ sku: 'TS-101', quantity: 0.5 }])).to.equal('CHECKOUT_MALFORMED');
    expect(await codeOf([])).to.equal('CHECKOUT_MALFORMED');
    expect(await codeOf([{ sku: 'TS-101' }], { gateway: 'hand' })).to.equal('CHECKOUT_GATEWAY');
    expect(await codeOf([{ sku: 'TS-101' }], { gateway: 'free' })).to.equal('CHECKOUT_GATEWAY');
    expect(await codeOf([{ sku: 'TS-101' }], { method: 'gold' })).to.equal('CHECKOUT_GATEWAY');
    expect(await codeOf([{ sku: 'TS-101' }], { buyer: {} })).to.equal('CHECKOUT_BUYER');
    expect(await codeOf([{ sku: 'TS-101' }], { buyer: { email: 'nobody' } })).to.equal('CHECKOUT_BUYER');
    expect(await codeOf([{ sku: 'TS-101' }], { cancelUrl: 'https://evil.example.org/' })).to.equal('CHECKOUT_ADDRESS');
    expect(await site.app.store.findOrders({ limit: 10 })).to.deep.equal([]);
  });

  it('knows a product by its older name', async () => {
    const site = await open({ files: { 'products/TS-102.json': (old) => ({ ...old, aliases: ['OLD-2'] }) } });
    const { body } = await post(site, { ...one, items: [{ sku: 'OLD-2' }] });
    const record = await site.app.store.findOrder(String(body['order']));
    expect(record?.order.lines.map(({ sku }) => sku)).to.deep.equal(['TS-102']);
  });

  it('is open to the pages of the site and of the origins it names, and to no other', async () => {
    const site = await open({ site: { gateways: { offline }, checkout: { origins: ['https://www.example.com'] } } });
    const own = new URL(site.url).origin;
    expect((await post(site, one, { origin: own })).status).to.equal(200);
    const friend = await post(site, one, { origin: 'https://www.example.com' });
    expect(friend.headers.get('access-control-allow-origin')).to.equal('https://www.example.com');
    expect(friend.headers.get('access-control-allow-credentials')).to.equal(null);
    const foreign = await post(site, one, { origin: 'https://evil.example.org' });
    expect([foreign.status, foreign.body['error']]).to.deep.equal([403, 'CHECKOUT_ORIGIN']);
    expect(foreign.headers.get('access-control-allow-origin')).to.equal(null);
    expect((await postForm(site, { sku: 'TS-101', pay: 'offline' }, { origin: 'null' })).status).to.equal(403);
    const preflight = await fetch(`${site.url}/checkout`, { method: 'OPTIONS', headers: { origin: 'https://www.example.com' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).to.deep.equal([204, 'POST']);
  });

  it('slows down whoever begins payments without end', async () => {
    const site = await open({ site: { gateways: { offline }, checkout: { requestsPerMinute: 3 } } });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++) statuses.push((await post(site, one)).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
  });

  it('answers a browser with a page when something is wrong, and never with a stack trace', async () => {
    const site = await open();
    const answer = await postForm(site, { sku: 'NOPE', pay: 'offline' });
    expect(answer.status).to.equal(422);
    const html = await answer.text();
    expect(html)
      .to.include('NOPE is not sold here.')
      .and.not.match(/\bat .*\.ts:/);
    const odd = await fetch(`${site.url}/checkout`, { method: 'POST', body: '<x/>', headers: { 'content-type': 'text/xml' } });
    expect(odd.status).to.equal(415);
  });

  it('reads what a body parser of the host has taken apart', async () => {
    const express = await import('express');
    const site = await open({ before: [express.default.json(), express.default.urlencoded({ extended: true })] });
    expect((await post(site, one)).body['kind']).to.equal('placed');
    expect((await postForm(site, { items: 'TS-101:2', pay: 'offline', email: 'ada@example.org' })).status).to.equal(303);
  });
});

describe('The cart page', () => {
  afterEach(closeSites);

  it('shows lines, prices and a button for each way to pay, and its form begins the payment', async () => {
    const site = await open();
    const answer = await site.get('/cart?items=TS-101:2,TP-7:1', { accept: 'text/html' });
    const html = await answer.text();
    expect(answer.status).to.equal(200);
    expect(html).to.include('€98.00').and.include('€117.00').and.include('Prices contain the tax.');
    expect(html).to.include('value="offline:transfer">Bank transfer<').and.include('value="offline:cash">Cash to the courier<');
    expect(answer.headers.get('content-security-policy')).to.include("form-action 'self' https:");
    const fields = Object.fromEntries(
      [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(Number(fields['cart']?.length)).to.be.greaterThan(15);
  });

  it('tells what stands in the way and offers no button', async () => {
    const site = await open();
    const answer = await site.get('/cart?items=TS-101:1,NOPE:1', { accept: 'text/html' });
    expect(answer.status).to.equal(422);
    expect(await answer.text())
      .to.include('NOPE is not sold here.')
      .and.not.include('<button class="button');
    expect((await site.get('/cart', { accept: 'text/html' })).status).to.equal(422);
  });

  it('is there for programs too', async () => {
    const site = await open();
    const cart = (await (await site.get('/cart?items=TS-101:1', { accept: 'application/json' })).json()) as {
      total: object;
      pay: object[];
    };
    expect(cart.total).to.deep.equal({ amount: 4900, currency: 'EUR' });
    expect(cart.pay).to.deep.include({ gateway: 'offline', method: 'cash', label: 'Cash to the courier', needsBuyer: true });
  });
});

describe('What costs nothing', () => {
  afterEach(closeSites);

  it('is delivered once the buyer has given an address, without any gateway', async () => {
    const site = await open({ files: { 'products/TS-102.json': (old) => ({ ...old, price: '0.00 EUR' }) } });
    const none = await postForm(site, { sku: 'TS-102', pay: 'free' });
    expect(none.status).to.equal(422);
    const answer = await postForm(site, { sku: 'TS-102', pay: 'free', email: 'ada@example.org' });
    expect(answer.status).to.equal(303);
    await site.finishesItsSteps();
    expect(site.lms.books.enrolments.map(({ email, courseId }) => `${email}: ${courseId}`)).to.deep.equal([
      'ada@example.org: 18',
    ]);
  });
});

/** A gateway that only begins payments. */
const kiosk = defineGateway<{ kind: 'redirect' | 'form' | 'broken' }>({
  name: 'kiosk',
  summary: 'Kiosk: a page elsewhere',
  options: { type: 'object', properties: { kind: { type: 'string' } } },
  verify: () => refused('NO_CALLBACKS'),
  read: () => Promise.resolve({ ignored: 'nothing' }),
  checkout({ reference, returnUrl, cancelUrl, callbackUrl, total }, { options }) {
    if (options.kind === 'broken') throw tryLater('KIOSK_SILENT', 'The kiosk with the secret name k-77 is silent.');
    const purchase = `kiosk_${reference}`;
    const fields = { returnUrl, cancelUrl, callbackUrl, sum: String(total.amount), odd: '"><script>' };
    if (options.kind === 'form')
      return Promise.resolve({ kind: 'form', purchase, action: 'https://pay.example.com/begin', fields });
    return Promise.resolve({ kind: 'redirect', purchase, url: `https://pay.example.com/${purchase}` });
  },
});

describe('A payment begun at a gateway', () => {
  afterEach(closeSites);

  const openKiosk = (kind: string, options: ShopOptions = {}): Promise<Site> =>
    openShop({
      ...options,
      site: { gateways: { kiosk: { kind, label: 'Pay at the kiosk' } } },
      handover: { gateways: [kiosk], ...options.handover },
    });

  it('sends the browser on, with our own addresses and a way back to the cart', async () => {
    const site = await openKiosk('form');
    const answer = await postForm(site, { sku: 'TS-101', quantity: '2', language: 'de' });
    const html = await answer.text();
    expect(html).to.include(`value="${site.url}/return/kiosk"`).and.include(`value="${site.url}/callbacks/kiosk"`);
    expect(html).to.include(`value="${site.url}/cart?sku=TS-101&amp;quantity=2&amp;language=de"`).and.include('value="9800"');
    expect(html).to.include('&#34;&gt;&lt;script&gt;').and.not.include('"><script>');
    expect(answer.headers.get('content-security-policy')).to.include("form-action 'self' https://pay.example.com");
    const redirect = await postForm(await openKiosk('redirect'), { sku: 'TS-101' });
    expect([redirect.status, redirect.headers.get('location')?.startsWith('https://pay.example.com/')]).to.deep.equal([
      303,
      true,
    ]);
  });

  it('tells the buyer to try again when the gateway is silent, and staff why', async () => {
    const site = await openKiosk('broken');
    const { status, headers, body } = await post(site, { ...one, gateway: 'kiosk' });
    expect([status, body['error'], headers.get('retry-after')]).to.deep.equal([503, 'CHECKOUT_FAILED', '10']);
    expect(JSON.stringify(body)).to.not.include('k-77');
    expect(site.log.find(({ level }) => level === 'error')?.fields).to.include({ code: 'KIOSK_SILENT', gateway: 'kiosk' });
    expect(await site.app.store.findOrders({ limit: 10 })).to.deep.equal([]);
  });

  it('is taken as abandoned when nothing is heard of it, and the mail leads back to the cart', async () => {
    let ms = Date.now();
    const site = await openKiosk('redirect', { handover: { now: () => new Date(ms) } });
    const { body } = await post(site, { ...one, gateway: 'kiosk' });
    await site.finishesItsSteps();
    expect(site.mailbox.subjectsFor(buyer.email)).to.deep.equal([]);
    ms += 61 * 60_000;
    site.app.runner.wake();
    await site.finishesItsSteps();
    const record = await site.app.store.findOrder(String(body['order']));
    expect(record?.order.status).to.equal('abandoned');
    const mail = newestMail(site);
    expect(mail.subject).to.match(/is not paid yet$/);
    expect(mail.text).to.include('Go on with your order').and.include('/shop/cart?sku=TS-101&quantity=1');
    expect(body).to.not.have.property('page');
    const page = await site.get(site.app.edition().links.page(String(body['order'])), { accept: 'text/html' });
    expect(await page.text()).to.include('/shop/cart?sku=TS-101&amp;quantity=1">Go on with your order</a>');
  });
});
