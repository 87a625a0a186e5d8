import { expect } from 'chai';
import { openPaypalSite, type PaypalSite } from './paypal-site.ts';

describe('PayPal subscriptions', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const day = (text: string) => new Date(`2026-${text}T10:00:00Z`);
  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const begin = (more = {}) => site.double.subscription({ price: '9.90', planId: 'P-CLUB', at: day('01-31'), ...more });

  it('buys with the first payment and renews with each later one, in whatever order they are read', async () => {
    const club = begin({ quantity: 2, customId: 'member-3' });
    expect(await site.why(club.activated())).to.contain('payments tell what was paid');
    const first = club.paid({ at: day('01-31') });
    const second = club.paid({ at: day('02-28') });
    const renewed = await site.event(second);
    const bought = await site.event(first);
    expect(bought).to.deep.include({
      kind: 'payment.completed',
      purchase: club.id,
      payment: first.sale,
      amount: eur(1980),
      lines: [{ sku: 'P-CLUB', title: 'Club', quantity: 2, subtotal: eur(1980), total: eur(1980) }],
      period: { from: '2026-01-31T10:00:00.000Z', until: '2026-02-28T10:00:00.000Z' },
    });
    expect(bought.buyer).to.include({ email: 'ada@example.org' });
    expect(renewed).to.deep.include({
      kind: 'subscription.renewed',
      purchase: club.id,
      payment: second.sale,
      period: { from: '2026-02-28T10:00:00.000Z', until: '2026-03-28T10:00:00.000Z' },
    });
    expect(renewed.references).to.include.members([club.id, 'member-3']);
  });

  it('begins with a free trial, and renews with the first money', async () => {
    const club = begin({ trial: { unit: 'DAY', count: 14 } });
    expect(await site.event(club.activated())).to.deep.include({
      kind: 'payment.completed',
      trial: true,
      amount: eur(0),
      period: { from: '2026-01-31T10:00:00.000Z', until: '2026-02-14T10:00:00.000Z' },
    });
    expect(await site.event(club.paid({ at: day('02-14') }))).to.include({ kind: 'subscription.renewed', purchase: club.id });
  });

  it('gives a paid trial the length of the trial, and the payments after it that of the plan', async () => {
    const club = begin({ trial: { unit: 'WEEK', count: 1, price: '1.00' }, unit: 'YEAR' });
    const first = await site.event(club.paid({ at: day('01-31'), amount: '1.00' }));
    const second = await site.event(club.paid({ at: day('02-07') }));
    expect([first.kind, first.period?.until]).to.deep.equal(['payment.completed', '2026-02-07T10:00:00.000Z']);
    expect([second.kind, second.period?.until]).to.deep.equal(['subscription.renewed', '2027-02-07T10:00:00.000Z']);
  });

  it('tells a payment that failed, when PayPal tries again, and one that was denied', async () => {
    const club = begin();
    expect(await site.event(club.paymentFailed({ at: day('01-31') }))).to.include({ kind: 'payment.failed' });
    club.paid({ at: day('02-01') });
    const failed = await site.event(club.paymentFailed({ at: day('03-01') }));
    expect(failed).to.include({ kind: 'subscription.renewalFailed', purchase: club.id });
    expect(failed.reason).to.equal('payment denied; PayPal tries again on 2026-03-06');
    expect(await site.event(club.paid({ at: day('03-02'), state: 'denied' }))).to.include({ kind: 'subscription.renewalFailed' });
    expect(await site.event(club.paid({ at: day('03-03'), state: 'pending' }))).to.include({ kind: 'payment.pending' });
  });

  it('pauses, goes on and ends by what the subscription is now, not by what a late notice says', async () => {
    const club = begin();
    club.paid({ at: day('01-31') });
    const suspended = club.suspended(day('02-10'));
    expect(await site.event(suspended)).to.include({ kind: 'subscription.paused', purchase: club.id });
    const back = club.reactivated(day('02-12'));
    expect(await site.event(back)).to.include({ kind: 'subscription.resumed' });
    expect(await site.why(suspended)).to.contain('is active');
    const ended = await site.event(club.cancelled(day('02-20')));
    expect(ended).to.deep.include({ kind: 'subscription.ended', until: '2026-02-28T10:00:00.000Z' });
    expect((await site.event(back)).id).to.equal(ended.id);
    const other = begin();
    expect(await site.event(other.expired(day('02-20')))).to.include({ kind: 'subscription.ended' });
  });

  it('tells what is bought after a change', async () => {
    const club = begin();
    const event = await site.event(club.changed({ quantity: 3, at: day('02-05') }));
    expect(event).to.deep.include({ kind: 'subscription.changed', purchase: club.id });
    expect(event.lines?.[0]).to.deep.include({ sku: 'P-CLUB', quantity: 3, total: eur(2970) });
  });

  it('tells refunds, reversals and disputes of single payments', async () => {
    const club = begin();
    const { sale } = club.paid({ at: day('01-31') });
    expect(await site.event(club.refunded(sale, '5.00'))).to.deep.include({
      kind: 'payment.refunded',
      purchase: club.id,
      payment: sale,
      amount: eur(500),
    });
    expect(await site.event(club.reversed(sale))).to.deep.include({ kind: 'payment.refunded', payment: sale, amount: eur(990) });
    expect(await site.event(club.disputed(sale).opened)).to.include({
      kind: 'payment.disputed',
      purchase: club.id,
      payment: sale,
    });
  });

  it('names the SKU by plan, product or custom id, as the configuration says', async () => {
    for (const [subscriptionSku, sku] of [
      ['plan', 'P-1'],
      ['product', 'PROD-1'],
      ['custom', 'TS-CLUB'],
    ] as const) {
      const other = await openPaypalSite({ subscriptionSku });
      const club = other.double.subscription({ price: '9.90', planId: 'P-1', productId: 'PROD-1', customId: 'TS-CLUB' });
      expect((await other.event(club.paid())).lines?.[0]?.sku).to.equal(sku);
      await other.close();
    }
  });

  it('holds a payment from before orders and subscriptions, which says nothing about items', async () => {
    const sale = site.double.books.put('sales', {
      id: 'SALE0000000000001',
      state: 'completed',
      parent_payment: 'PAY-1',
      amount: { total: '9.90', currency: 'EUR' },
      create_time: '2026-02-01T10:00:00Z',
    });
    const event = await site.event(site.double.tell('PAYMENT.SALE.COMPLETED', sale));
    expect(event).to.include({ kind: 'payment.completed', purchase: 'PAY-1', payment: 'SALE0000000000001' });
    expect(event).to.not.have.property('lines');
  });
});
