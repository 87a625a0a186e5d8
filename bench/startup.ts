/**
 * What a start costs: with an empty store, with 100,000 open steps and with 10,000 orders whose product file has appeared, and how
 * large the package is. `npm run bench startup [-- --open 100000 --waiting 10000 --seconds 5 --no-package]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { openSqliteStore } from '../src/storage/sqlite/index.ts';
import { packPackage } from '../test/support/packed.ts';
import { packageFile } from '../test/support/repository.ts';
import { benchShop } from './support/bench-shop.ts';
import { fillOpenSteps, fillWaitingOrders } from './support/fill-open.ts';

const { values } = parseArgs({
  options: {
    open: { type: 'string', default: '100000' },
    waiting: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
    'no-package': { type: 'boolean', default: false },
  },
});
const shop = benchShop();
const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));

interface Start {
  readonly importMs: number;
  readonly readyMs: number;
  readonly megabytes: { readonly atReady: number; readonly most: number; readonly idle: number };
}

async function start(name: string, fill: (database: DatabaseSync) => Promise<void>): Promise<Start & { name: string }> {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.db`);
  const store = openSqliteStore({ path });
  await store.open();
  await store.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  await fill(database);
  database.exec('COMMIT');
  database.close();
  const child = fork(new URL('support/startup-process.ts', import.meta.url), [shop.config, path, values.seconds], {
    execArgv: ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', '--expose-gc'],
    env: { ...process.env, ...shop.env, AXIS_LMS_URL: 'http://127.0.0.1:9/api.php' },
  });
  const [told] = (await once(child, 'message')) as [Start];
  await once(child, 'exit');
  return { name, ...told };
}

/** The package as it is published: built, packed, and imported from there. */
async function measurePackage(): Promise<{ files: number; unpackedMb: number; importMs: number }> {
  const packed = await packPackage();
  const needed = ['express', ...Object.keys(packageFile().dependencies)];
  try {
    const site = packed.site('bench', Object.fromEntries(needed.map((name) => [name, name])));
    site.write('import.mjs', 'const t = performance.now(); await import("handover"); console.log(performance.now() - t);');
    const { stdout, stderr } = await site.node('import.mjs');
    if (stdout === '') throw new Error(stderr);
    return { files: packed.files.length, unpackedMb: packed.unpackedBytes / 1e6, importMs: Number(stdout) };
  } finally {
    packed.remove();
  }
}

const starts = [
  await start('empty store', async () => undefined),
  await start(`${values.open} open steps, due`, (database) => fillOpenSteps(database, Number(values.open), true)),
  await start(`${values.open} open steps, later`, (database) => fillOpenSteps(database, Number(values.open), false)),
  await start(`${values.waiting} orders to release`, (database) => fillWaitingOrders(database, Number(values.waiting))),
];
rmSync(folder, { recursive: true });
shop.remove();
const published = values['no-package'] ? undefined : await measurePackage();

console.table(
  starts.map(({ name, importMs, readyMs, megabytes }) => ({
    store: name,
    'import ms': Math.round(importMs),
    'ready ms': Math.round(readyMs),
    'MB when ready': Math.round(megabytes.atReady),
    'MB at most': Math.round(megabytes.most),
    'MB at rest': Math.round(megabytes.idle),
  })),
);
if (published) console.table([published]);
console.log(
  JSON.stringify({
    bench: 'startup',
    node: process.version,
    sqlite: process.versions['sqlite'],
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    starts,
    ...(published && { package: published }),
  }),
);
