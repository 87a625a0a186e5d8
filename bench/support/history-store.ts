import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import type { Store } from '../../src/storage/store.ts';
import { fillHistory } from './fill-history.ts';

/** A store that can be filled with years of finished orders within seconds. */
export interface HistoryStore {
  /** For the option `store`. */
  readonly place: string;
  readonly engine: string;
  open(): Promise<Store>;
  /** Adds finished orders, `from` to `to`. */
  fill(from: number, to: number): Promise<void>;
  /** Takes out the callbacks that were kept for the measurement, so that the next size is what it is called. */
  dropKept(): Promise<void>;
  /** What it takes on the disk, in bytes. */
  size(): Promise<number>;
  remove(): Promise<void>;
}

const chunk = 50_000;
const dropOpen = "DELETE FROM callbacks WHERE state IN ('ready', 'running')";

async function inChunks(from: number, to: number, fill: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let start = from; start <= to; start += chunk) await fill(start, Math.min(start + chunk - 1, to));
}

export async function sqliteHistory(): Promise<HistoryStore> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
  const place = join(folder, 'shop.db');
  await opened(openSqliteStore({ path: place })).then((store) => store.close());
  return {
    place,
    engine: `SQLite ${process.versions['sqlite'] ?? ''}`,
    open: () => opened(openSqliteStore({ path: place })),
    async fill(from, to) {
      const database = new DatabaseSync(place);
      database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
      await inChunks(from, to, async (first, last) => {
        database.exec('BEGIN');
        await fillHistory((sql, values) => database.prepare(sql).run(...values), first, last);
        database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
      });
      database.close();
    },
    async dropKept() {
      const database = new DatabaseSync(place);
      database.exec(dropOpen);
      database.close();
    },
    async size() {
      const database = new DatabaseSync(place, { readOnly: true });
      const row = database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()').get();
      database.close();
      return Number(row?.['size']);
    },
    async remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

export async function postgresHistory(): Promise<HistoryStore> {
  // What the tests start needs the end of a test run, of which there is none here.
  Object.assign(globalThis, { after: () => undefined });
  const { startCluster } = await import('../../test/support/postgres.ts');
  const cluster = await startCluster();
  const place = cluster.url;
  await opened(openPostgresStore({ url: place })).then((store) => store.close());
  const client = new pg.Client({ connectionString: place });
  await client.connect();
  await client.query('SET search_path = handover; SET synchronous_commit = off');
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  return {
    place,
    engine: `PostgreSQL ${rows[0]?.version ?? ''}`,
    open: () => opened(openPostgresStore({ url: place })),
    async fill(from, to) {
      await inChunks(from, to, async (first, last) => {
        await client.query('BEGIN');
        await fillHistory(
          (sql, values) => {
            let count = 0;
            return client.query(
              sql.replace(/\?/g, () => `$${(count += 1)}`),
              [...values],
            );
          },
          first,
          last,
          'CAST(? AS bytea)',
        );
        await client.query('COMMIT');
      });
      await client.query('ANALYZE');
    },
    async dropKept() {
      await client.query(dropOpen);
      await client.query('VACUUM (ANALYZE) callbacks');
    },
    async size() {
      const found = await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size');
      return Number(found.rows[0]?.size);
    },
    async remove() {
      await client.end();
      await cluster.remove();
    },
  };
}

async function opened(store: Store): Promise<Store> {
  await store.open();
  return store;
}
