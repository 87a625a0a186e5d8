import { expect } from 'chai';
import type { Sale } from '../../src/testing/stripe/index.ts';
import { openStripeSite, type StripeSite } from './stripe-site.ts';

describe('money that goes back at Stripe', () => {
  let site: StripeSite;
  let sale: Sale;
  beforeEach(async () => {
    site = await openStripeSite();
    sale = site.double.sale({ lines: [{ sku: 'A', unitAmount: 5000 }] });
    sale.completed();
  });
  afterEach(() => site.close());

  it('tells a refund once, by whichever of its three events, in either family', async () => {
    for (const family of ['snapshot', 'thin'] as const) {
      const callbacks = sale.refunded({ amount: 1000, family });
      expect(callbacks.map(({ type }) => type.replace('v1.', ''))).to.deep.equal([
        'refund.created',
        'refund.updated',
        'charge.refunded',
      ]);
      const told = (await Promise.all(callbacks.map((callback) => site.events(callback)))).flat();
      const own = told.filter(({ reversal }) => reversal === sale.refund.id);
      expect(own).to.have.length(3);
      for (const event of own) {
        expect(event).to.deep.include({
          kind: 'payment.refunded',
          id: `${sale.refund.id}:succeeded`,
          purchase: sale.session.id,
          payment: sale.paymentIntent.id,
          amount: { amount: 1000, currency: 'EUR' },
          reason: 'requested by customer',
        });
      }
    }
  });

  it('takes the running total of an old account apart into its refunds', async () => {
    const old = site.double.sale({ lines: [{ sku: 'A', unitAmount: 5000 }], apiVersion: '2022-08-01' });
    old.completed();
    const [first] = await site.events(old.refunded({ amount: 1000 })[0]!);
    const both = await site.events(old.refunded({ amount: 500 })[0]!);
    expect(both.map(({ amount }) => amount?.amount)).to.have.members([1000, 500]);
    expect(both.map(({ id }) => id)).to.include(first?.id);
  });

  it('counts a refund only once it has succeeded', async () => {
    const [created, total] = sale.refunded({ status: 'pending' });
    expect(await site.why(created!)).to.contain('pending');
    expect(await site.why(total!)).to.contain('No refund');
    expect((await site.event(sale.refundSettled())).id).to.equal(`${sale.refund.id}:succeeded`);
  });

  it('undoes a refund that comes back', async () => {
    const refunded = await site.event(sale.refunded()[0]!);
    for (const family of ['snapshot', 'thin'] as const) {
      const failed = await site.event(sale.refundFailed({ family }));
      expect(failed).to.deep.include({ kind: 'payment.refundFailed', reversal: refunded.reversal, payment: refunded.payment });
      expect(failed.id).to.equal(`${refunded.reversal}:failed`);
      expect(failed.reason).to.equal('expired or canceled card');
    }
  });

  it('does not count a refund that was cancelled before it moved', async () => {
    sale.refunded({ status: 'requires_action' });
    sale.refund.status = 'canceled';
    expect(await site.why(sale.event('refund.updated', sale.refund))).to.contain('canceled');
  });

  it('asks the connected account', async () => {
    const theirs = site.double.sale({ lines: [{ sku: 'A', unitAmount: 5000 }], account: 'acct_seller' });
    theirs.completed();
    const event = await site.event(theirs.refunded({ family: 'thin' })[0]!);
    expect(event).to.include({ purchase: theirs.session.id, receiver: 'acct_seller' });
  });

  it('moves no money on an inquiry, and does once it becomes a dispute', async () => {
    expect(await site.why(sale.disputed({ status: 'warning_needs_response' }))).to.contain('inquiry');
    expect(await site.why(sale.disputeUpdated('warning_under_review'))).to.contain('inquiry');
    const disputed = await site.event(sale.disputeUpdated('needs_response'));
    expect(disputed).to.deep.include({
      kind: 'payment.disputed',
      id: `${sale.dispute.id}:disputed`,
      reversal: sale.dispute.id,
      purchase: sale.session.id,
      payment: sale.paymentIntent.id,
      amount: { amount: 5000, currency: 'EUR' },
      reason: 'fraudulent',
    });
    expect((await site.event(sale.fundsWithdrawn())).id).to.equal(disputed.id);
  });

  it('closes an inquiry without a word about money', async () => {
    sale.disputed({ status: 'warning_needs_response' });
    expect(await site.why(sale.disputeClosed('warning_closed'))).to.contain('inquiry');
    sale.dispute.status = 'prevented';
    expect(await site.why(sale.event('charge.dispute.closed', sale.dispute))).to.contain('prevented');
    sale.dispute.status = 'constructor';
    expect(await site.why(sale.event('charge.dispute.closed', sale.dispute))).to.contain('constructor');
  });

  it('tells how a dispute ended, once', async () => {
    sale.disputed();
    expect((await site.event(sale.disputeUpdated('under_review'))).id).to.equal(`${sale.dispute.id}:disputed`);
    const won = await site.event(sale.disputeClosed('won', { family: 'thin' }));
    expect(won).to.include({ kind: 'payment.disputeWon', id: `${sale.dispute.id}:won`, reversal: sale.dispute.id });
    expect((await site.event(sale.fundsReinstated())).id).to.equal(won.id);
    expect(await site.event(sale.disputeClosed('lost'))).to.include({
      kind: 'payment.disputeLost',
      id: `${sale.dispute.id}:lost`,
    });
  });

  it('finds the purchase by the charge alone', async () => {
    sale.refunded();
    const refund = { ...sale.refund, payment_intent: null };
    expect((await site.event(sale.event('refund.updated', refund))).purchase).to.equal(sale.session.id);
  });

  it('keeps a charge of the time before payment intents as a purchase of its own', async () => {
    sale.refunded();
    sale.charge.payment_intent = null;
    const refund = { ...sale.refund, payment_intent: null };
    const event = await site.event(sale.event('refund.updated', refund));
    expect([event.purchase, event.payment]).to.deep.equal([sale.charge.id, sale.charge.id]);
  });
});
