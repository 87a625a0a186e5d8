import { expect } from 'chai';
import { decided } from '../../src/wiring/own-events.ts';
import { unitStocks } from '../../src/cli/unit-stock.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { enrolments, openShop, owner, recordOf, sell, settings, takes, wordsOf, type ShopOptions } from './shop.ts';
import { until } from './until.ts';

const offline = { methods: { transfer: { iban: 'DE02120300000000202051', holder: 'Example School Ltd' } } };

/** The shop with bank transfer beside Stripe; the course has so many places. */
function open(capacity: number, { site = {}, files, ...options }: ShopOptions = {}): Promise<Site> {
  const more = { checkout: { requestsPerMinute: 1000 }, ...site };
  const withTransfer = (old: Record<string, unknown>): object => {
    const made = settings({ site: more })(old) as { gateways: object };
    return { ...made, gateways: { ...made.gateways, offline } };
  };
  return openShop({
    ...options,
    files: {
      'handover.json': withTransfer,
      'products/TS-101.json': (old: object) => ({ ...old, stock: { capacity, lowAt: 1 } }),
      ...files,
    },
  });
}

async function begin(
  site: Site,
  name: string,
  sku = 'TS-101',
  quantity = 1,
): Promise<{ status: number; error: string; message: string }> {
  const answer = await fetch(`${site.url}/checkout`, {
    method: 'POST',
    body: JSON.stringify({ gateway: 'offline', items: [{ sku, quantity }], buyer: { email: `${name}@example.org` } }),
    headers: { 'content-type': 'application/json' },
  });
  const body = (await answer.json()) as { error?: string; message?: string };
  return { status: answer.status, error: body.error ?? '', message: body.message ?? '' };
}

async function left(site: Site): Promise<{ sold: number; reserved: number; short: number; left: number }> {
  const [stock] = await unitStocks(site.app.store, site.app.configuration());
  const { sold = 0, reserved = 0, short = 0, left: rest = 0 } = stock ?? {};
  return { sold, reserved, short, left: rest };
}

async function fiftyBuyersForTen(options: ShopOptions): Promise<void> {
  const site = await open(10, options);
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => begin(site, `b${index}`)));
  expect(answers.filter(({ status }) => status === 200)).to.have.length(10);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status, error }) => `${status} ${error}`))).to.deep.equal(new Set(['409 SOLD_OUT']));
  expect(await left(site)).to.deep.equal({ sold: 0, reserved: 10, short: 0, left: 0 });
}

async function fiftyPaymentsForTen(options: ShopOptions): Promise<void> {
  const site = await open(10, options);
  const sales = Array.from({ length: 50 }, (_, index) => sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } }));
  await Promise.all(sales.flatMap((sale) => [site.receives(sale.completed()), site.receives(sale.completed())]));
  await site.finishesItsSteps();
  const orders = await Promise.all(sales.map((sale) => recordOf(site, sale)));
  expect(orders.filter(({ order }) => order.status === 'paid')).to.have.length(10);
  expect(enrolments(site)).to.have.length(10);
  const held = orders.filter(({ order }) => order.status === 'held');
  expect(held.flatMap(({ order }) => order.holds.map(({ code }) => code))).to.deep.equal(Array(40).fill('SOLD_OUT'));
  expect(await left(site)).to.deep.equal({ sold: 10, reserved: 0, short: 40, left: 0 });
}

async function onPostgres(): Promise<ShopOptions> {
  const { url } = await sharedCluster();
  return {
    site: { secret: { env: 'HANDOVER_SECRET' } },
    handover: {
      store: `${url}?schema=${freshSchema()}`,
      env: {
        ...process.env,
        HANDOVER_SECRET: 'thirty-two random characters, or more',
      },
    },
  };
}

