import { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import type { Connection } from './connection.ts';
import { migrations } from './migrations/index.ts';

/** Brings the tables up to date. Of several processes that start at once, one does it and the others find it done. */
export function migrate(connection: Connection, path: string, steps: readonly string[] = migrations): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const found = versionOf(connection, path);
    if (found > steps.length) throw tooNew(path, found, steps.length);
    for (const sql of steps.slice(found)) connection.exec(sql);
    crashPoint('in a migration');
    connection.exec('CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT');
    connection.run(
      "INSERT INTO meta (name, value) VALUES ('schema', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [String(steps.length)],
    );
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** The version of the schema; 0 of an empty file. Throws `STORE_FOREIGN`. */
export function versionOf(connection: Connection, path: string): number {
  const tables = connection.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  if (tables.length === 0) return 0;
  const version = tables.some(({ name }) => name === 'meta')
    ? connection.get<{ value: unknown }>("SELECT value FROM meta WHERE name = 'schema'")?.value
    : undefined;
  if (typeof version === 'string' && /^\d+$/.test(version)) return Number(version);
  throw new HandoverError('STORE_FOREIGN', 'The file is the database of another program.', {
    where: path,
    hint: 'Give the store a file of its own.',
  });
}

export function tooNew(path: string, found: number, known: number): HandoverError {
  return new HandoverError(
    'STORE_TOO_NEW',
    `The store was made by a newer Handover: its schema is ${found}, this one knows ${known}.`,
    {
      where: path,
      hint: 'Install the newer version again, or restore the backup made before it was installed.',
    },
  );
}
