import { expect } from 'chai';
import { moneyOf } from '../../src/gateways/stripe/money.ts';
import type { SkuPlace } from '../../src/testing/stripe/index.ts';
import { openStripeSite, type StripeSite } from './stripe-site.ts';

describe('which items Stripe says were bought', () => {
  const open: StripeSite[] = [];
  afterEach(async () => {
    for (const site of open.splice(0)) await site.close();
  });
  async function openSite(...options: Parameters<typeof openStripeSite>): Promise<StripeSite> {
    const site = await openStripeSite(...options);
    open.push(site);
    return site;
  }

  it('finds the SKU wherever a shop keeps it', async () => {
    const site = await openSite();
    const places: SkuPlace[] = ['line-metadata', 'price-metadata', 'lookup-key', 'product-metadata', 'price-id', 'product-id'];
    for (const skuPlace of places) {
      const event = await site.event(site.double.sale({ lines: [{ sku: 'SKU-1', unitAmount: 100, skuPlace }] }).completed());
      const isLast = skuPlace === 'product-id';
      expect(event.lines?.[0]?.sku, skuPlace).to.satisfy((sku: string) => (isLast ? sku.startsWith('price_') : sku === 'SKU-1'));
    }
  });

  it('looks only where the configuration says', async () => {
    const site = await openSite({ skuFrom: ['product.id', 'price.nickname'] });
    const terms = { lines: [{ sku: 'prod_9', unitAmount: 100, skuPlace: 'product-id' as const }], metadata: { sku: 'OTHER' } };
    expect((await site.event(site.double.sale(terms).completed())).lines?.[0]?.sku).to.equal('prod_9');
  });

  it("keeps a line that no place names, and takes the payment's own SKU only for a single line", async () => {
    const site = await openSite({ skuFrom: ['line.metadata.sku', 'payment.metadata.sku'] });
    const line = { sku: 'x', unitAmount: 100, skuPlace: 'none' as const, title: 'A thing' };
    const metadata = { sku: 'FROM-PAYMENT' };
    const single = await site.event(site.double.sale({ lines: [line], metadata }).completed());
    expect(single.lines?.map(({ sku }) => sku)).to.deep.equal(['FROM-PAYMENT']);
    const double = await site.event(site.double.sale({ lines: [line, line], metadata }).completed());
    expect(double.lines?.map(({ sku, title }) => [sku, title])).to.deep.equal([
      [undefined, 'A thing'],
      [undefined, 'A thing'],
    ]);
  });

  it('gets every line of a long cart, page by page', async () => {
    const site = await openSite({}, { pageSize: 7 });
    const lines = Array.from({ length: 40 }, (_, index) => ({ sku: `S-${index}`, unitAmount: 100 + index }));
    const event = await site.event(site.double.sale({ lines }).completed());
    expect(event.lines?.map(({ sku }) => sku)).to.deep.equal(lines.map(({ sku }) => sku));
  });

  it('takes no quantity for one, ordered units for units, and a deleted product for what is left of it', async () => {
    const site = await openSite();
    const event = await site.event(
      site.double
        .sale({
          lines: [
            { sku: 'A', unitAmount: 100, quantity: null },
            { sku: 'B', unitAmount: 1000, quantity: 12, transformQuantity: { divideBy: 5, round: 'up' } },
            { sku: 'C', unitAmount: 100, productDeleted: true, skuPlace: 'product-metadata', title: 'Gone' },
          ],
        })
        .completed(),
    );
    expect(event.lines?.map(({ quantity, subtotal }) => [quantity, subtotal.amount])).to.deep.equal([
      [1, 100],
      [12, 3000],
      [1, 100],
    ]);
    expect(event.lines?.[2]).to.include({ title: 'Gone' });
    expect(event.lines?.[2]?.sku).to.match(/^price_/);
  });

  it('keeps tax that is included apart from tax that comes on top', async () => {
    const site = await openSite();
    const lines = [{ sku: 'A', unitAmount: 1000, quantity: 2, discount: 200, tax: 300 }];
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    const onTop = await site.event(site.double.sale({ lines }).completed());
    expect(onTop.lines?.[0]).to.deep.include({ subtotal: eur(2000), discount: eur(200), tax: eur(300), total: eur(2100) });
    expect(onTop.amount).to.deep.equal(eur(2100));
    const included = await site.event(site.double.sale({ lines, taxInclusive: true }).completed());
    expect(included.lines?.[0]).to.deep.include({ subtotal: eur(2000), discount: eur(200), tax: eur(300), total: eur(1800) });
    expect(included.amount).to.deep.equal(eur(1800));
  });

  it("writes sums with a currency's own decimals, however Stripe counts them", () => {
    const cases: [number, string, number][] = [
      [4900, 'eur', 4900],
      [500, 'jpy', 500],
      [5000, 'ugx', 50],
      [70_000, 'isk', 700],
      [12_340, 'kwd', 12_340],
      [4900, 'huf', 4900],
      [1000, 'iqd', 10_000],
    ];
    for (const [amount, currency, ours] of cases) {
      expect(moneyOf(amount, currency), currency).to.deep.equal({ amount: ours, currency: currency.toUpperCase() });
    }
  });

  it('converts every sum of a sale', async () => {
    const site = await openSite();
    const event = await site.event(
      site.double
        .sale({ currency: 'UGX', lines: [{ sku: 'A', unitAmount: 500_000, quantity: 2 }], shipping: { amount: 10_000 } })
        .completed(),
    );
    expect(event.amount).to.deep.equal({ amount: 10_100, currency: 'UGX' });
    expect(event.shipping).to.deep.equal({ amount: 100, currency: 'UGX' });
    expect(event.lines?.[0]?.total).to.deep.equal({ amount: 10_000, currency: 'UGX' });
  });
});
