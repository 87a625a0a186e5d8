import { expect } from 'chai';
import { openStripeSite, type StripeSite } from './stripe-site.ts';

describe('what a Stripe Checkout tells', () => {
  let site: StripeSite;
  beforeEach(async () => (site = await openStripeSite()));
  afterEach(() => site.close());

  const lines = [
    { sku: 'TS-101', unitAmount: 4900, title: 'TypeScript in a week' },
    { sku: 'TS-102', unitAmount: 2500, quantity: 3 },
  ];

  it('turns a paid session into a completed payment with its items, buyer and names', async () => {
    const sale = site.double.sale({
      lines,
      buyer: { email: 'ada@example.org', name: 'Ada Example', phone: '+43 1 234', address: { country: 'AT' } },
      locale: 'de-AT',
      metadata: { course: 'spring' },
      clientReferenceId: 'cart-7',
    });
    const at = new Date('2026-03-04T05:06:07Z');
    const event = await site.event(sale.completed({ at }));
    const { id, payment_intent } = sale.session;

    expect({ ...event, metadata: { ...event.metadata } }).to.deep.equal({
      kind: 'payment.completed',
      gateway: 'stripe',
      id: `${id}:completed`,
      at: '2026-03-04T05:06:07.000Z',
      purchase: id,
      payment: payment_intent,
      mode: 'test',
      amount: { amount: 12_400, currency: 'EUR' },
      lines: [
        {
          sku: 'TS-101',
          title: 'TypeScript in a week',
          quantity: 1,
          subtotal: { amount: 4900, currency: 'EUR' },
          total: { amount: 4900, currency: 'EUR' },
        },
        {
          sku: 'TS-102',
          title: 'TS-102',
          quantity: 3,
          subtotal: { amount: 7500, currency: 'EUR' },
          total: { amount: 7500, currency: 'EUR' },
        },
      ],
      buyer: { email: 'ada@example.org', name: 'Ada Example', phone: '+43 1 234', country: 'AT' },
      language: 'de-AT',
      references: [id, payment_intent, 'cart-7'],
      metadata: { course: 'spring' },
    });
  });

  it('tells one fact, whether the snapshot or the thin notification of it is read', async () => {
    const thin = site.double.sale({ lines }).completed({ family: 'thin', at: new Date('2026-03-04T05:06:07.890Z') });
    expect(await site.event(thin)).to.deep.equal(await site.event(thin.snapshot!));
  });

  it("tells the session's fact when its payment intent reports the money", async () => {
    for (const family of ['snapshot', 'thin'] as const) {
      const sale = site.double.sale({ lines });
      const at = new Date('2026-03-04T05:06:07Z');
      const told = await site.event(sale.completed({ at }));
      expect(await site.event(sale.paymentIntentSucceeded({ family, at }))).to.deep.equal(told);
    }
  });

  it('waits with a payment intent that is ahead of its session, until the session knows its buyer', async () => {
    const sale = site.double.sale({ lines });
    const succeeded = sale.paymentIntentSucceeded();
    sale.session.status = 'open';
    const error: unknown = await site.read(succeeded).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'STRIPE_SESSION_OPEN', retry: 'later' });
    sale.session.status = 'complete';
    expect((await site.event(succeeded)).buyer).to.deep.include({ email: 'ada@example.org' });
  });

  it('counts a free purchase as paid, with nothing to pay', async () => {
    const event = await site.event(site.double.sale({ lines: [{ sku: 'FREE', unitAmount: 900, discount: 900 }] }).completed());
    expect(event).to.deep.include({ kind: 'payment.completed', amount: { amount: 0, currency: 'EUR' } });
    expect(event.payment).to.equal(event.purchase);
    expect(event.lines?.[0]).to.deep.include({
      subtotal: { amount: 900, currency: 'EUR' },
      discount: { amount: 900, currency: 'EUR' },
    });
  });

  it('follows a delayed payment from pending to paid', async () => {
    const sale = site.double.sale({ lines });
    const pending = await site.event(sale.completedUnpaid());
    const processing = await site.event(sale.processing());
    const paid = await site.event(sale.asyncSucceeded());
    const { id } = sale.session;
    expect([pending.kind, processing.kind, paid.kind]).to.deep.equal(['payment.pending', 'payment.pending', 'payment.completed']);
    expect([pending.id, processing.id, paid.id]).to.deep.equal([`${id}:pending`, `${id}:pending`, `${id}:completed`]);
    expect(new Set([pending, processing, paid].map(({ payment }) => payment)).size).to.equal(1);
  });

  it('follows a delayed payment to its failure, with the reason', async () => {
    const sale = site.double.sale({ lines });
    await site.event(sale.completedUnpaid());
    const failed = await site.event(sale.asyncFailed({ message: 'The account has been closed.' }));
    expect(failed).to.include({
      kind: 'payment.failed',
      id: `${sale.session.id}:failed`,
      reason: 'The account has been closed.',
    });
  });

  it('takes an unknown payment status for unpaid', async () => {
    const sale = site.double.sale({ lines });
    sale.completedUnpaid();
    sale.session.payment_status = 'half_paid';
    expect((await site.event(sale.event('checkout.session.completed', sale.session))).kind).to.equal('payment.pending');
  });

  it('tells an abandoned session apart from a declined one', async () => {
    const sale = site.double.sale({ lines });
    const declined = await site.event(sale.declinedAttempt());
    expect(declined).to.deep.include({
      kind: 'payment.failed',
      id: `${sale.paymentIntent.id}:failed:${sale.charge.id}`,
      purchase: sale.session.id,
      payment: sale.paymentIntent.id,
      reason: 'Your card has insufficient funds.',
    });
    const expired = await site.event(sale.expired());
    expect(expired).to.include({ kind: 'payment.expired', id: `${sale.session.id}:expired`, purchase: sale.session.id });
    expect(expired.lines).to.have.length(2);
  });

  it('names each failed attempt, so that two are two, and drops one that a thin notification tells too late', async () => {
    const sale = site.double.sale({ lines });
    const first = await site.event(sale.declinedAttempt());
    const second = sale.declinedAttempt({ family: 'thin', message: 'Your card has expired.' });
    const told = await site.event(second);
    expect(told.id).not.to.equal(first.id);
    expect(told.reason).to.equal('Your card has expired.');
    expect((await site.event(second.snapshot!)).id).to.equal(told.id);
    sale.completed();
    expect(await site.why(second)).to.equal('The buyer has tried again since, and that attempt did not fail.');
  });

  it('ends a reserved payment that is cancelled', async () => {
    const sale = site.double.sale({ lines });
    expect((await site.event(sale.completedUnpaid())).kind).to.equal('payment.pending');
    const canceled = await site.event(sale.canceled());
    expect(canceled).to.include({ kind: 'payment.expired', id: `${sale.session.id}:expired`, reason: 'requested by customer' });
  });

  it('reports what was captured, when that is less than the cart', async () => {
    const sale = site.double.sale({ lines });
    const succeeded = sale.paymentIntentSucceeded();
    sale.paymentIntent.amount_received = 5000;
    const event = await site.event(sale.event('payment_intent.succeeded', sale.paymentIntent));
    expect(event.amount).to.deep.equal({ amount: 5000, currency: 'EUR' });
    expect((await site.event(succeeded)).amount).to.deep.equal({ amount: 12_400, currency: 'EUR' });
  });

  it('reads sessions as API versions since 2022 write them', async () => {
    for (const apiVersion of ['2022-08-01', '2022-11-15', '2024-10-28.acacia', '2025-03-31.basil', '2026-10-28.endive']) {
      const sale = site.double.sale({ lines, apiVersion, shipping: { amount: 500, name: 'Ada Example' } });
      const failed = await site.event(sale.declinedAttempt());
      expect(failed.id, apiVersion).to.equal(`${sale.paymentIntent.id}:failed:${sale.charge.id}`);
      const event = await site.event(sale.completed());
      expect(event, apiVersion).to.deep.include({
        amount: { amount: 12_900, currency: 'EUR' },
        shipping: { amount: 500, currency: 'EUR' },
      });
    }
  });

  it('sells Payment Links like any session', async () => {
    const sale = site.double.sale({ lines, paymentLink: true });
    const event = await site.event(sale.completed());
    expect(event.purchase).to.equal(sale.session.id);
    expect(event.references).to.include('plink_double');
  });

  it('buys nothing with a session that only saves a card', async () => {
    const sale = site.double.sale({ lines });
    sale.completed();
    const session = { ...sale.session, mode: 'setup' };
    expect(await site.why(sale.event('checkout.session.completed', session))).to.contain('nothing was bought');
  });

  it('asks a connected account for its own items and names it as the receiver', async () => {
    const sale = site.double.sale({ lines, account: 'acct_seller' });
    for (const family of ['snapshot', 'thin'] as const) {
      const event = await site.event(sale.completed({ family }));
      expect(event.receiver).to.equal('acct_seller');
      expect(event.lines).to.have.length(2);
    }
  });

  it('lets the configuration name the receiver where Stripe does not', async () => {
    const named = await openStripeSite({ account: 'acct_ours' });
    try {
      expect((await named.event(named.double.sale({ lines }).completed())).receiver).to.equal('acct_ours');
      expect((await named.event(named.double.sale({ lines, account: 'acct_seller' }).completed())).receiver).to.equal(
        'acct_seller',
      );
    } finally {
      await named.close();
    }
  });

  it('tells live payments from test payments', async () => {
    const live = await openStripeSite({}, { apiKey: 'sk_live_double' });
    try {
      expect((await live.event(live.double.sale({ lines }).completed())).mode).to.equal('live');
    } finally {
      await live.close();
    }
  });

  it('takes any name in metadata for a name', async () => {
    const metadata = JSON.parse('{"__proto__":"evil","constructor":"x","toString":"y"}') as Record<string, string>;
    const event = await site.event(site.double.sale({ lines, metadata }).completed());
    expect(Object.getPrototypeOf(event.metadata)).to.equal(null);
    expect(Object.keys(event.metadata ?? {})).to.have.members(['__proto__', 'constructor', 'toString']);
  });
});
