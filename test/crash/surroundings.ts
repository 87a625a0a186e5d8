import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { deliverFrom, type Deliveries } from './deliveries.ts';
import { compare } from './ledger.ts';
import { settle } from './settle.ts';
import { startPart, type PartOptions, type SitePart } from './site-part.ts';
import { startWorld, type Sold, type World } from './world.ts';

/** What a scenario works with. Everything it starts ends with it. */
export interface Stage {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly start: (options?: PartOptions) => SitePart;
}

/** `store`: an address, instead of a file. */
export async function onStage(play: (stage: Stage) => Promise<void>, store?: string): Promise<void> {
  const world = await startWorld({ keysInStock: 2000, store });
  const parts: SitePart[] = [];
  try {
    await play({
      world,
      deliveries: deliverFrom(world),
      start(options) {
        const part = startPart(world, options);
        parts.push(part);
        return part;
      },
    });
  } finally {
    for (const part of parts) part.kill();
    await Promise.all(parts.map(({ ended }) => ended));
    await world.close();
  }
}

const everything = { COURSE: 1, PATH: 1, POOL: 1, KEYED: 1, BLIND: 1 };

/** A file may not grow beyond a size: the system refuses as a full disk does. The limit can be lifted from outside. */
export async function diskFillsUp({ world, deliveries, start }: Stage): Promise<void> {
  const part = start({ under: ['/bin/sh', '-c', 'trap "" XFSZ; exec "$0" "$@"'] });
  await part.url;
  limitFiles(part, String(statSync(`${world.store}-wal`).size + 150_000));
  const sales: Sold[] = [];
  const sell = async (): Promise<void> => {
    const sold = world.sell(everything);
    sales.push(sold);
    await deliveries.attempt(sold, await part.url);
  };
  while (!deliveries.statuses.has(503)) await Promise.all([sell(), sell(), sell(), sell()]);
  await sell();
  expect([...deliveries.statuses.keys()].sort()).to.deep.equal([200, 503]);

  limitFiles(part, 'unlimited');
  for (const sold of sales) if (!deliveries.acknowledged.has(sold)) await deliveries.insist(sold, () => part.url);
  await expectAllDelivered(world, sales, part);
}

export function limitFiles({ pid }: SitePart, bytes: string): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
}

/** Each time another write of the log fails, in the middle of one or another page. */
export async function writesFail({ world, deliveries, start }: Stage): Promise<void> {
  const part = start({ under: ['/bin/sh', '-c', 'trap "" XFSZ; exec "$0" "$@"'] });
  await part.url;
  const sales: Sold[] = [];
  for (let round = 0; round < 12; round += 1) {
    await failUntil503({ world, deliveries, part, sales }, async () => {
      limitFiles(part, String(statSync(`${world.store}-wal`).size + round * 3500));
      return async () => limitFiles(part, 'unlimited');
    });
  }
  await expectSound({ world, deliveries, part, sales });
}

/** Each time from another sync on, the disk refuses to sync; the kernel says so to the process. */
export async function syncsFail({ world, deliveries, start }: Stage): Promise<void> {
  const part = start();
  await part.url;
  const sales: Sold[] = [];
  for (const first of [1, 2, 3, 5]) {
    await failUntil503({ world, deliveries, part, sales }, async () => {
      const faults = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${first}+`];
      const tracer = spawn('strace', ['-f', '-p', String(part.pid), '-o', '/dev/null', ...faults], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await once(tracer.stderr, 'data');
      return async () => {
        tracer.kill('SIGINT');
        await once(tracer, 'exit');
      };
    });
  }
  await expectSound({ world, deliveries, part, sales });
}

/** Whether processes can be traced here: the program is there and allowed to. */
export const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

interface Failing extends Pick<Stage, 'world' | 'deliveries'> {
  readonly part: SitePart;
  readonly sales: Sold[];
}

/** Sells while something fails until a callback met it, and puts it right: then callbacks are taken again, without a restart. */
async function failUntil503(
  { world, deliveries, part, sales }: Failing,
  begin: () => Promise<() => Promise<void>>,
): Promise<void> {
  const end = await begin();
  const before = deliveries.statuses.get(503) ?? 0;
  for (let count = 0; count < 100 && (deliveries.statuses.get(503) ?? 0) === before; count += 1) {
    const sold = world.sell({ COURSE: 1, POOL: 1, KEYED: 1 });
    sales.push(sold);
    await deliveries.attempt(sold, await part.url);
  }
  await end();
  expect(deliveries.statuses.get(503) ?? 0, 'answers while it failed').to.be.greaterThan(before);
  const after = world.sell({ COURSE: 1 });
  sales.push(after);
  await deliveries.insist(after, () => part.url);
}

async function expectSound({ world, deliveries, part, sales }: Failing): Promise<void> {
  expect([...deliveries.statuses.keys()].sort()).to.deep.equal([200, 503]);
  for (const sold of sales) if (!deliveries.acknowledged.has(sold)) await deliveries.insist(sold, () => part.url);
  await expectAllDelivered(world, sales, part);
  const database = new DatabaseSync(world.store, { readOnly: true });
  expect(database.prepare('PRAGMA integrity_check').get()).to.deep.include({ integrity_check: 'ok' });
  database.close();
}

/** The file and its folder may only be read when the process starts, until somebody puts it right. */
export async function diskIsReadOnly({ world, deliveries, start }: Stage): Promise<void> {
  const first = start();
  await first.url;
  first.kill('SIGTERM');
  expect(await first.ended).to.equal('0');
  chmodSync(world.store, 0o400);
  chmodSync(dirname(world.store), 0o500);
  try {
    const asRootWithoutPrivilege = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'];
    const part = start({ listensEarly: true, ...(process.getuid?.() === 0 && { under: asRootWithoutPrivilege }) });
    const sold = world.sell(everything);
    await deliveries.attempt(sold, await part.url);
    await deliveries.attempt(sold, await part.url);
    expect([...deliveries.statuses]).to.deep.equal([[503, 2]]);

    chmodSync(dirname(world.store), 0o700);
    chmodSync(world.store, 0o600);
    await deliveries.insist(sold, () => part.url, 200);
    await expectAllDelivered(world, [sold], part);
  } finally {
    chmodSync(dirname(world.store), 0o700);
  }
}

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

async function expectAllDelivered(world: World, sales: readonly Sold[], part: SitePart): Promise<void> {
  await settle(part, 60_000);
  const parked = await part.ask.parkedSteps();
  const { lost, doubled, unknown } = compare(world, sales, parked);
  expect({ lost, doubled, unknown, parked }).to.deep.equal({ lost: [], doubled: [], unknown: [], parked: [] });
}
