import { expect } from 'chai';
import { CliShop, product, sale } from './command-line.ts';

describe('handover stock', () => {
  let shop: CliShop;
  beforeEach(async () => {
    shop = await CliShop.make({
      'products/TS-101.json': product('TS-101', { stock: { capacity: 2, lowAt: 1, pool: 'march' } }),
      'products/TS-102.json': product('TS-102', { stock: { capacity: 2, pool: 'march' } }),
    });
  });
  afterEach(() => shop.remove());

  it('says what is sold, what is left and what was paid beyond it', async () => {
    await shop.takes(sale('a', 'TS-101'));
    expect((await shop.run(['stock'])).out).to.match(/^march +1 of 2 left +1 sold +0 being paid for +LOW$/m);
    await shop.takes(sale('b', 'TS-102'), sale('c', 'TS-101'));
    const { out } = await shop.run(['stock', '--json']);
    expect((JSON.parse(out) as { units: object[] }).units).to.deep.equal([
      { name: 'march', sold: 2, reserved: 0, short: 1, capacity: 2, left: 0, lowAt: 1, skus: ['TS-101', 'TS-102'] },
    ]);
    expect((await shop.run(['status'])).out).to.contain('SOLD OUT, 1 paid beyond it and held');
  });

  it('counts what was sold before it was limited, and lets a held order go when there is more', async () => {
    await shop.write('products/TS-101.json', product('TS-101'));
    await shop.write('products/TS-102.json', product('TS-102'));
    await shop.takes(sale('a', 'TS-101'));
    await shop.write('products/TS-101.json', product('TS-101', { stock: { capacity: 1 } }));
    await shop.takes(sale('b', 'TS-101'));
    expect((await shop.run(['orders', '--status', 'held'])).out).to.contain('TS-101');
    await shop.write('products/TS-101.json', product('TS-101', { stock: { capacity: 2 } }));
    const retried = await shop.run(['retry', 'b']);
    expect(retried.code, retried.err).to.equal(0);
    expect((await shop.run(['stock'])).out).to.match(/^TS-101 +0 of 2 left +2 sold +0 being paid for +SOLD OUT$/m);
  });
});
