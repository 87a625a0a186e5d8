import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

import { HandoverError } from '../../contract/errors.ts';
import type { Value } from '../sql/database.ts';
import { damaged } from './errors.ts';

/** How long SQLite itself waits for a lock, holding up the whole process. We wait longer, without holding it up. */
const busyTimeoutMs = 20;
const checkedBytes = 32 * 1024 * 1024;

/** One connection. Every statement is prepared once. */
export class Connection {
  readonly #handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, now: () => number) {
    this.#handle = new DatabaseSync(path, { timeout: busyTimeoutMs });
    this.#handle.function('handover_now', () => now());
  }

  all<Row>(sql: string, values: readonly Value[] = []): Row[] {
    return this.prepare(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, values: readonly Value[] = []): Row | undefined {
    return this.prepare(sql).get(...values) as Row | undefined;
  }

  run(sql: string, values: readonly Value[] = []): number {
    return Number(this.prepare(sql).run(...values).changes);
  }

  /** Statements that are run once: settings and migrations. */
  exec(sql: string): void {
    this.#handle.exec(sql);
  }

  /** Read with a fresh statement: SQLite compiles the value of some settings into a prepared one. */
  setting(name: string): unknown {
    return Object.values(this.#handle.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }

  get inTransaction(): boolean {
    return this.#handle.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    if (this.#handle.isOpen) this.#handle.close();
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#handle.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Sets what is asked of every connection: each commit reaches the disk before it is told. */
export function configure(connection: Connection, path: string): void {
  // Callbacks are about 2 KB: in pages of 8 KB three share a page, and a commit writes a third less. Counts for a new file only.
  connection.exec('PRAGMA page_size = 8192');
  const mode = connection.get<{ journal_mode: string }>('PRAGMA journal_mode = WAL')?.journal_mode;
  if (mode !== 'wal' && path !== ':memory:') {
    throw new HandoverError('STORE_UNAVAILABLE', `The store cannot write ahead here: SQLite stays in "${String(mode)}" mode.`, {
      where: path,
      hint: 'Use a local disk that offers shared memory.',
    });
  }
  connection.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = 1;
    PRAGMA checkpoint_fullfsync = 1;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000`);
}

/** To be asked after a first use: a connection's settings count once it has looked into the file. */
export function checkDurable(connection: Connection, path: string): void {
  const found = Number(connection.setting('synchronous'));
  if (found >= 2) return;
  throw new HandoverError('STORE_NOT_DURABLE', `SQLite does not sync each commit: "synchronous" is ${found} instead of 2.`, {
    where: path,
    hint: 'Use an unmodified Node.js; a payment must not be acknowledged before it is on the disk.',
  });
}

/** Looks into a file that was not closed properly, if it is small enough to look quickly; otherwise only at its tables. */
export function checkFile(connection: Connection, path: string, wasOpen: boolean): void {
  connection.all('SELECT name FROM sqlite_schema');
  if (!wasOpen || statSync(path).size > checkedBytes) return;
  const result = connection.setting('quick_check(1)');
  if (result !== 'ok') throw damaged(path, new Error(String(result)));
}
