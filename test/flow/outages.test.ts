import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { startMailbox } from '../../src/testing/mailbox.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { enrolments, openShop, sell, settles, timesEnrolled, type Sku } from './shop.ts';
import { startProcess, stopProcesses } from './start-process.ts';
import { until } from './until.ts';

const enrolling = { method: 'POST', path: /\/courses\/enrollments\// };

function people(count: number, name = 'b'): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${String(index).padStart(2, '0')}@example.org`);
}

async function buy(site: Site, sku: Sku, emails: readonly string[]): Promise<void> {
  const answers = emails.map((email) => site.receives(sell(site, [sku], { buyer: { email } }).completed()));
  expect(new Set((await Promise.all(answers)).map(({ status }) => status))).to.deep.equal(new Set([200]));
}

const lms = 'axis-lms';
const stateOf = ({ app }: Site, account = lms): string =>
  app.runner.accounts().find((each) => each.account === account)?.state ?? 'ok';
const toldOf = (site: Site, account = lms): string[] =>
  site.log
    .filter(({ fields }) => 'state' in fields && 'account' in fields && fields.account === account)
    .map(({ fields }) => (fields as { state: string }).state);

/** Steps of the LMS, in the order in which they are due. */
async function waitingSteps(site: Site): Promise<{ email: string; attempts: number; runAt: number; key: string }[]> {
  const orders = await site.app.store.findOrders({ limit: 500 });
  const records = await Promise.all(orders.map(({ id }) => site.app.store.findOrder(id)));
  const steps = records.flatMap((record) =>
    (record?.steps ?? [])
      .filter(({ account }) => account === lms)
      .map(({ attempts, runAt, key }) => ({ email: record?.order.buyer.email ?? '', attempts, runAt, key })),
  );
  return steps.sort((a, b) => a.runAt - b.runAt);
}

describe('An outage of the LMS', function () {
  this.timeout(60_000);
  afterEach(async () => {
    await stopProcesses();
    await closeSites();
  });

  it('costs its own orders no attempts and no one else any time, and what waits then goes on oldest first', async () => {
    const site = await openShop({ account: { limits: { parallel: 3 } } });
    await site.lms.goDown();
    const buyers = people(60);
    await buy(site, 'TS-101', buyers);
    await until('the LMS counts as down', () => stateOf(site) === 'down');
    const kims = people(10, 'kim');
    await buy(site, 'TP-7', kims);
    await until('the mails with the keys', () => kims.every((email) => site.mailbox.messagesFor(email).length === 1));
    await until('all that waits', async () => (await waitingSteps(site)).length === buyers.length);
    expect(enrolments(site)).to.deep.equal([]);

    const before = await waitingSteps(site);
    await site.lms.comeBack();
    await until('every seat', () => enrolments(site).length === buyers.length, 30_000);
    await settles(site);
    const attempts = (await waitingSteps(site)).map((step) => step.attempts);
    expect(
      attempts.reduce((sum, each) => sum + each, 0),
      'attempts of all',
    ).to.be.at.most(buyers.length + 10);
    const due = before.map(({ email }) => email);
    const served = site.lms.books.enrolments.map(({ email }) => email);
    const displaced = served.map((email, index) => Math.abs(due.indexOf(email) - index));
    expect(Math.max(...displaced), 'places that anybody was served too early or too late').to.be.at.most(6);
    expect(timesEnrolled(site)).to.equal(buyers.length);
    expect(toldOf(site)).to.deep.equal(['down', 'recovering', 'ok']);
    expect(site.app.runner.accounts()).to.deep.equal([]);
  });

  it('is asked about now and then by one step, however many wait', async () => {
    const site = await openShop({ account: { limits: { parallel: 3 } } });
    site.lms.faults.always(fault.status(503));
    await buy(site, 'TS-101', people(30));
    await until('the LMS counts as down', () => stateOf(site) === 'down');
    const before = site.lms.books.requests.length;
    await sleep(2500);
    expect(site.lms.books.requests.length - before, 'requests within 2.5 s, with chance on their side').to.be.at.most(25);
    expect(before, 'requests until it was found').to.be.at.most(10);
    const times = site.lms.books.requests.slice(before).map(({ at }) => at.getTime());
    expect(times.every((at, index) => index === 0 || at >= times[index - 1]!)).to.equal(true);
    site.lms.faults.clear();
    await until('every seat', () => enrolments(site).length === 30, 30_000);
  });

  it('makes the LMS be left alone for as long as it asks for', async () => {
    const site = await openShop({ account: { limits: { parallel: 1 } } });
    site.lms.faults.next(fault.status(429, { retryAfter: 2 }), enrolling);
    await buy(site, 'TS-101', people(8));
    await until('it is paused', () => stateOf(site) === 'paused');
    await until('every seat', () => enrolments(site).length === 8);
    const asked = site.lms.books.requests.map(({ at }) => at.getTime());
    const gaps = asked.slice(1).map((at, index) => at - asked[index]!);
    expect(Math.max(...gaps), 'the longest time in which nothing was asked').to.be.at.least(1900);
    expect(toldOf(site)[0]).to.equal('paused');
  });

  it('is got over by several processes, which double nothing', async () => {
    const site = await openShop({ handover: { worker: false } });
    await site.lms.goDown();
    await Promise.all([startProcess(site), startProcess(site)]);
    const buyers = people(60);
    await buy(site, 'TS-101', buyers);
    await until('all that waits', async () => (await waitingSteps(site)).length === buyers.length);
    await sleep(1000);
    await site.lms.comeBack();
    await until('every seat', () => enrolments(site).length >= buyers.length, 30_000);
    await until('every mail', () => buyers.every((email) => site.mailbox.messagesFor(email).length > 0), 30_000);
    expect(enrolments(site)).to.deep.equal(buyers.map((email) => `${email}: 17`));
    expect(timesEnrolled(site)).to.equal(buyers.length);
    const attempts = (await waitingSteps(site)).map((step) => step.attempts);
    expect(
      attempts.reduce((sum, each) => sum + each, 0),
      'attempts of all',
    ).to.be.at.most(buyers.length + 25);
  });
});

describe('An outage of the mail server', function () {
  this.timeout(60_000);
  afterEach(closeSites);

  it('keeps the mails back and nothing else, and they all go out when it is back', async () => {
    const spare = await startMailbox();
    await spare.close();
    const mail = { from: { email: 'shop@example.org' }, smtp: { host: '127.0.0.1', port: spare.port } };
    const site = await openShop({ site: { mail } });
    const buyers = people(12);
    await buy(site, 'TS-101', buyers);
    await until('every seat', () => enrolments(site).length === buyers.length);
    await until('the mail server counts as down', () => stateOf(site, 'mail') === 'down');
    const back = await startMailbox({ port: spare.port });
    try {
      await until('every mail', () => buyers.every((email) => back.messagesFor(email).length === 1), 30_000);
      await settles(site);
      expect(toldOf(site, 'mail')).to.deep.equal(['down', 'recovering', 'ok']);
      expect((await site.app.store.status()).steps.parked).to.equal(0);
    } finally {
      await back.close();
    }
  });
});
