import { expect } from 'chai';
import type { Cart, Missed } from '../../src/contract/gateway.ts';
import { paypal } from '../../src/gateways/index.ts';
import { fault } from '../../src/testing/double-server.ts';
import { openPaypalSite, type PaypalSite } from './paypal-site.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const cart: Cart = {
  reference: 'cart-7f3a',
  lines: [
    { sku: 'TS-101', title: 'TypeScript in a week', quantity: 1, price: eur(4900) },
    { sku: 'TS-102', title: 'Testing', quantity: 3, price: eur(2500) },
  ],
  total: eur(12_400),
  buyer: { email: 'ada@example.org' },
  language: 'de-AT',
  metadata: {},
  returnUrl: 'https://shop.example.com/shop/return/paypal',
  cancelUrl: 'https://shop.example.com/cart',
  callbackUrl: 'https://shop.example.com/shop/callbacks/paypal',
};

describe('beginning a payment at PayPal', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const begin = (changes: Partial<Cart> = {}) => paypal.checkout!({ ...cart, ...changes }, site.context);

  it('makes an order with our prices and SKUs and sends the buyer to approve it', async () => {
    const started = await begin();
    expect(started).to.deep.equal({
      kind: 'redirect',
      purchase: started.purchase,
      url: `${site.double.url}/checkoutnow?token=${started.purchase}`,
    });
    const { order } = site.double.saleOf(started.purchase);
    expect((order['purchase_units'] as object[])[0]).to.deep.include({ custom_id: 'cart-7f3a', invoice_id: 'cart-7f3a' });
    const event = await site.event(site.double.saleOf(started.purchase).approve());
    expect(event).to.deep.include({ kind: 'payment.completed', purchase: started.purchase, amount: eur(12_400) });
    expect(event.lines?.map(({ sku, quantity, total }) => [sku, quantity, total.amount])).to.deep.equal([
      ['TS-101', 1, 4900],
      ['TS-102', 3, 7500],
    ]);
    expect(event.references).to.include('cart-7f3a');
  });

  it('finds the same order at a second attempt, also when the first answer was lost', async () => {
    site.double.faults.next(fault.commitThenDrop(), { path: /orders$/ });
    expect(await begin().catch((error: unknown) => error)).to.include({ code: 'NO_ANSWER', retry: 'later' });
    const [first, second] = [await begin(), await begin()];
    expect(first.purchase).to.equal(second.purchase);
    expect(site.double.books.all('orders')).to.have.length(1);
    expect((await begin({ reference: 'another' })).purchase).to.not.equal(first.purchase);
  });

  it('sends a buyer who has paid already to the result', async () => {
    const started = await begin();
    site.double.saleOf(started.purchase).approve();
    const again = await begin();
    expect(again).to.include({ kind: 'redirect', url: `${cart.returnUrl}?token=${started.purchase}` });
  });

  it('writes sums as PayPal wants them, and refuses what it cannot charge', async () => {
    const huf = (amount: number) => ({ amount, currency: 'HUF' });
    const inForints = (amount: number) => ({
      lines: [{ sku: 'A', title: 'A', quantity: 1, price: huf(amount) }],
      total: huf(amount),
    });
    const started = await begin({ reference: 'huf', ...inForints(190_000) });
    const unit = (site.double.saleOf(started.purchase).order['purchase_units'] as Record<string, unknown>[])[0];
    expect((unit?.['amount'] as Record<string, unknown>)['value']).to.equal('1900');
    expect(await begin(inForints(190_050)).catch((error: unknown) => error)).to.include({
      code: 'PAYPAL_AMOUNT_UNSUPPORTED',
      retry: 'never',
    });
    const kwd = { amount: 1500, currency: 'KWD' };
    const dinars = { lines: [{ sku: 'A', title: 'A', quantity: 1, price: kwd }], total: kwd };
    expect(await begin(dinars).catch((error: unknown) => error)).to.include({ code: 'PAYPAL_REQUEST_REFUSED', retry: 'never' });
  });

  it('passes on a language only in the form PayPal takes', async () => {
    for (const [language, reference] of [
      ['x-klingon', 'a'],
      ['de', 'b'],
      ['zh-Hant-TW', 'c'],
      ['de-AT-1901', 'd'],
    ] as const) {
      expect(await begin({ language, reference })).to.have.property('purchase');
    }
  });
});

