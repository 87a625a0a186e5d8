import { expect } from 'chai';
import { CliShop, give, sale } from './command-line.ts';

describe('handover buyer', () => {
  let shop: CliShop;
  beforeEach(async () => {
    shop = await CliShop.make();
    await shop.takes(
      sale('one', 'TS-101'),
      sale('two', 'TS-101', { buyer: { email: 'grace@example.org', name: 'Grace Hopper' } }),
    );
  });
  afterEach(() => shop.remove());

  it('exports everything about one buyer, and nothing about another', async () => {
    const { code, out } = await shop.run(['buyer', 'export', 'ada@example.org']);
    expect(code).to.equal(0);
    const found = JSON.parse(out) as { orders: { order: { purchase: string } }[]; callbacks: { body: string }[] };
    expect(found.orders.map(({ order }) => order.purchase)).to.deep.equal(['one']);
    expect(found.callbacks[0]?.body).to.contain('Ada Byron');
    expect(out).to.not.contain('Grace');
  });

  it('shows keys and passwords only when it is told to', async () => {
    await shop.run(['keys', 'import', 'pro-keys', '-'], { input: 'AAAA-1111\nBBBB-2222\n' });
    const app = await shop.open();
    const [order] = await app.store.findOrders({ text: 'ada@example.org', limit: 1 });
    await app.keys.take('pro-keys', `${order?.id ?? ''}/1/1/course`);
    const hidden = await shop.run(['buyer', 'export', 'ada@example.org']);
    const shown = await shop.run(['buyer', 'export', 'ada@example.org', '--with-keys']);
    expect([hidden.code, shown.code]).to.deep.equal([0, 0]);
    expect(hidden.out)
      .to.contain('(sealed)')
      .and.not.match(/"v1\.[\w-]+\./);
    expect(shown.out)
      .to.not.contain('(sealed)')
      .and.not.match(/"v1\.[\w-]+\./);
  });

  it('erases one buyer while the site runs, says what is given elsewhere, and tells who did it and why', async () => {
    const app = await shop.open();
    const { code, out } = await shop.run(['buyer', 'erase', 'ada@example.org', '--because', 'Ada Byron asked', '--by', 'grace']);
    expect(code).to.equal(0);
    expect(out).to.match(/^In 1 order erased-\w+@erased\.invalid stands for the person now: [\w-]+\n1 callbacks were emptied/);
    expect(out).to.contain('Still given').and.to.contain('desk.enrol');
    expect((await shop.run(['orders', '--find', 'ada@example.org'])).out).to.equal('There are no such orders.\n');
    const [found] = await app.store.findOrders({ text: /erased-\S+invalid/.exec(out)?.[0] ?? '', limit: 1 });
    expect((await app.store.history(found?.id ?? '')).at(-1)?.text).to.equal(
      'grace erased the personal data of the buyer: Erased asked',
    );
    expect((await shop.run(['buyer', 'export', 'grace@example.org'])).code).to.equal(0);
    await give(app, sale('one', 'TS-101', { id: 'late', kind: 'payment.refunded', reversal: 're_1' }));
    expect((await shop.run(['buyer', 'export', 'ada@example.org'])).err).to.match(/^BUYER_NOT_FOUND/);
  });

  it('erases nobody for whom something is open, unless forced', async () => {
    await shop.takes(sale('held', 'TS-101', {}, 100));
    const refused = await shop.run(['buyer', 'erase', 'ada@example.org', '--because', 'asked']);
    expect(refused.code).to.equal(1);
    expect(refused.err).to.match(
      /^BUYER_HAS_OPEN_WORK {2}Something of "ada@example\.org" is still open; nothing was erased\.\n {2}\S+: the order is held$/m,
    );
    expect((await shop.run(['buyer', 'erase', 'ada@example.org', '--because', 'asked', '--force'])).code).to.equal(0);
  });

  it('wants a reason, and knows nobody it never heard of', async () => {
    expect((await shop.run(['buyer', 'erase', 'ada@example.org'])).code).to.equal(2);
    expect((await shop.run(['buyer', 'erase', 'nobody@example.org', '--because', 'asked'])).err).to.match(/^BUYER_NOT_FOUND/);
    expect((await shop.run(['buyer'])).err).to.contain('It needs one more word: buyer export, buyer erase.');
  });
});
