import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { compare } from './ledger.ts';
import { settle } from './settle.ts';
import type { SitePart } from './site-part.ts';
import { everything, expectAllDelivered, onStage, type Stage } from './stage.ts';
import type { Sold, World } from './world.ts';

/** Another process holds the lock for ten seconds, while answers arrive that have to be recorded. */
export async function storeIsLocked({ world, deliveries, start }: Stage): Promise<void> {
  const part = start();
  const asked = Promise.withResolvers<undefined>();
  world.blind.faults.next(fault.first(() => asked.resolve(undefined)));
  const release = [world.blind, world.keyed, world.lms].map(({ faults }) => faults.always(fault.delay(150), { method: 'POST' }));
  const first = world.sell(everything);
  await deliveries.attempt(first, await part.url);
  await asked.promise;

  const other = new DatabaseSync(world.store, { timeout: 5000 });
  other.exec('BEGIN IMMEDIATE');
  const second = world.sell(everything);
  const meanwhile = deliveries.attempt(second, await part.url);
  await sleep(10_000);
  other.exec('ROLLBACK');
  other.close();
  for (const end of release) end();
  expect(await meanwhile).to.equal(false);
  expect([...deliveries.statuses]).to.deep.equal([[200, 1], [503, 1]]); // prettier-ignore
  await deliveries.insist(second, () => part.url);
  await expectAllDelivered(world, [first, second], part);
}

/** A worker stands still for longer than its lease, in the middle of its calls; another takes its work over. */
export async function workerIsFrozen({ world, deliveries, start }: Stage): Promise<void> {
  const [web, frozen] = [start({ worker: false }), start({ leaseMs: 900 })];
  await frozen.url;
  const sources = [world.lms, world.keyed, world.blind];
  const release = sources.map(({ faults }) => faults.always(fault.delay(400), { method: 'POST' }));
  const sold = world.sell({ COURSE: 1, KEYED: 1, BLIND: 1 });
  expect(await deliveries.attempt(sold, await web.url)).to.equal(true);
  const posts = (): number => sources.flatMap(({ books }) => books.requests.filter(({ method }) => method === 'POST')).length;
  while (posts() < 3) await sleep(5);
  await freeze(frozen, world);

  const other = start({ leaseMs: 900 });
  await other.url;
  await settle(other);
  for (const end of release) end();
  const before = await other.ask.history();
  frozen.kill('SIGCONT');
  await frozen.ask.open();
  await sleep(500);
  expect(await other.ask.history()).to.deep.equal(before);
  const { lost, doubled } = compare(world, [sold], await other.ask.parkedSteps());
  expect({ lost, doubled }).to.deep.equal({ lost: [], doubled: [] });
}

/** Not in the middle of a write: who stands still there keeps everybody from writing, until it goes on or is killed. */
async function freeze(part: SitePart, { store }: World): Promise<void> {
  for (;;) {
    part.kill('SIGSTOP');
    const probe = new DatabaseSync(store, { timeout: 200 });
    try {
      probe.exec('BEGIN IMMEDIATE; ROLLBACK');
      return;
    } catch {
      part.kill('SIGCONT');
    } finally {
      probe.close();
    }
  }
}

/** The process is asked to end while callbacks pour in and steps run. */
export async function endsUnderLoad({ world, deliveries, start }: Stage): Promise<void> {
  const part = start();
  const url = await part.url;
  const sales: Sold[] = [];
  let isOver = false;
  const pour = async (): Promise<void> => {
    while (!isOver && sales.length < 150) {
      const sold = world.sell(everything);
      sales.push(sold);
      if (!(await deliveries.attempt(sold, url)) && deliveries.statuses.has(0)) return;
    }
  };
  const pouring = Promise.all(Array.from({ length: 16 }, pour));
  await sleep(400);
  const asked = performance.now();
  part.kill('SIGTERM');
  expect(await part.ended).to.equal('0');
  expect(performance.now() - asked).to.be.below(10_000);
  isOver = true;
  await pouring;
  expect([...deliveries.statuses.keys()].filter((status) => ![0, 200, 503].includes(status))).to.deep.equal([]);

  const heir = start();
  expect(await heir.ask.leasesAtStart()).to.equal(0);
  for (const sold of sales) if (!deliveries.acknowledged.has(sold)) await deliveries.insist(sold, () => heir.url);
  await expectAllDelivered(world, sales, heir);
}

/** The same on PostgreSQL, in a world of its own. */
export async function endsUnderLoadOnPostgres(): Promise<void> {
  const { url } = await sharedCluster();
  await onStage(endsUnderLoad, `${url}?schema=${freshSchema()}`);
}

/** The process is asked to end while the LMS answers nobody. */
export async function endsWhileNobodyAnswers({ world, deliveries, start }: Stage): Promise<void> {
  const part = start();
  const hanging = world.lms.faults.always(fault.delay(60_000));
  const sold = world.sell(everything);
  await deliveries.attempt(sold, await part.url);
  while (world.lms.books.requests.length === 0) await sleep(5);
  const asked = performance.now();
  part.kill('SIGTERM');
  expect(await part.ended).to.equal('0');
  expect(performance.now() - asked).to.be.below(10_000);
  hanging();
  const heir = start();
  await heir.url;
  await expectAllDelivered(world, [sold], heir);
}
