import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import type { SitePart } from './site-part.ts';
import { everything, expectAllDelivered, type Stage } from './stage.ts';
import type { Sold } from './world.ts';

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
