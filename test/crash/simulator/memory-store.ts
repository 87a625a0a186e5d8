import type { Database, Statements, Value, Work } from '../../../src/storage/sql/database.ts';
import { createSqlStore } from '../../../src/storage/sql/sql-store.ts';
import { Connection } from '../../../src/storage/sqlite/connection.ts';
import { closed } from '../../../src/storage/sqlite/errors.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';
import type { Store } from '../../../src/storage/store.ts';

/** Our SQL on SQLite in memory, without threads, timers and disks of its own: the same calls give the same in the same order. */
export interface MemoryStore {
  readonly store: Store;
  /** Looks past the store. */
  all<Row>(sql: string, values?: readonly Value[]): Row[];
  /** Forgets everything. */
  empty(): void;
}

/** `reword`: what stands instead of a statement, to see whether a wrong one is found. */
export async function openMemoryStore(now: () => number, reword = (sql: string): string => sql): Promise<MemoryStore> {
  const connection = new Connection(':memory:', now);
  migrate(connection, ':memory:');
  connection.exec('PRAGMA temp_store = MEMORY');
  const store = createSqlStore(onlyOneAtATime(connection, reword));
  await store.open();
  const tables = connection
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta'")
    .map(({ name }) => name);
  return {
    store,
    all: (sql, values) => connection.all(sql, values),
    empty() {
      connection.exec('PRAGMA foreign_keys = OFF');
      for (const table of tables) connection.run(`DELETE FROM ${table}`);
      connection.exec('PRAGMA foreign_keys = ON');
    },
  };
}

function onlyOneAtATime(connection: Connection, reword: (sql: string) => string): Database {
  const statements: Statements = {
    all: async (sql, values) => connection.all(reword(sql), values),
    get: async (sql, values) => connection.get(reword(sql), values),
    run: async (sql, values) => connection.run(reword(sql), values),
  };
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) return Promise.reject(closed(':memory:'));
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function inTransaction<T>(work: Work<T>): Promise<T> {
    connection.run('BEGIN IMMEDIATE');
    try {
      const result = await work(statements);
      connection.run('COMMIT');
      return result;
    } catch (error) {
      connection.run('ROLLBACK');
      throw error;
    }
  }

  return {
    dialect: {
      now: 'CAST(handover_now() AS INTEGER)',
      greatest: 'MAX',
      skipLocked: '',
      anyOf: (select) => `IN (${select})`,
    },
    open: async () => undefined,
    async close() {
      await last;
      isClosed = true;
      connection.close();
    },
    onWork: () => () => undefined,
    all: (sql, values) => inTurn(() => statements.all(sql, values)),
    get: (sql, values) => inTurn(() => statements.get(sql, values)),
    run: (sql, values) => inTurn(() => statements.run(sql, values)),
    transaction: (work) => inTurn(() => inTransaction(work)),
    read: (work) => inTurn(() => inTransaction(work)),
  };
}
