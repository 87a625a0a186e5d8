import { expect } from 'chai';
import { defineAction, defineConnector, type Connector } from '../../src/contract/connector.ts';
import { tryLater } from '../../src/contract/errors.ts';
import { fault, type Fault } from '../../src/testing/double-server.ts';
import { stripeFault } from '../../src/testing/stripe/index.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, enrolments, openShop, owner, pageJson, recordOf, sell, settles, takes, timesEnrolled } from './shop.ts';
import { tellTogether } from './tell-together.ts';
import { until } from './until.ts';

const enrolling = { method: 'POST', path: /\/courses\/enrollments\// };
const creatingTheUser = { method: 'POST', path: /\/users\/$/ };
const askingForAToken = { path: /\/token\/request/ };

const faults: Readonly<Record<string, () => Fault>> = {
  'answers 500': () => fault.status(500),
  'answers 500 although it has done it': () => fault.commitThen500(),
  'cuts the connection': () => fault.drop(),
  'cuts the connection although it has done it': () => fault.commitThenDrop(),
  'shows a maintenance page': () => fault.html(),
  'answers half of its JSON': () => fault.truncatedJson(),
  'has done it and never comes to the end of its answer': () => fault.drip({ endless: true }),
  'does it long after everybody has given up': () => fault.delay(600),
};

async function sellThrough(makeFault: () => Fault): Promise<void> {
  const site = await openShop({ account: { requestTimeoutSeconds: 0.3 } });
  for (const match of [askingForAToken, creatingTheUser, enrolling]) site.lms.faults.next(makeFault(), match);
  const sale = sell(site, ['TS-101']);
  await takes(site, sale.completed());
  await settles(site);
  await until('every fault was met', () => site.lms.faults.waiting === 0);

  expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  expect(site.lms.books.users).to.have.length(1);
  expect(timesEnrolled(site), 'writes of the enrolment').to.be.at.most(2);
  expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
  expect((await pageJson(site, sale)).outcome).to.equal('paid');
}

tellTogether('An LMS that fails in passing', {
  ...Object.fromEntries(
    Object.entries(faults).map(([what, makeFault]) => [
      `makes one seat, one account and one mail when it ${what}`,
      () => sellThrough(makeFault),
    ]),
  ),

  async 'is not asked again before the time it named'() {
    const site = await openShop();
    site.lms.faults.next(fault.status(429, { retryAfter: 1 }), enrolling);
    await takes(site, sell(site, ['TS-101']).completed());
    await until('the seat', () => enrolments(site).length === 1);
    const [first, second] = site.lms.books.requests.filter(({ method, path }) => method === 'POST' && enrolling.path.test(path));
    expect(second!.at.getTime() - first!.at.getTime()).to.be.at.least(990);
  },

  async 'delays nobody whose goods come from elsewhere'() {
    const site = await openShop();
    await site.lms.goDown();
    const [key, course] = [sell(site, ['TP-7'], { buyer: { email: 'kim@example.org' } }), sell(site, ['TS-101'])];
    await takes(site, course.completed());
    await takes(site, key.completed());
    await until('the mail with the key', () => site.mailbox.messagesFor('kim@example.org').length === 1);
    expect(enrolments(site)).to.deep.equal([]);

    await site.lms.comeBack();
    await until('the seat, once the LMS is back', () => enrolments(site).length === 1);
    await settles(site);
    expect(timesEnrolled(site)).to.equal(1);
  },
});

describe('An LMS in trouble', () => {
  afterEach(closeSites);

  it('is asked for no more at a time than its limit allows', async () => {
    const site = await openShop({ account: { limits: { parallel: 2 } } });
    site.lms.faults.always(fault.delay(20));
    const sales = Array.from({ length: 10 }, (_, index) => sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } }));
    await Promise.all(sales.map((sale) => site.receives(sale.completed())));
    await settles(site);
    expect(enrolments(site)).to.have.length(10);
    const arrivals = site.lms.books.requests.map(({ at }) => at.getTime());
    const crowd = Math.max(...arrivals.map((at) => arrivals.filter((other) => other >= at && other < at + 15).length));
    expect(crowd, 'requests within less time than one takes').to.be.at.most(2);
  });

  it('that refuses for good makes it a task of the owner, which a retry after the correction finishes', async () => {
    const site = await openShop();
    site.lms.changeCourse('17', { isActive: false });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());

    const [parked, ...others] = await site.app.store.parkedSteps(10);
    expect(others).to.deep.equal([]);
    expect([parked!.attempts, parked!.error?.code]).to.deep.equal([1, 'AXIS_COURSE_INACTIVE']);
    const { id } = (await recordOf(site, sale)).order;
    const notice = site.mailbox.messagesFor(owner).find(({ parsed }) => parsed.subject?.startsWith('[Test] Needs you'));
    expect(notice?.parsed.subject).to.equal(`[Test] Needs you: deliver TypeScript in a week for order ${id}`);
    expect(notice?.parsed.text).to.contain('is not active').and.contain(`handover retry`).and.contain('Ada Example');
    expect((await pageJson(site, sale)).items[0]!.state).to.equal('parked');

    site.lms.changeCourse('17', { isActive: true });
    expect(await site.app.store.retryStep(parked!.key, 'a test')).to.equal(true);
    site.app.runner.wake();
    await settles(site);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(await site.app.store.retryStep(parked!.key, 'a test')).to.equal(false);
  });

  it('that never recovers becomes a task when the budget is used up, and only then', async () => {
    let ahead = 0;
    const retries = { delaysSeconds: [0, 0, 600], everySeconds: 600, untilHours: 1 };
    const site = await openShop({ site: { retries }, handover: { now: () => new Date(Date.now() + ahead) } });
    await site.lms.goDown();
    await takes(site, sell(site, ['TS-101']).completed());
    expect((await site.app.store.status()).steps.parked).to.equal(0);
    ahead = 3_600_000 + 1000;
    site.app.runner.wake();
    await until('the step is parked', async () => (await site.app.store.status()).steps.parked === 1);
    await until('the owner is told', () =>
      site.mailbox.messagesFor(owner).some(({ parsed }) => parsed.subject?.includes('Needs you')),
    );
  });

  it('that is cured by hand lets the buyer hear of it', async () => {
    const site = await openShop();
    site.lms.changeCourse('17', { isActive: false });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const [parked] = await site.app.store.parkedSteps(10);
    await site.app.store.markDone(parked!.key, 'a test');
    site.app.runner.wake();
    await settles(site);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(site.mailbox.messagesFor(buyer).at(-1)?.parsed.subject).to.match(/^Now ready|is ready$/);
  });

  it('that failed to take a seat back is asked until it has', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    for (let count = 0; count < 3; count += 1) site.lms.faults.next(fault.status(500), { method: 'DELETE' });
    site.lms.faults.next(fault.commitThenDrop(), { method: 'DELETE' });
    await takes(site, ...sale.refunded());
    await settles(site);
    expect(site.lms.faults.waiting).to.equal(0);
    expect(enrolments(site)).to.deep.equal([]);
    expect((await site.app.store.status()).steps.parked).to.equal(0);
  });

  it('that answers while the refund arrives leaves no seat behind', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    const paid = sale.completed();
    const refunds = sale.refunded();
    site.lms.faults.next(fault.delay(150), enrolling);
    await site.receives(paid);
    await until('the LMS is being asked', () =>
      site.lms.books.requests.some(({ path, method }) => method === 'POST' && enrolling.path.test(path)),
    );
    for (const each of refunds) await site.receives(each);
    await settles(site);
    expect(enrolments(site)).to.deep.equal([]);
    expect((await pageJson(site, sale)).outcome).to.equal('refunded');
  });
});

