import type { Table, WholeStore } from '../sql/whole-store.ts';
import type { Value } from '../sql/database.ts';
import type { Connection } from './connection.ts';
import { holdAlone } from './hold.ts';
import { migrate } from './migrate.ts';
import { storeError } from './errors.ts';

/**
 * A store that nobody else can open until it is closed, with the newest tables. Throws `STORE_IN_USE` and what is wrong with
 * the store.
 */
export function openWholeStore(path: string): WholeStore & { close(): void } {
  const connection = holdAlone(path);
  try {
    migrate(connection, path);
    return { tables: tablesOf(connection), rows: reader(connection), close: () => connection.close() };
  } catch (error) {
    connection.close();
    throw storeError(error, path);
  }
}

/** In the order in which the migrations made them. `meta` is the schema's own. */
function tablesOf(connection: Connection): Table[] {
  const names = connection.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'meta' ORDER BY rowid",
  );
  return names.map(({ name }) => {
    const columns = connection.all<{ name: string; pk: number }>(
      `SELECT name, pk FROM pragma_table_info('${name}') ORDER BY cid`,
    );
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    return { name, columns: columns.map((column) => column.name), key: key.map((column) => column.name) };
  });
}

function reader(connection: Connection): WholeStore['rows'] {
  return ({ name, columns, key }, limit, after) => {
    const keys = key.join(', ');
    const behind = after ? `WHERE (${keys}) > (${key.map(() => '?').join(', ')})` : '';
    const sql = `SELECT ${columns.join(', ')} FROM ${name} ${behind} ORDER BY ${keys} LIMIT ?`;
    return connection
      .all<Record<string, Value>>(sql, [...(after ?? []), limit])
      .map((row) => columns.map((column) => row[column] ?? null));
  };
}
