import { once } from 'node:events';
import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  buyer,
  enrolments,
  keysOf,
  openShop,
  owner,
  pageAddress,
  pageJson,
  sell,
  settles,
  takes,
  timesEnrolled,
} from './shop.ts';
import { startProcess, stopProcesses } from './start-process.ts';
import { tellTogether } from './tell-together.ts';
import { until } from './until.ts';

const enrolling = { method: 'POST', path: /\/courses\/enrollments\// };

async function deliver(url: string, { body, headers }: { body: string; headers: Record<string, string> }): Promise<number> {
  return (await fetch(`${url}/callbacks/stripe`, { method: 'POST', body, headers })).status;
}

/** The shop's doubles and a page server that carries nothing out: the work is for other processes. */
function openFront(): Promise<Site> {
  return openShop({ handover: { worker: false } });
}

function isEnrolling({ lms }: Site): boolean {
  return lms.books.requests.some(({ method, path }) => method === enrolling.method && enrolling.path.test(path));
}

tellTogether('A process', {
  async 'that is killed leaves its open work to the next one, which finishes it by itself and doubles nothing'() {
    const site = await openFront();
    site.lms.faults.next(fault.delay(700), enrolling);
    const first = await startProcess(site);
    const sale = sell(site, ['TS-101', 'TP-7']);
    expect(await deliver(first.url, sale.completed())).to.equal(200);
    await until('the LMS is being asked', () => isEnrolling(site));
    await first.stop('SIGKILL');

    await startProcess(site);
    await until('the mail', () => site.mailbox.messagesFor(buyer).length > 0);
    await until('the notice of the sale', () => site.mailbox.messagesFor(owner).length > 0);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(await keysOf(site, sale)).to.have.length(1);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(site.mailbox.messages).to.have.length(2);
  },

  async 'that is killed has lost nothing it acknowledged, at whatever moment it dies'() {
    const site = await openFront();
    const people: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const life = await startProcess(site);
      let isAlive = true;
      const buyOn = async (line: number): Promise<void> => {
        for (let count = 0; isAlive; count += 1) {
          const email = `r${round}l${line}c${count}@example.org`;
          const status = await deliver(life.url, sell(site, ['TS-101'], { buyer: { email } }).completed()).catch(() => 0);
          if (status === 200) people.push(email);
        }
      };
      const lines = [0, 1, 2].map(buyOn);
      const enough = people.length + 5 + 7 * round;
      await until('some were acknowledged', () => people.length >= enough);
      await life.stop('SIGKILL');
      isAlive = false;
      await Promise.all(lines);
    }
    await startProcess(site);
    await until('every seat', () => people.every((email) => enrolments(site).includes(`${email}: 17`)));
    await until('every mail', () => people.every((email) => site.mailbox.messagesFor(email).length > 0));
    expect(new Set(enrolments(site))).to.have.length(enrolments(site).length);
  },

  async 'that is told to stop gives back within ten seconds what an LMS does not answer, and the next one goes on with it'() {
    const site = await openFront();
    site.lms.faults.next(fault.drip({ endless: true }), enrolling);
    const first = await startProcess(site);
    await deliver(first.url, sell(site, ['TS-101']).completed());
    await until('the LMS is being asked', () => isEnrolling(site));
    const begun = performance.now();
    first.child.kill('SIGTERM');
    const [code] = (await once(first.child, 'exit')) as [number | null];
    expect(code).to.equal(0);
    expect(performance.now() - begun).to.be.lessThan(10_000);

    await startProcess(site);
    await until('the mail', () => site.mailbox.messagesFor(buyer).length > 0);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  },
});

