import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { enrolments, openShop, sell, settles, timesEnrolled, type ShopOptions } from '../flow/shop.ts';
import { until } from '../flow/until.ts';

const hour = 3_600_000;
const day = 24 * hour;
const enrolling = { method: 'POST', path: /\/courses\/enrollments\// };
/** Seconds of the clock that is set, so that a clock that went back by a day would hold everything up for a day. */
const retries = { delaysSeconds: [0, 1, 1, 1, 1, 1], everySeconds: 1, untilHours: 2000 };

async function buy(site: Site, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const sale = sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } });
    expect((await site.receives(sale.completed())).status).to.equal(200);
  }
}

async function stepsOfLms(site: Site) {
  const orders = await site.app.store.findOrders({ limit: 100 });
  const records = await Promise.all(orders.map(({ id }) => site.app.store.findOrder(id)));
  return records.flatMap((record) => record?.steps ?? []).filter(({ account }) => account === 'axis-lms');
}

const toldOfClock = ({ log }: Site): number =>
  log.filter(({ fields }) => 'code' in fields && fields.code === 'CLOCK_WAS_SET').length;

describe('A clock that is set while the site works', function () {
  this.timeout(60_000);
  afterEach(closeSites);

  /** The clock of the process and of its store. */
  async function openWithClock(options: ShopOptions = {}): Promise<{ site: Site; setClock: (byMs: number) => void }> {
    let skewMs = 0;
    const site = await openShop({
      site: { retries },
      ...options,
      handover: { now: () => new Date(Date.now() + skewMs), ...options.handover },
    });
    return { site, setClock: (byMs) => void (skewMs += byMs) };
  }

  it('takes no step from its worker when it is put forward, again and again', async () => {
    const { site, setClock } = await openWithClock({ account: { limits: { parallel: 3 } } });
    site.lms.faults.always(fault.delay(300), enrolling);
    await buy(site, 9);
    for (let jump = 0; jump < 5; jump += 1) {
      const before = timesEnrolled(site);
      await until(
        'something is under way',
        async () => (await site.app.store.status()).steps.running > 0 || timesEnrolled(site) === 9,
      );
      setClock(3 * hour);
      site.app.runner.wake();
      await until('it goes on', () => timesEnrolled(site) > before || timesEnrolled(site) === 9);
    }
    await until('every seat', () => enrolments(site).length === 9);
    await settles(site);
    expect(timesEnrolled(site)).to.equal(9);
    expect((await stepsOfLms(site)).map(({ attempts }) => attempts)).to.deep.equal(Array.from({ length: 9 }, () => 1));
    expect(toldOfClock(site)).to.be.at.least(1);
  });

  it('leaves nothing lying when it is put back, whatever was put off or claimed before', async () => {
    const { site, setClock } = await openWithClock();
    await site.lms.goDown();
    await buy(site, 4);
    setClock(2 * day);
    site.app.runner.wake();
    await until('all was tried after the clock was put forward', async () =>
      (await stepsOfLms(site)).every(({ updatedAt }) => updatedAt > Date.now() + day),
    );
    await until('the first jump is noticed', () => toldOfClock(site) === 1);
    setClock(-5 * day);
    site.app.runner.wake();
    await until('the jump is noticed', () => toldOfClock(site) >= 2);
    await site.lms.comeBack();
    await until('every seat', () => enrolments(site).length === 4);
    await until('every mail', () => site.mailbox.messagesFor('b3@example.org').length === 1);
    expect(timesEnrolled(site)).to.equal(4);
    expect((await site.app.store.status()).steps.parked).to.equal(0);
  });

  it('makes no storm of retries out of going back and forth', async () => {
    const { site, setClock } = await openWithClock({ account: { limits: { parallel: 2 } } });
    site.lms.faults.always(fault.status(503));
    await buy(site, 6);
    await until('it counts as down', () => site.app.runner.accounts().some(({ state }) => state === 'down'));
    for (let turn = 0; turn < 20; turn += 1) {
      const before = site.lms.books.requests.length;
      setClock(turn % 2 === 0 ? 10 * hour : -10 * hour);
      site.app.runner.wake();
      await until('the jump is noticed', () => toldOfClock(site) > turn);
      expect(site.lms.books.requests.length - before, 'requests that one jump caused').to.be.at.most(3);
    }
    site.lms.faults.clear();
    await until('every seat', () => enrolments(site).length === 6, 30_000);
    expect(timesEnrolled(site)).to.equal(6);
  });

  it('changes neither leases nor the time a step is given where it is only the clock of a process, not that of the store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handover-clock-'));
    let skewMs = 0;
    const store = openSqliteStore({ path: join(folder, 'shop.db') });
    const retriesOfAnHour = { ...retries, untilHours: 1 };
    const site = await openShop({
      site: { retries: retriesOfAnHour, secret: { env: 'HANDOVER_SECRET' } },
      handover: {
        store,
        now: () => new Date(Date.now() + skewMs),
        env: { HANDOVER_SECRET: 'thirty-two random characters, or more' },
      },
    });
    await site.lms.goDown();
    await buy(site, 1);
    for (const skew of [10 * day, -10 * day]) {
      skewMs = skew;
      const [step] = await stepsOfLms(site);
      await until('it is tried again', async () => ((await stepsOfLms(site))[0]?.attempts ?? 0) > (step?.attempts ?? 0));
      expect((await site.app.store.status()).steps.parked).to.equal(0);
    }
    await site.lms.comeBack();
    await until('the seat', () => enrolments(site).length === 1);
    expect(toldOfClock(site)).to.equal(0);
    await site.close();
    await rm(folder, { recursive: true });
  });
});
