import { existsSync } from 'node:fs';

import type { Database, Dialect, TransactionOptions, Value, Work } from '../sql/database.ts';
import { checkSqliteVersion } from './check-version.ts';
import { Checkpointer } from './checkpointer.ts';
import { checkDurable, checkFile, configure, Connection } from './connection.ts';
import { closed, storeError } from './errors.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { OthersWatch } from './others-watch.ts';
import { prepareFile, protectFiles } from './prepare-file.ts';
import { Reader } from './reader.ts';
import { waitForLock } from './wait-for-lock.ts';

export interface SqliteOptions {
  /** The database file; its folder must exist. `:memory:` keeps nothing and is for tests. */
  readonly path: string;
  /** The clock, in milliseconds since 1970. @default SQLite's own */
  readonly now?: () => number;
}

/** SQLite's own clock; one that is handed in costs a call out of SQLite at each use. */
const ownClock = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
const givenClock = 'CAST(handover_now() AS INTEGER)';

/** One file, one connection that writes, one that reads. Several processes may use the file at once. */
export class SqliteDatabase implements Database {
  readonly dialect: Dialect;
  readonly #path: string;
  readonly #now: () => number;
  #parts: Parts | undefined;
  readonly #listeners = new Set<() => void>();
  #watch: OthersWatch | undefined;

  constructor({ path, now }: SqliteOptions) {
    this.dialect = { now: now ? givenClock : ownClock, greatest: 'MAX', skipLocked: '', anyOf: (select) => `IN (${select})` };
    this.#path = path;
    this.#now = now ?? Date.now;
  }

  async open(): Promise<void> {
    if (this.#parts) return;
    try {
      this.#parts = await openParts(this.#path, this.#now);
    } catch (error) {
      throw storeError(error, this.#path);
    }
    this.#startWatch();
  }

  async close(): Promise<void> {
    const parts = this.#parts;
    if (!parts) return;
    this.#watch?.stop();
    this.#watch = undefined;
    await parts.commits.close();
    await parts.reader?.close();
    this.#parts = undefined;
    await parts.checkpointer?.close();
    parts.readConnection?.close();
    parts.writer.close();
  }

  onWork(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#startWatch();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#watch?.stop();
      this.#watch = undefined;
    };
  }

  async all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]> {
    const { reader, commits } = this.#use();
    return reader ? reader.all<Row>(sql, values) : commits.transaction((tx) => tx.all<Row>(sql, values));
  }

  async get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined> {
    const { reader, commits } = this.#use();
    return reader ? reader.get<Row>(sql, values) : commits.transaction((tx) => tx.get<Row>(sql, values));
  }

  async read<T>(work: Work<T>): Promise<T> {
    const { reader, commits } = this.#use();
    return reader ? reader.read(work) : commits.transaction(work);
  }

  async run(sql: string, values: readonly Value[] = []): Promise<number> {
    return this.#use().commits.run(sql, values);
  }

  async transaction<T>(work: Work<T>, { label, minor }: TransactionOptions = {}): Promise<T> {
    return this.#use().commits.transaction(work, label, minor);
  }

  #use(): Parts {
    if (!this.#parts) throw closed(this.#path);
    return this.#parts;
  }

  #startWatch(): void {
    const parts = this.#parts;
    if (!parts || this.#watch || this.#listeners.size === 0) return;
    const tell = (): void => this.#listeners.forEach((listener) => listener());
    this.#watch = new OthersWatch(parts.writer, this.#path, tell);
  }
}

interface Parts {
  readonly writer: Connection;
  readonly commits: GroupCommit;
  readonly checkpointer: Checkpointer | undefined;
  readonly readConnection: Connection | undefined;
  readonly reader: Reader | undefined;
}

async function openParts(path: string, now: () => number): Promise<Parts> {
  const inMemory = path === ':memory:';
  if (!inMemory) prepareFile(path);
  const wasOpen = existsSync(`${path}-wal`);
  const writer = new Connection(path, now);
  let readConnection: Connection | undefined;
  try {
    checkSqliteVersion(String(writer.get<{ version: string }>('SELECT sqlite_version() AS version')?.version));
    if (!inMemory) protectFiles(path);
    await waitForLock(() => configure(writer, path));
    await waitForLock(() => checkFile(writer, path, !inMemory && wasOpen));
    await waitForLock(() => migrate(writer, path));
    checkDurable(writer, path);
    if (!inMemory) readConnection = await openReader(path, now);
    if (!inMemory) protectFiles(path);
    const reader = readConnection && new Reader(readConnection, path);
    const checkpointer = inMemory ? undefined : new Checkpointer(path, writer);
    const commits = new GroupCommit(writer, path, { committed: (changes) => checkpointer?.wrote(changes) });
    return { writer, commits, checkpointer, readConnection, reader };
  } catch (error) {
    readConnection?.close();
    writer.close();
    throw error;
  }
}

async function openReader(path: string, now: () => number): Promise<Connection> {
  const connection = new Connection(path, now);
  try {
    await waitForLock(() => configure(connection, path));
    await waitForLock(() => connection.run("UPDATE meta SET value = value WHERE name = 'schema'"));
    checkDurable(connection, path);
    connection.exec('PRAGMA query_only = 1');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
