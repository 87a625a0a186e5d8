import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { HandoverError } from '../contract/errors.ts';
import { readAddress } from '../storage/postgres/address.ts';
import { receiveStore, type Received } from '../storage/postgres/receive-store.ts';
import { backUpStore, requireFree } from '../storage/sqlite/backup.ts';
import { openWholeStore } from '../storage/sqlite/open-whole.ts';
import { asideName, restoreStore, type Restored } from '../storage/sqlite/restore.ts';

export interface BackupMade {
  readonly file: string;
  readonly bytes: number;
  /** The copy of the key file, where the secret is one. */
  readonly keyFile?: string;
}

export interface StoreRestored extends Restored {
  /** What became of the key file: put in place, already there, or not in the backup. */
  readonly keyFile: 'placed' | 'same' | 'none';
  /** Where the key file lies that was there before. */
  readonly replacedKeyFile?: string;
}

export interface Moved extends Received {
  /** The key file the store was sealed with, where there is one: it has to come along as the site's secret. */
  readonly keyFile?: string;
}

/** Copies a store that may be in use. `withKeyFile`: the secret lies beside it. Throws `STORE_IN_POSTGRES`, `FILE_EXISTS` … */
export function backUp(store: string, file: string, withKeyFile: boolean): BackupMade {
  requireFile(
    store,
    (address) => `pg_dump --format=custom --schema=${address.schema} --file=${quoted(file)} ${address.database}`,
  );
  const own = `${resolve(store)}.key`;
  const key = withKeyFile && existsSync(own) ? readFileSync(own) : undefined;
  requireFree(file);
  if (key) writeNew(`${file}.key`, key);
  try {
    const { bytes } = backUpStore(resolve(store), file);
    return { file, bytes, ...(key && { keyFile: `${file}.key` }) };
  } catch (error) {
    if (key) rmSync(`${file}.key`, { force: true });
    throw error;
  }
}

/** Puts a backup in the store's place. Throws `STORE_IN_POSTGRES`, `FILE_UNREADABLE`, `STORE_EXISTS`, `STORE_IN_USE` … */
export function restore(store: string, file: string, replace: boolean, now: Date): StoreRestored {
  requireFile(
    store,
    ({ schema, database }) =>
      `psql --command='ALTER SCHEMA "${schema}" RENAME TO "${schema}_before"' ${database} && ` +
      `pg_restore --single-transaction ${database} ${quoted(file)}`,
  );
  if (!existsSync(file)) {
    throw new HandoverError('FILE_UNREADABLE', `There is no file ${file}.`, { hint: 'Give the path of a backup.' });
  }
  const path = resolve(store);
  const restored = restoreStore(file, path, { replace, now });
  return { ...restored, ...placeKeyFile(`${file}.key`, `${path}.key`, now) };
}

/** Moves a store that nobody has open to PostgreSQL, whole or not at all. Throws `STORE_IN_USE`, `STORE_NOT_EMPTY` … */
export async function moveToPostgres(store: string, url: string): Promise<Moved> {
  requireFile(store, () => undefined);
  const path = resolve(store);
  const source = openWholeStore(path);
  try {
    const received = await receiveStore(url, source);
    return { ...received, ...(existsSync(`${path}.key`) && { keyFile: `${path}.key` }) };
  } finally {
    source.close();
  }
}

/** The key file that a backup was sealed with replaces another one, which is set aside. */
function placeKeyFile(copy: string, path: string, now: Date): Pick<StoreRestored, 'keyFile' | 'replacedKeyFile'> {
  if (!existsSync(copy)) return { keyFile: 'none' };
  const key = readFileSync(copy);
  if (existsSync(path) && readFileSync(path).equals(key)) return { keyFile: 'same' };
  const aside = existsSync(path) ? asideName(path, now) : undefined;
  if (aside !== undefined) renameSync(path, aside);
  writeNew(path, key);
  return { keyFile: 'placed', ...(aside !== undefined && { replacedKeyFile: aside }) };
}

function writeNew(path: string, content: Uint8Array): void {
  requireFree(path);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Its own tools know best how to copy a PostgreSQL: the hint is the whole command. */
function requireFile(store: string, command: (address: { schema: string; database: string }) => string | undefined): void {
  if (!/^postgres(ql)?:/.test(store)) return;
  const { connectionString, schema } = readAddress(store);
  const url = new URL(connectionString);
  url.password = '';
  const line = command({ schema, database: `--dbname=${quoted(url.href)}` });
  throw new HandoverError('STORE_IN_POSTGRES', 'The store is in PostgreSQL.', {
    hint: line === undefined ? 'Only a store in a SQLite file is moved.' : `Its own tools do that. Run: ${line}`,
  });
}

/** For a shell of Unix. */
function quoted(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
