import { expect } from 'chai';
import { metadataLines } from '../../src/gateways/stripe/metadata-lines.ts';
import { openStripeSite, type StripeSite } from './stripe-site.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('Stripe payments without Checkout', () => {
  let site: StripeSite;
  beforeEach(async () => (site = await openStripeSite()));
  afterEach(() => site.close());

  const terms = { lines: [{ sku: 'A', unitAmount: 4900, quantity: 2 }], checkout: false };

  it('takes what was bought from the metadata, and the buyer from the charge', async () => {
    for (const apiVersion of ['2022-08-01', '2026-10-28.endive']) {
      for (const family of ['snapshot', 'thin'] as const) {
        const sale = site.double.sale({ ...terms, apiVersion, metadata: { sku: 'TS-101', quantity: '2' } });
        const event = await site.event(sale.paymentIntentSucceeded({ family }));
        const { id } = sale.paymentIntent;
        expect({ ...event, at: '', metadata: { ...event.metadata } }, `${apiVersion} ${family}`).to.deep.equal({
          kind: 'payment.completed',
          gateway: 'stripe',
          id: `${id}:completed`,
          at: '',
          purchase: id,
          payment: id,
          mode: 'test',
          amount: eur(9800),
          lines: [{ sku: 'TS-101', title: 'TS-101', quantity: 2, subtotal: eur(9800), total: eur(9800) }],
          buyer: { email: 'ada@example.org', name: 'Ada Example' },
          references: [id, sale.charge.id],
          metadata: { sku: 'TS-101', quantity: '2' },
        });
      }
    }
  });

  it('reads a list of items, each with its quantity and sum', () => {
    const lines = metadataLines({ items: 'TS-101:1:49.00, TS-102:2:98.00,EXTRA' }, eur(15_700));
    expect(lines.map(({ sku, quantity, total }) => [sku, quantity, total.amount])).to.deep.equal([
      ['TS-101', 1, 4900],
      ['TS-102', 2, 9800],
      ['EXTRA', 1, 1000],
    ]);
    expect(metadataLines({ items: 'A:B:2' }, eur(100)).map(({ sku, quantity }) => [sku, quantity])).to.deep.equal([['A:B', 2]]);
    expect(metadataLines({ items: ',,' }, eur(100))).to.deep.equal([]);
    expect(metadataLines({ sku: ' ' }, eur(100))).to.deep.equal([]);
  });

  it('takes the items written for the card networks where the metadata has none', async () => {
    const sale = site.double.sale(terms);
    const event = await site.event(sale.paymentIntentSucceeded());
    expect(event.lines?.map(({ sku, quantity, total }) => [sku, quantity, total.amount])).to.deep.equal([['A', 2, 9800]]);
  });

  it('keeps a payment that names nothing, so that a person sees it', async () => {
    const sale = site.double.sale({ ...terms, lines: [{ sku: 'x', unitAmount: 4900, skuPlace: 'none' }] });
    const succeeded = sale.paymentIntentSucceeded();
    site.double.books.intentItems.clear();
    const event = await site.event(succeeded);
    expect(event.lines).to.deep.equal([
      { title: `Payment ${sale.paymentIntent.id}`, quantity: 1, subtotal: eur(4900), total: eur(4900) },
    ]);
  });

  it('passes over an attempt that took no money and names nothing of ours', async () => {
    const sale = site.double.sale(terms);
    const declined = sale.declinedAttempt();
    site.double.books.intentItems.clear();
    expect(await site.why(declined)).to.contain('names no SKU');
  });

  it('tells declined, pending and cancelled payments', async () => {
    const sale = site.double.sale({ ...terms, metadata: { sku: 'TS-101' } });
    const declined = await site.event(sale.declinedAttempt());
    expect(declined).to.include({
      kind: 'payment.failed',
      purchase: sale.paymentIntent.id,
      reason: 'Your card has insufficient funds.',
    });
    expect(await site.event(sale.processing())).to.include({ kind: 'payment.pending', id: `${sale.paymentIntent.id}:pending` });
    expect((await site.event(sale.canceled())).kind).to.equal('payment.expired');
    const reserved = site.double.sale({ ...terms, metadata: { sku: 'TS-101' } });
    expect((await site.event(reserved.authorized())).kind).to.equal('payment.pending');
    const parts = site.double.sale({ ...terms, metadata: { sku: 'TS-101' } });
    parts.processing();
    expect((await site.event(parts.event('payment_intent.partially_funded', parts.paymentIntent))).kind).to.equal(
      'payment.pending',
    );
  });

  it('refunds the payment itself', async () => {
    const sale = site.double.sale({ ...terms, metadata: { sku: 'TS-101' } });
    sale.paymentIntentSucceeded();
    const refund = await site.event(sale.refunded()[0]!);
    expect(refund).to.include({ purchase: sale.paymentIntent.id, payment: sale.paymentIntent.id });
  });
});