describe('Several processes on one store', () => {
  afterEach(async () => {
    await stopProcesses();
    await closeSites();
  });

  it('share the work and double nothing: one that only takes callbacks and shows pages, two that carry out', async function () {
    this.timeout(30_000);
    const site = await openFront();
    await Promise.all([startProcess(site), startProcess(site)]);
    const people = Array.from({ length: 40 }, (_, index) => `b${String(index).padStart(2, '0')}@example.org`);
    const sales = people.map((email) => sell(site, ['TS-101', 'TP-7'], { buyer: { email, name: 'Ada Example' } }));
    const answers = await Promise.all(sales.map(async (sale) => (await site.receives(sale.completed())).status));
    expect(new Set(answers)).to.deep.equal(new Set([200]));
    await until('all mails', () => people.every((email) => site.mailbox.messagesFor(email).length > 0), 20_000);
    await until('all notices', () => site.mailbox.messagesFor(owner).length >= people.length);

    expect(enrolments(site)).to.deep.equal(people.map((email) => `${email}: 17`));
    expect(timesEnrolled(site)).to.equal(people.length);
    expect(site.mailbox.messages).to.have.length(2 * people.length);
    expect(new Set((await Promise.all(sales.map((sale) => keysOf(site, sale)))).flat())).to.have.length(people.length);
    expect(site.lms.books.users).to.have.length(people.length);
  });

  it('take up work that another one left, without being told', async () => {
    const site = await openFront();
    await startProcess(site);
    const sale = sell(site, ['TS-101']);
    expect((await site.receives(sale.completed())).status).to.equal(200);
    await until('the seat', () => enrolments(site).length === 1);
  });

  it('that only takes callbacks carries nothing out', async () => {
    const site = await openFront();
    const sale = sell(site, ['TS-101']);
    expect((await site.receives(sale.completed())).status).to.equal(200);
    site.app.runner.wake();
    expect((await site.app.store.status()).callbacks.open).to.equal(1);
    expect(site.stripe.requests).to.deep.equal([]);
    const worker = await startProcess(site);
    await until('the seat', () => enrolments(site).length === 1);
    expect(await worker.stop('SIGTERM'), 'exit code of a worker that is stopped').to.equal(0);
  });
});

describe('Closing', () => {
  afterEach(closeSites);

  it('finishes what runs, takes nothing more on, and clients see 200 or 503 and nothing else', async () => {
    const site = await openShop();
    site.lms.faults.always(fault.delay(100), enrolling);
    const statuses = new Map<number, number>();
    const acknowledged: string[] = [];
    let isOver = false;
    const buyOn = async (line: number): Promise<void> => {
      for (let count = 0; !isOver; count += 1) {
        const email = `l${line}c${count}@example.org`;
        const { status } = await site.receives(sell(site, ['TS-101'], { buyer: { email } }).completed());
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 200) acknowledged.push(email);
      }
    };
    const lines = [0, 1, 2, 3].map(buyOn);
    await until('a queue of work', () => acknowledged.length > 20);
    const begun = performance.now();
    await site.app.close();
    const tookMs = performance.now() - begun;
    await until('refusals', () => (statuses.get(503) ?? 0) > 5);
    isOver = true;
    await Promise.all(lines);

    expect([...statuses.keys()].sort()).to.deep.equal([200, 503]);
    expect(tookMs).to.be.lessThan(10_000);
    expect(enrolments(site).length, 'work was left over').to.be.lessThan(acknowledged.length);
    site.lms.faults.clear();
    await site.restart();
    await settles(site);
    expect(enrolments(site)).to.deep.equal(acknowledged.map((email) => `${email}: 17`).sort());
    expect(timesEnrolled(site)).to.equal(acknowledged.length);
  });

  it('lets waiting pages go at once and frees the store at its end, so that the site can be opened again', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completedUnpaid());
    const stream = await fetch(`${await pageAddress(site, sale)}/events`);
    const ended = stream.text().then(() => 'the stream');
    site.lms.faults.next(fault.delay(500), enrolling);
    await site.receives(sell(site, ['TS-102'], { buyer: { email: 'kim@example.org' } }).completed());
    await until('a step is running', () => isEnrolling(site));
    const closed = site.app.close().then(() => 'the work');
    expect(await Promise.race([ended, closed])).to.equal('the stream');
    await closed;
    expect(enrolments(site)).to.deep.equal(['kim@example.org: 18']);
    await site.restart();
    await takes(site, sale.asyncSucceeded());
    expect(enrolments(site)).to.have.length(2);
  });

  it('may be asked for twice, and before it was ever ready', async () => {
    const site = await openShop();
    await Promise.all([site.app.close(), site.app.close()]);
    await site.restart();
  });
});