describe('A Stripe API in trouble', () => {
  afterEach(closeSites);

  for (const [what, make] of Object.entries({
    'says 429': () => stripeFault.error(429, { retryAfter: 0 }),
    'fails with 500': () => fault.status(500),
    'cuts the connection': () => fault.drop(),
    'answers half of its JSON': () => fault.truncatedJson(),
    'shows a maintenance page': () => fault.html(),
  })) {
    it(`delays the order and loses nothing when it ${what}`, async () => {
      const site = await openShop();
      for (let count = 0; count < 3; count += 1) site.stripe.faults.next(make());
      const sale = sell(site, ['TS-101']);
      const { status } = await site.receives(sale.completed());
      expect(status).to.equal(200);
      await settles(site);
      expect(site.stripe.faults.waiting).to.equal(0);
      expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
      expect(site.mailbox.messages).to.have.length(2);
    });
  }

  it('that refuses our key parks the callback, which a retry after the correction digests', async () => {
    const site = await openShop();
    site.stripe.faults.next(stripeFault.error(401, { message: 'Invalid API Key provided: sk_test_dou***ble' }));
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const [parked] = await site.app.store.parkedCallbacks(5);
    expect(parked?.problem.code).to.equal('STRIPE_KEY_REFUSED');
    expect(parked?.problem.message).not.to.contain('sk_test');
    expect(site.mailbox.subjectsFor(owner)).to.deep.equal(['[Test] Needs you: a callback from stripe could not be read']);
    expect(await site.app.store.retryCallback(parked!.id, 'a test')).to.equal(true);
    site.app.runner.wake();
    await settles(site);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });
});