describe("the buyer's return from PayPal", () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const lines = [{ sku: 'TS-101', price: '49.00' }];
  const find = (query: Record<string, string>) => paypal.findReturn!({ query }, site.context);

  it('makes the capture even when the notice never comes', async () => {
    const sale = site.double.sale({ lines });
    sale.approve();
    const found = await find({ token: sale.order.id, PayerID: 'PAYER1DOUBLE' });
    expect(found?.purchase).to.equal(sale.order.id);
    expect(site.double.requests.some(({ path }) => path.endsWith('/capture'))).to.equal(false);
    const [event] = await site.readMissed(found?.missed);
    expect(event).to.include({ kind: 'payment.completed', purchase: sale.order.id, payment: sale.capture.id });
    expect(await site.event(site.double.told.at(-1)!)).to.deep.equal(event);
  });

  it('is kept once for one approval, and again for the next', async () => {
    let at = new Date();
    const other = await openPaypalSite({}, { now: () => at });
    const sale = other.double.sale({ lines });
    const missed = async () => (await paypal.findReturn!({ query: { token: sale.order.id } }, other.context))?.missed?.deliveryId;
    sale.approve();
    const first = await missed();
    expect(await missed()).to.equal(first);
    at = new Date(at.getTime() + 60_000);
    sale.approve();
    expect(await missed())
      .to.be.a('string')
      .and.not.equal(first);
    await other.close();
  });

  it('shows an order that is not approved, and keeps nothing of it', async () => {
    const sale = site.double.sale({ lines });
    expect(await find({ token: sale.order.id })).to.deep.equal({ purchase: sale.order.id });
  });

  it('knows subscriptions by their own name, and makes nothing of other queries', async () => {
    expect(await find({ subscription_id: 'I-ABC123DEF456', ba_token: 'BA-1' })).to.deep.equal({ purchase: 'I-ABC123DEF456' });
    for (const query of [{}, { token: '' }, { token: '../v1/x' }, { token: 'A' }, { subscription_id: 'P-1' }, { id: 'ORD1' }]) {
      expect(await find(query)).to.equal(undefined);
    }
    expect(site.double.requests).to.have.length(0);
  });

  it('falls back to the order the address names when PayPal cannot be asked', async () => {
    await site.double.goDown();
    expect(await find({ token: '5O190127TN364715T' })).to.deep.equal({ purchase: '5O190127TN364715T' });
  });
});

describe("PayPal's own list of what it told", () => {
  it('brings every notice that never arrived, oldest first, under the delivery id it would have had', async () => {
    let at = new Date('2026-02-01T00:00:00Z');
    const site = await openPaypalSite({}, { now: () => at, pageSize: 2 });
    const told: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      at = new Date(at.getTime() + 13 * 60 * 60 * 1000);
      const sale = site.double.sale({ lines: [{ sku: 'A', price: '1.00' }] });
      told.push(sale.captured().id);
      site.double.tell('CATALOG.PRODUCT.CREATED', { id: 'PROD-1' });
    }
    at = new Date(at.getTime() + 1000);
    const missed: Missed[] = [];
    for await (const each of paypal.sweep!(new Date('2026-02-01T00:00:00Z'), site.context)) missed.push(each);
    expect(missed.map(({ deliveryId }) => deliveryId)).to.deep.equal(told);
    expect((await site.readMissed(missed[0]))[0]).to.include({ kind: 'payment.completed' });
    await site.close();
  });
});

describe('checking a PayPal app', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const check = async (changes = {}, mode: 'live' | 'test' = 'test') =>
    paypal.check!({ ...site.context, mode, options: { ...site.context.options, ...changes } });

  it('is content with credentials that work and a webhook that calls us', async () => {
    const findings = await check();
    expect(findings.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
    expect(findings[1]?.message).to.contain('https://shop.example.com/shop/callbacks/paypal');
  });

  it('finds what is wrong: environment, credentials, webhook, events, disputes', async () => {
    expect((await check({ environment: 'sandbox' }, 'live'))[0]).to.include({ ok: false });
    expect((await check({ clientSecret: 'wrong secret' })).at(-1)?.message).to.contain('refuses the client id');
    expect((await check({ webhookIds: ['ANOTHER'] }))[1]?.message).to.contain('does not know webhook ANOTHER');
    site.double.switches.webhookEvents = ['PAYMENT.CAPTURE.COMPLETED', 'PAYMENT.CAPTURE.DENIED', 'CUSTOMER.DISPUTE.CREATED'];
    site.double.switches.disputes = false;
    const messages = (await check()).filter(({ ok }) => !ok).map(({ message }) => message);
    expect(messages[0]).to.contain('is not told of CHECKOUT.ORDER.APPROVED, PAYMENT.CAPTURE.PENDING, PAYMENT.CAPTURE.REFUNDED');
    expect(messages[0]).to.not.contain('DENIED');
    expect(messages[1]).to.contain('may not ask for disputes');
  });
});
