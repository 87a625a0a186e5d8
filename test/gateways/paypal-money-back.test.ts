import { expect } from 'chai';
import { openPaypalSite, type PaypalSite } from './paypal-site.ts';

describe('money that PayPal gives or takes back', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const lines = [{ sku: 'TS-101', price: '49.00' }];
  const eur = (amount: number) => ({ amount, currency: 'EUR' });

  it('tells each refund of a capture by its own sum, and still tells that it was paid', async () => {
    const sale = site.double.sale({ lines });
    const paid = sale.captured();
    const first = await site.event(sale.refunded({ amount: '5.00', note: 'A gesture' }));
    const rest = await site.event(sale.refunded());
    expect(first).to.deep.include({
      kind: 'payment.refunded',
      purchase: sale.order.id,
      payment: sale.capture.id,
      amount: eur(500),
    });
    expect(first.reason).to.equal('A gesture');
    expect(rest).to.deep.include({ kind: 'payment.refunded', payment: sale.capture.id, amount: eur(4400) });
    expect(rest.reversal).to.not.equal(first.reversal);
    expect(await site.event(paid)).to.deep.include({ kind: 'payment.completed', amount: eur(4900) });
  });

  it('waits for a refund that is under way, and tells one that failed', async () => {
    const sale = site.double.sale({ lines });
    sale.captured();
    const callback = sale.refunded({ status: 'PENDING' });
    expect(await site.failure(callback)).to.include({ code: 'PAYPAL_REFUND_PENDING', retry: 'later' });
    sale.refundSettled('FAILED');
    expect(await site.event(callback)).to.include({ kind: 'payment.refundFailed', payment: sale.capture.id });
  });

  it('takes a reversal for money back, unless a dispute tells of it', async () => {
    const sale = site.double.sale({ lines });
    sale.captured();
    expect(await site.event(sale.reversed())).to.deep.include({
      kind: 'payment.refunded',
      payment: sale.capture.id,
      amount: eur(4900),
    });
    const other = site.double.sale({ lines });
    other.captured();
    const dispute = other.disputed();
    expect(await site.event(other.reversed())).to.include({ kind: 'payment.disputed', reversal: dispute.id });
  });

  it('follows a dispute to its end', async () => {
    const endings = {
      RESOLVED_BUYER_FAVOUR: 'payment.disputeLost',
      ACCEPTED: 'payment.disputeLost',
      RESOLVED_SELLER_FAVOUR: 'payment.disputeWon',
      RESOLVED_WITH_PAYOUT: 'payment.disputeWon',
      CANCELED_BY_BUYER: 'payment.disputeWon',
    };
    for (const [outcome, kind] of Object.entries(endings)) {
      const sale = site.double.sale({ lines });
      sale.captured();
      const dispute = sale.disputed();
      const opened = await site.event(dispute.opened);
      expect(opened).to.deep.include({
        kind: 'payment.disputed',
        purchase: sale.order.id,
        payment: sale.capture.id,
        amount: eur(4900),
      });
      expect((await site.event(dispute.updated())).id).to.equal(opened.id);
      expect(await site.event(dispute.resolved(outcome))).to.include({
        kind,
        reversal: opened.reversal,
        payment: sale.capture.id,
      });
    }
  });

  it('does not call a payment lost of which only a part went back', async () => {
    const sale = site.double.sale({ lines });
    sale.captured();
    const resolved = sale.disputed().resolved('RESOLVED_BUYER_FAVOUR', '10.00');
    expect(await site.event(resolved)).to.include({ kind: 'payment.disputeWon' });
  });

  it('asks a person about an outcome nobody documented, and for the permission to see disputes', async () => {
    const sale = site.double.sale({ lines });
    sale.captured();
    const dispute = sale.disputed();
    site.double.switches.disputes = false;
    expect(await site.failure(dispute.opened)).to.include({ code: 'PAYPAL_FORBIDDEN', retry: 'never' });
    site.double.switches.disputes = true;
    expect(await site.failure(dispute.resolved('SOMETHING_NEW'))).to.include({ code: 'PAYPAL_DISPUTE_UNCLEAR', retry: 'never' });
  });
});