describe('Limited stock', function () {
  this.timeout(60_000);
  afterEach(closeSites);

  it('is sold to ten of fifty who begin to pay at the same moment, on SQLite', () => fiftyBuyersForTen({}));

  it('is sold to ten of fifty who begin to pay at the same moment, on PostgreSQL', async () =>
    fiftyBuyersForTen(await onPostgres()));

  it('is given to ten of fifty payments that come in at the same moment, and twice each, on SQLite', () =>
    fiftyPaymentsForTen({}));

  it('is given to ten of fifty payments that come in at the same moment, and twice each, on PostgreSQL', async () =>
    fiftyPaymentsForTen(await onPostgres()));

  it('is refused in words on the cart page, before anybody pays', async () => {
    const soldOut = 'The March session is full. The next one is in June.';
    const stock = { capacity: 1, soldOut };
    const site = await open(1, { files: { 'products/TS-101.json': (old: object) => ({ ...old, stock }) } });
    await takes(site, sell(site, ['TS-101']).completed());
    const page = await site.get('/cart?sku=TS-101', { accept: 'text/html' });
    expect(page.status).to.equal(422);
    expect(wordsOf(await page.text())).to.contain(`TypeScript in a week: ${soldOut}`);
    expect((await begin(site, 'ada')).message).to.equal(`TypeScript in a week: ${soldOut}`);
  });

  it('is kept for who has begun to pay, and free again when that is given up', async () => {
    let now = new Date();
    const site = await open(1, { handover: { now: () => now } });
    expect((await begin(site, 'ada')).status).to.equal(200);
    const page = await site.get('/cart?sku=TS-101', { accept: 'text/html' });
    expect(wordsOf(await page.text())).to.contain('being paid for just now');
    now = new Date(now.getTime() + 40 * 86_400_000);
    expect((await begin(site, 'bo')).status).to.equal(200);
    await site.finishesItsSteps();
    expect(await left(site)).to.deep.equal({ sold: 0, reserved: 1, short: 0, left: 0 });
  });

  it('is held for staff when it was paid beyond what there is; released it is given, and a refund frees a place', async () => {
    const site = await open(1);
    const [first, second] = [sell(site, ['TS-101']), sell(site, ['TS-101'], { buyer: { email: 'bo@example.org' } })];
    await takes(site, first.completed(), second.completed());
    const { order } = await recordOf(site, second);
    expect(order.holds[0]).to.deep.equal({ code: 'SOLD_OUT', message: '1 of "TS-101" was paid for, but of 1 only 0 are left.' });
    expect(site.mailbox.subjectsFor(owner).join('\n')).to.match(/held|Held|check/i);
    const staff = { by: 'bo', because: 'One more chair.', codes: ['SOLD_OUT'] };
    await site.app.reconsider(order.id, [decided(order, 'order.released', staff, site.app.now())]);
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'bo@example.org: 17']);
    expect(await left(site)).to.deep.equal({ sold: 2, reserved: 0, short: 0, left: 0 });
    await takes(site, ...first.refunded(), ...second.refunded());
    expect(await left(site)).to.deep.equal({ sold: 0, reserved: 0, short: 0, left: 1 });
  });

  it('is there for the purchase it is reserved for, when the gateway asks before it takes the money', async () => {
    const site = await open(1);
    await begin(site, 'ada');
    const [order] = await site.app.store.findOrders({ limit: 1 });
    const ask = site.app.gateway('offline')!.context;
    expect((await ask.offer('TS-101', 1, order!.purchase))?.soldOut).to.equal(undefined);
    expect((await ask.offer('TS-101', 1, 'another purchase'))?.soldOut).to.contain('being paid for just now');
    expect((await ask.offer('TS-101', 1))?.soldOut).to.contain('being paid for just now');
  });

  it('is shared by the products of one pool, and by bundles that include one', async () => {
    const stock = { capacity: 2, pool: 'march' };
    const site = await open(2, {
      files: {
        'products/TS-101.json': (old: object) => ({ ...old, stock }),
        'products/TS-102.json': (old: object) => ({ ...old, stock }),
        'products/BOTH.json': { sku: 'BOTH', title: 'Course with a book', price: '70.00 EUR', includes: ['TS-101'] },
      },
    });
    expect((await begin(site, 'ada', 'BOTH')).status).to.equal(200);
    expect((await begin(site, 'bo', 'TS-102')).status).to.equal(200);
    expect(await begin(site, 'cy', 'BOTH')).to.include({ status: 409, error: 'SOLD_OUT' });
    expect(await left(site)).to.include({ reserved: 2, left: 0 });
  });

  it('counts the keys of a pool: an empty one is sold out', async () => {
    const grants = { licence: { action: 'test-pro.issueKey', with: { source: 'stock' } } };
    const site = await open(9, { files: { 'products/TP-7.json': (old: object) => ({ ...old, grants }) } });
    expect(await begin(site, 'ada', 'TP-7')).to.include({ status: 409, message: 'Test Pro, one seat: This is sold out.' });
    await site.app.store.importKeys('stock', [{ fingerprint: 'f1', sealed: site.app.sealer().seal('KEY-1') }]);
    expect((await begin(site, 'ada', 'TP-7')).status).to.equal(200);
    expect(await begin(site, 'bo', 'TP-7')).to.include({ status: 409 });
  });

  it('is sold within its window only, by the clocks of the site', async () => {
    let now = new Date('2026-11-30T22:59:59Z');
    const sale = { from: '2026-12-01', until: '2026-12-24' };
    const site = await open(9, {
      site: { site: { name: 'Example School', url: 'https://example.org', timeZone: 'Europe/Vienna' } },
      files: { 'products/TS-101.json': (old: object) => ({ ...old, sale }) },
      handover: { now: () => now },
    });
    expect((await begin(site, 'ada')).message).to.contain('This is sold from December 1, 2026 on.');
    now = new Date('2026-11-30T23:00:00Z');
    expect((await begin(site, 'ada')).status).to.equal(200);
    now = new Date('2026-12-24T22:59:59Z');
    expect((await begin(site, 'bo')).status).to.equal(200);
    now = new Date('2026-12-24T23:00:00Z');
    expect((await begin(site, 'cy')).message).to.contain('This is not sold any more.');
  });

  it('tells the owner once when little is left and once when nothing is', async () => {
    const site = await open(2);
    await takes(site, sell(site, ['TS-101']).completed());
    await until('the owner knows that one is left', () =>
      site.mailbox.subjectsFor(owner).includes('[Test] Only 1 left of "TS-101"'),
    );
    await takes(site, sell(site, ['TS-101'], { buyer: { email: 'bo@example.org' } }).completed());
    await until('the owner knows that it is sold out', () =>
      site.mailbox.subjectsFor(owner).includes('[Test] Sold out: "TS-101"'),
    );
    expect(site.mailbox.subjectsFor(owner).filter((subject) => subject.includes('"TS-101"'))).to.have.length(2);
  });
});
