import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { paymentPage, press, readOrder, whereTo, type OrderPage } from '../../examples/training-site/demo/browser.ts';
import { openDemo, type Demo } from '../../examples/training-site/demo/open-demo.ts';
import { root } from '../support/repository.ts';
import { endPrograms, freePort, removeTemporaryFolders, runNode, temporaryFolder, type Program } from '../support/run-example.ts';
import { until } from './until.ts';

const examples = readdirSync(join(root, 'examples')).sort();

/** What any of them may ask for; secrets are made up. */
const secrets = {
  STRIPE_WEBHOOK_SECRET: 'whsec_of_the_examples_test',
  STRIPE_API_KEY: 'rk_test_of_the_examples_test',
  AXIS_LMS_API_KEY: 'the key of an LMS that is not there',
  TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
  FORUM_TOKEN: 'a token',
};

interface Started {
  readonly program: Program;
  readonly home: string;
  readonly shop: string;
}

/** Starts an example as `npm run example NAME` does. */
async function start(name: string, env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const port = await freePort();
  const home = `http://127.0.0.1:${port}`;
  const program = runNode(['.config/example.ts', name], {
    ...secrets,
    PORT: String(port),
    HANDOVER_BASE_URL: `${home}/shop`,
    HANDOVER_STORE: join(temporaryFolder(), 'handover.db'),
    ...env,
  });
  await program.says(/Listening on/);
  return { program, home, shop: `${home}/shop` };
}

/** Buys on the sandbox's page, and gives the order once it looks as wanted. */
async function buy(
  shop: string,
  cart: Record<string, number>,
  isDone: (order: OrderPage) => boolean,
  act = 'approve',
): Promise<OrderPage> {
  const back = await press(paymentPage(shop, cart), { name: 'act', value: act });
  const page = await until('the order is known', () => whereTo(back));
  return until('the order is as wanted', async () => {
    const order = await readOrder(page);
    return isDone(order) && order;
  });
}

const isAllReady = ({ items }: OrderPage): boolean => items.every(({ grants }) => grants.every(({ state }) => state === 'ready'));
const keysOf = ({ items }: OrderPage): number =>
  items.flatMap(({ grants }) => grants.flatMap(({ outputs }) => outputs['key']?.values ?? [])).length;

describe('each example', () => {
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  for (const name of examples) {
    it(`says in a README what it is: ${name}`, () => {
      expect(existsSync(join(root, 'examples', name, 'README.md'))).to.equal(true);
    });

    it(`starts by its name, answers, and ends when it is asked to: ${name}`, async () => {
      const { program, shop } = await start(name);

      const page = await fetch(`${shop}/orders/nonsense`, { headers: { accept: 'text/html' } });
      const text = await page.text();
      const code = await program.stop();

      expect(page.status).to.equal(404);
      expect(text).to.contain('This link does not work any more');
      expect(code, program.output()).to.equal(0);
    });
  }

  it('ends although a buyer still looks at a waiting page', async () => {
    const { program, shop } = await start('minimal');
    const back = await press(paymentPage(shop, { 'TS-101': 1 }), { name: 'act', value: 'wait' });
    const page = await until('the order is known', () => whereTo(back));
    const listening = await fetch(`${page}/events`);

    const code = await program.stop();

    expect(listening.headers.get('content-type')).to.contain('text/event-stream');
    expect(code, program.output()).to.equal(0);
  });

  it('says which secrets are missing instead of starting without them', async () => {
    const program = runNode(['.config/example.ts', 'minimal']);

    expect(await program.ended).to.equal(1);
    expect(program.output()).to.contain('The configuration has 3 problems').and.to.contain('STRIPE_WEBHOOK_SECRET');
  });
});

describe('the example course', () => {
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  async function order(shop: string, body: Readonly<Record<string, string>>): Promise<OrderPage> {
    const answer = await fetch(`${shop}/checkout`, {
      method: 'POST',
      body: new URLSearchParams({ ...ada, ...body }),
      redirect: 'manual',
    });
    return readOrder(answer.headers.get('location') ?? '');
  }
  const ada = { email: 'ada@example.org', name: 'Ada Example' };

  it('sells by card and by bank transfer, and gives the taster away', async () => {
    const { shop } = await start('course');
    const cart = await fetch(`${shop}/cart?items=TS-101:1,CLUB:1`, { headers: { accept: 'application/json' } });

    const transfer = await order(shop, { items: 'TS-101:1', pay: 'offline:transfer' });
    const taster = await order(shop, { items: 'TASTER:1' });
    const club = await buy(shop, { CLUB: 1 }, ({ items }) => items.some(({ grants }) => grants.length > 0));

    expect(await cart.json()).to.have.nested.property('total.amount', 5800);
    expect(transfer.outcome).to.equal('pending');
    expect(['partly', 'paid']).to.include(taster.outcome);
    expect(['partly', 'paid']).to.include(club.outcome);
  });
});

