import type { Client } from 'pg';

import { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import { migrations } from './migrations/index.ts';

/**
 * Brings the tables up to date, each migration in a transaction under one lock: of several processes that start at once, one
 * does it and the others find it done, and one that is killed leaves nothing half. Throws `STORE_TOO_NEW`, `STORE_FOREIGN`.
 */
export async function migrate(
  client: Client,
  schema: string,
  where: string,
  steps: readonly string[] = migrations,
): Promise<void> {
  let version = await versionOf(client, schema, where);
  if (version > steps.length) throw tooNew(where, version, steps.length);
  while (version < steps.length) version = await migrateOnce(client, schema, where, steps);
}

/** One migration, if it is still to be done. Gives the version after it. */
async function migrateOnce(client: Client, schema: string, where: string, steps: readonly string[]): Promise<number> {
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = '60s';
    SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = on`);
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`handover migrates ${schema}`]);
    const found = await versionOf(client, schema, where);
    if (found > steps.length) throw tooNew(where, found, steps.length);
    const sql = steps[found];
    if (sql !== undefined) await applyMigration(client, schema, sql, found + 1);
    crashPoint('in a migration');
    await client.query('COMMIT');
    return sql === undefined ? found : found + 1;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Within a transaction of the caller's. */
export async function applyMigration(client: Client, schema: string, sql: string, version: number): Promise<void> {
  if (version === 1) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA "${schema}"`);
  }
  await client.query(`SET LOCAL search_path = "${schema}"`);
  if (version === 1) await client.query('CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL)');
  await client.query(sql);
  await client.query(
    "INSERT INTO meta (name, value) VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    [String(version)],
  );
}

/** 0 where there is nothing yet. */
async function versionOf(client: Client, schema: string, where: string): Promise<number> {
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace($1)",
    [`"${schema}"`],
  );
  if (tables.length === 0) return 0;
  if (tables.some(({ name }) => name === 'meta')) {
    const { rows } = await client.query<{ value: string }>(`SELECT value FROM "${schema}".meta WHERE name = 'schema'`);
    const value = rows[0]?.value;
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  throw new HandoverError('STORE_FOREIGN', 'The schema holds the tables of another program.', {
    where,
    hint: 'Give the store a schema of its own: add ?schema=handover to the address.',
  });
}

function tooNew(where: string, found: number, known: number): HandoverError {
  return new HandoverError(
    'STORE_TOO_NEW',
    `The store was made by a newer Handover: its schema is ${found}, this one knows ${known}.`,
    { where, hint: 'Install the newer version again, or restore the backup made before it was installed.' },
  );
}
