import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect } from 'chai';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { eraseBuyer, exportBuyer } from '../../src/wiring/buyer-data.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, enrolments, keysOf, openShop, pageWords, recordOf, sell, takes } from './shop.ts';

const wish = { by: 'grace', because: 'She asked for it.', force: false };

describe('A buyer whose data are erased', () => {
  let site: Site;
  beforeEach(async () => (site = await openShop()));
  afterEach(closeSites);

  /** Everything the file holds, as text. */
  function wholeStore(): string {
    const database = new DatabaseSync(join(site.folder, 'handover.db'), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
    const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM ${name}`).all());
    database.close();
    return JSON.stringify(rows, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value));
  }

  it('is told everything that is kept first: orders, mails, keys and callbacks', async () => {
    const sale = sell(site, ['TS-101', 'TP-7']);
    await takes(site, sale.completed());
    const found = await exportBuyer(site.app.store, ` ${buyer.toUpperCase()}`);
    expect(found.orders.map(({ order, as }) => [order.purchase, as])).to.deep.equal([[sale.session.id, 'buyer']]);
    expect(found.mails).to.have.length(1);
    expect(found.callbacks[0]?.body).to.contain(buyer);
    expect(found.orders[0]?.history.length).to.be.greaterThan(3);
    expect((await exportBuyer(site.app.store, 'nobody@example.org')).orders).to.deep.equal([]);
  });

  it('is in no table any more, while what was bought and paid still is', async () => {
    const sale = sell(site, ['TP-7']);
    await takes(site, sale.completed());
    const before = (await recordOf(site, sale)).order;
    expect(wholeStore()).to.contain(buyer).and.to.contain('Ada Example');
    const { as, callbacksEmptied } = await eraseBuyer(site.app.store, buyer, wish);
    expect(callbacksEmptied).to.equal(1);
    expect(wholeStore()).to.not.match(/ada@|Ada Example/i);
    const { order } = await recordOf(site, sale);
    expect(order.buyer.email).to.equal(as);
    expect([order.id, order.total, order.paidAt, order.references]).to.deep.equal([
      ...[before.id, before.total, before.paidAt, before.references],
    ]);
    expect(order.lines.map(({ sku, total }) => [sku, total])).to.deep.equal(before.lines.map(({ sku, total }) => [sku, total]));
  });

  it('leaves orders that are what their events say', async () => {
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await eraseBuyer(site.app.store, buyer, wish);
    const { order } = await recordOf(site, sale);
    const applied = applyEvents(order.gateway, order.purchase, order.events);
    const { buyer: known, metadata, reason, references, status } = order;
    expect([known, metadata, reason, references, status]).to.deep.equal([
      ...[applied.buyer, applied.metadata, applied.reason, applied.references, applied.status],
    ]);
    await site.app.reconsider(order.id);
    expect((await recordOf(site, sale)).order).to.deep.equal(order);
  });

  it('does not come back with a refund, which still takes the course back and mails nobody', async () => {
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await eraseBuyer(site.app.store, buyer, wish);
    const mails = site.mailbox.messagesFor(buyer).length;
    expect(enrolments(site)).to.have.length(1);

    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.deep.equal([]);
    const { order, steps } = await recordOf(site, sale);
    expect(order.status).to.equal('refunded');
    expect(JSON.stringify(order)).to.not.match(/ada@|Ada Example/i);
    expect(steps.filter(({ state }) => state !== 'done' && state !== 'cancelled' && state !== 'ready')).to.deep.equal([]);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(mails);
  });

  it('keeps the page that the link in an old mail leads to, without a name on it', async () => {
    const sale = sell(site, ['TP-7']);
    await takes(site, sale.completed());
    const keys = await keysOf(site, sale);
    await eraseBuyer(site.app.store, buyer, wish);
    expect(await pageWords(site, sale)).to.not.match(/ada@|Ada Example/i);
    expect(await keysOf(site, sale)).to.deep.equal(keys);
  });

  it('is not erased while something is open', async () => {
    const sale = site.stripe.sale({ lines: [{ sku: 'TS-101', quantity: 1, unitAmount: 100 }] });
    await takes(site, sale.completed());
    const { erased, open } = await eraseBuyer(site.app.store, buyer, wish);
    expect([erased, open[0]?.what]).to.deep.equal([[], 'the order is held']);
    expect((await recordOf(site, sale)).order.buyer.email).to.equal(buyer);
  });
});