/** A system that recognises no repeats: whoever asks it twice gets two. */
function blindConnector(grant: () => Promise<Record<string, unknown>>): Connector<never> {
  const issue = defineAction({
    summary: 'Order one',
    repeats: 'blind',
    input: { type: 'object' },
    output: { number: { description: 'Its number.' } },
    grant,
  });
  return defineConnector({ name: 'vendor', summary: 'A vendor', options: { type: 'object' }, actions: { order: issue } });
}

describe('A system that does not recognise repeats', () => {
  afterEach(closeSites);

  const files = {
    'products/V-1.json': {
      sku: 'V-1',
      title: 'A thing',
      price: '1.00 EUR',
      grants: { thing: { action: 'vendor.order', with: {} } },
    },
  };
  const open = (grant: () => Promise<Record<string, unknown>>): Promise<Site> =>
    openShop({ files, connectors: { vendor: {} }, handover: { connectors: [blindConnector(grant)] } });
  const buyOne = (shop: Site): Promise<void> =>
    takes(shop, shop.stripe.sale({ lines: [{ sku: 'V-1', unitAmount: 100 }] }).completed());

  it('is asked once and then a person is, when its answer got lost', async () => {
    let asked = 0;
    const shop = await open(async () => {
      asked += 1;
      throw tryLater('NO_ANSWER', 'The vendor did not answer.', { unknown: true });
    });
    await buyOne(shop);
    await settles(shop);
    expect(asked).to.equal(1);
    const [parked] = await shop.app.store.parkedSteps(5);
    expect(parked?.error?.code).to.equal('OUTCOME_UNKNOWN');
    expect(parked?.error?.hint).to.contain('handover done');
  });

  it('is asked again when it surely has not acted', async () => {
    let asked = 0;
    const shop = await open(async () => {
      asked += 1;
      if (asked < 4) throw tryLater('NOT_SENT', 'The vendor could not be reached.');
      return { number: 'N-1' };
    });
    await buyOne(shop);
    await settles(shop);
    expect(asked).to.equal(4);
    expect((await shop.app.store.status()).steps.parked).to.equal(0);
  });
});

describe('An action that throws what it likes', () => {
  afterEach(closeSites);

  for (const [what, thrown] of Object.entries<unknown>({
    'a plain error': new TypeError('x is not a function'),
    'a text': 'oops',
    nothing: undefined,
    null: null,
    'an error with an odd code': Object.assign(new Error('odd'), { code: 17 }),
  })) {
    it(`is tried again after ${what}, and its process lives on`, async () => {
      let asked = 0;
      const action = defineAction({
        summary: 'Do it',
        repeats: 'keyed',
        input: { type: 'object' },
        output: {},
        async grant(): Promise<Record<string, unknown>> {
          asked += 1;
          if (asked < 3) throw thrown;
          return {};
        },
      });
      const odd = defineConnector<never>({ name: 'odd', summary: 'Odd', options: { type: 'object' }, actions: { act: action } });
      const files = {
        'products/O-1.json': { sku: 'O-1', title: 'Odd', price: '1.00 EUR', grants: { it: { action: 'odd.act', with: {} } } },
      };
      const site = await openShop({ files, connectors: { odd: {} }, handover: { connectors: [odd] } });
      await takes(site, site.stripe.sale({ lines: [{ sku: 'O-1', unitAmount: 100 }] }).completed());
      await settles(site);
      expect(asked).to.equal(3);
      expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
    });
  }
});