describe('the example existing-express4', () => {
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  it('keeps its own pages and body parsers, and sells', async () => {
    const { home, shop } = await start('existing-express4');

    const front = await (await fetch(home)).text();
    const answer = await fetch(`${home}/newsletter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":"ada@example.org"}',
    });
    const order = await buy(shop, { 'TS-101': 2 }, isAllReady);

    expect(front).to.contain('/shop/sandbox/pay?sku=TS-101');
    expect(await answer.json()).to.deep.equal({ noted: 'ada@example.org' });
    expect(keysOf(order)).to.equal(2);
  });
});

describe('the example own-connector', () => {
  const members: string[] = [];
  let forum: Server;
  before(async () => {
    forum = createServer(({ url = '' }, response) => {
      members.push(decodeURIComponent(url));
      response.end('{"url":"https://forum.example.com/ts-101"}');
    }).listen(0, '127.0.0.1');
    await once(forum, 'listening');
  });
  after(() => forum.close());
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  it('lets the buyer into the group', async () => {
    const { shop } = await start('own-connector', { FORUM_URL: `http://127.0.0.1:${(forum.address() as AddressInfo).port}` });

    const order = await buy(shop, { 'TS-101': 1 }, isAllReady);

    expect(members).to.deep.equal(['/groups/ts-101/members/ada@example.org']);
    expect(order.items[0]?.grants[0]?.outputs['groupUrl']?.values).to.deep.equal(['https://forum.example.com/ts-101']);
  });

  it('has tests of its own that pass', async () => {
    const program = runNode(['--test', 'examples/own-connector/forum.test.ts']);

    expect(await program.ended, program.output()).to.equal(0);
    expect(program.output()).to.match(/pass 3\b/);
  });
});

describe('the example training-site', () => {
  const warnings: string[] = [];
  let demo: Demo;
  before(async () => {
    demo = await openDemo({ port: 0, onCallback: () => undefined, onWarning: (message) => warnings.push(message) });
  });
  after(() => demo.close());

  it('shows what it sells, with the prices of the product files', async () => {
    const page = await (await fetch(demo.home)).text();

    expect([...page.matchAll(/name="of:([^"]+)"/g)].map(([, sku]) => sku)).to.deep.equal(['TPD-7', 'TS-101', 'SET-7']);
    expect(page).to.contain('29.00 EUR').and.to.contain('49.00 EUR').and.to.contain('69.00 EUR');
  });

  it('has JSON routes of its own behind Handover', async () => {
    const answer = await fetch(`${demo.home}api/price`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"of:TS-101":1,"of:TPD-7":2}',
    });

    expect(await answer.json()).to.deep.equal({ total: 10_700, currency: 'EUR' });
  });

  it('delivers a bundle: one SKU, a course and a key', async () => {
    const order = await buy(demo.baseUrl, { 'SET-7': 1 }, isAllReady);

    expect(order.items.flatMap(({ grants }) => grants.map(({ name }) => name))).to.have.members(['course', 'licence']);
    expect(demo.standIns.lms.books.enrolments.filter(({ courseId }) => courseId === '18')).to.have.length(1);
    expect(keysOf(order)).to.equal(1);
  });

  it('delivers two SKUs of one cart, a key for each of three', async () => {
    const order = await buy(demo.baseUrl, { 'TS-101': 1, 'TPD-7': 3 }, isAllReady);

    expect(order.items.map(({ quantity }) => quantity)).to.deep.equal([1, 3]);
    expect(keysOf(order)).to.equal(3);
  });

  it('shows its own words when the bank declines, with the way back to the shop', async () => {
    const order = await buy(demo.baseUrl, { 'TS-101': 1 }, ({ outcome }) => outcome === 'declined', 'decline');

    const page = await (await fetch(order.url, { headers: { accept: 'text/html' } })).text();

    expect(page).to.contain('Your card was not charged');
    expect(page).to.contain(`href="${demo.home}">Back to the courses</a>`);
  });

  it('sells by card: its checkout at Stripe, the callback, the way back to the order', async () => {
    const cart = new URLSearchParams({ 'of:TS-101': '1', 'of:SET-7': '1' });
    const checkout = await fetch(`${demo.home}checkout`, { method: 'POST', body: cart, redirect: 'manual' });
    const paid = await fetch(`${checkout.headers.get('location') ?? ''}/pay`, {
      method: 'POST',
      body: new URLSearchParams({ act: 'pay', email: 'grace@example.com', name: 'Grace Example' }),
      redirect: 'manual',
    });
    const page = await until('the order is known', () => whereTo(paid.headers.get('location') ?? ''));

    const order = await until('everything is ready', async () => {
      const found = await readOrder(page);
      return isAllReady(found) && found;
    });

    expect(order.total.text).to.equal('€118.00');
    expect(demo.standIns.lms.books.enrolments.filter(({ email }) => email === 'grace@example.com')).to.have.length(2);
  });

  it('warns of nothing on the way', () => expect(warnings).to.deep.equal([]));

  it('has a test of its own files that passes', async () => {
    const program = runNode(['--test', 'examples/training-site/shop.test.ts']);

    expect(await program.ended, program.output()).to.equal(0);
    expect(program.output()).to.match(/pass 1\b/);
  });
});
