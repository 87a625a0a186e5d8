import { expect } from 'chai';
import type { Cart, Missed } from '../../src/contract/gateway.ts';
import { stripe } from '../../src/gateways/index.ts';
import { stripeFault } from '../../src/testing/stripe/index.ts';
import { callbackOf, openStripeSite, type StripeSite } from './stripe-site.ts';

const cart: Cart = {
  reference: 'cart-1',
  lines: [
    { sku: 'TS-101', title: 'TypeScript in a week', quantity: 2, price: { amount: 4900, currency: 'EUR' } },
    {
      sku: 'TPD-7',
      title: 'Test Pro',
      quantity: 1,
      price: { amount: 1000, currency: 'EUR' },
      learner: { email: 'grace@example.org', name: 'Grace Example' },
    },
  ],
  total: { amount: 10_800, currency: 'EUR' },
  buyer: { email: 'ada@example.org' },
  language: 'de-AT',
  metadata: { campaign: 'spring', ['x'.repeat(41)]: 'a name that is too long', note: 'y'.repeat(501) },
  returnUrl: 'https://shop.example.org/shop/return/stripe',
  cancelUrl: 'https://shop.example.org/cart',
  callbackUrl: 'https://shop.example.org/shop/callbacks/stripe',
};

describe("Stripe's payment page, begun with a cart of ours", () => {
  let now = new Date();
  let site: StripeSite;
  beforeEach(async () => {
    now = new Date();
    site = await openStripeSite({ skuFrom: ['price.id'] }, { now: () => now });
  });
  afterEach(() => site.close());
  const context = () => ({ ...site.context, now: () => now });

  async function start(changes: Partial<Cart> = {}) {
    const started = await stripe.checkout!({ ...cart, ...changes }, context());
    if (started.kind !== 'redirect') throw new Error(started.kind);
    return started;
  }

  it('sells the cart at our prices, and its payment is read with our SKUs, whatever the account names its own products', async () => {
    const { purchase, url } = await start();
    expect(url).to.contain(purchase);
    const event = await site.event(site.double.saleOf(purchase).completed());
    expect(event).to.deep.include({ kind: 'payment.completed', purchase, amount: { amount: 10_800, currency: 'EUR' } });
    expect(event.lines?.map(({ sku, quantity, subtotal, learner }) => [sku, quantity, subtotal.amount, learner])).to.deep.equal([
      ['TS-101', 2, 9800, undefined],
      ['TPD-7', 1, 1000, { email: 'grace@example.org', name: 'Grace Example' }],
    ]);
    expect(event.references).to.include('cart-1');
    expect(event.metadata).to.deep.equal(Object.assign(Object.create(null), { campaign: 'spring', handover_cart: 'cart-1' }));
  });

  it('sends the buyer back to the order, and a buyer who gives up back to the shop', async () => {
    const { purchase } = await start();
    const { success_url: success, cancel_url: cancel, locale, customer_email: email } = site.double.saleOf(purchase).session;
    expect(success).to.equal('https://shop.example.org/shop/return/stripe?session_id={CHECKOUT_SESSION_ID}');
    expect([cancel, locale, email]).to.deep.equal(['https://shop.example.org/cart', 'de', 'ada@example.org']);
    expect(await stripe.findReturn!({ query: { session_id: purchase } }, context())).to.deep.equal({ purchase });
  });

  it('begins one payment for one cart, also when the second attempt comes later', async () => {
    const first = await start();
    expect(await start()).to.deep.equal(first);
    now = new Date(now.getTime() + 90_000);
    expect(await start()).to.deep.equal(first);
    expect((await start({ reference: 'cart-2' })).purchase).to.not.equal(first.purchase);
  });

  it('says that the cart is over when its session is', async () => {
    const { purchase } = await start();
    site.double.saleOf(purchase).completed();
    now = new Date(now.getTime() + 90_000);
    const failed = await start().then(
      () => 'no error',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(failed).to.equal('STRIPE_SESSION_CLOSED');
  });

  it('lets the page end after the time that is set', async () => {
    const { purchase } = await start();
    expect(site.double.saleOf(purchase).session.expires_at).to.equal(Math.floor(now.getTime() / 1000) + 180 * 60);
  });

  it('counts in the units that Stripe has for a currency', async () => {
    const price = { amount: 5000, currency: 'ISK' };
    const { purchase } = await start({ lines: [{ ...cart.lines[0]!, quantity: 1, price }], total: price });
    expect(site.double.saleOf(purchase).session.amount_total).to.equal(500_000);
    const event = await site.event(site.double.saleOf(purchase).completed());
    expect(event.lines?.[0]?.total).to.deep.equal(price);
  });

  it('says what a restricted key lacks', async () => {
    site.double.faults.next(stripeFault.error(403, { message: 'Not permitted.' }));
    const failed: unknown = await start().then(
      () => 'no error',
      (error: unknown) => error,
    );
    expect(failed).to.include({ code: 'STRIPE_KEY_FORBIDDEN', message: 'The API key may not make Checkout Sessions.' });
  });
});

describe("Stripe's own list of events", () => {
  let now = new Date('2026-03-01T12:00:00Z');
  let site: StripeSite;
  beforeEach(async () => {
    now = new Date('2026-03-01T12:00:00Z');
    site = await openStripeSite({}, { now: () => now, pageSize: 2 });
  });
  afterEach(() => site.close());

  async function sweep(since: Date): Promise<Missed[]> {
    const found: Missed[] = [];
    for await (const missed of stripe.sweep!(since, { ...site.context, now: () => now })) found.push(missed);
    return found;
  }
  const sell = () => site.double.sale({ lines: [{ sku: 'TS-101', unitAmount: 4900 }] });

  it('holds what never arrived, oldest first, page by page, under the ids of the callbacks', async () => {
    const sent = [];
    for (let index = 0; index < 5; index++) {
      now = new Date(now.getTime() + 60_000);
      sent.push(sell().completed());
    }
    const found = await sweep(new Date('2026-03-01T00:00:00Z'));
    expect(found.map(({ deliveryId }) => deliveryId)).to.deep.equal(sent.map(({ id }) => id));
  });

  it('tells the same facts as the callbacks would have', async () => {
    now = new Date();
    const sale = sell();
    const sent = [sale.completed(), ...sale.refunded()];
    const found = await sweep(new Date(now.getTime() - 3_600_000));
    expect(found.map(({ deliveryId }) => deliveryId)).to.have.members(sent.map(({ id }) => id));
    for (const callback of sent) {
      const missed = found.find(({ deliveryId }) => deliveryId === callback.id)!;
      const reading = await stripe.read({ ...callbackOf(missed.body), deliveryId: missed.deliveryId, attempts: 1 }, site.context);
      expect(reading).to.deep.equal({ events: await site.events(callback) });
    }
  });

  it('does not reach back further than Stripe keeps it', async () => {
    sell().completed();
    now = new Date('2026-04-10T12:00:00Z');
    const { id } = sell().completed();
    expect((await sweep(new Date('2025-01-01T00:00:00Z'))).map(({ deliveryId }) => deliveryId)).to.deep.equal([id]);
  });
});
