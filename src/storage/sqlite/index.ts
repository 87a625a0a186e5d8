import { createSqlStore } from '../sql/sql-store.ts';
import type { Store } from '../store.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import type { SqliteOptions } from './sqlite-database.ts';

export type { SqliteOptions } from './sqlite-database.ts';

/**
 * The store in one SQLite file. Nothing is touched before `open()`. Throws `STORE_SQLITE_TOO_OLD`, `STORE_FOLDER_MISSING`,
 * `STORE_NETWORK_DISK`, `STORE_FOREIGN`, `STORE_TOO_NEW`, `STORE_DAMAGED`, `STORE_NOT_DURABLE` at open, and at any time
 * `STORE_BUSY`, `STORE_UNAVAILABLE`, `STORE_CLOSED`: the change was not kept, and may be asked for again.
 */
export function openSqliteStore(options: SqliteOptions): Store {
  return createSqlStore(new SqliteDatabase(options));
}
