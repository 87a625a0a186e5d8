import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import { checkSqliteVersion } from './check-version.ts';
import { Connection } from './connection.ts';
import { damaged, storeError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import { tooNew, versionOf } from './migrate.ts';

/** A copy that is whole, checked and on the disk, under a name of its own: to be moved to where it belongs, or removed. */
export interface Draft {
  readonly path: string;
  readonly bytes: number;
  /** The version of its schema. */
  readonly schema: number;
}

/**
 * Copies a store as it is at this moment, while others use it, into a new file beside `target`, readable by its owner only.
 * The copy is compact and holds no free pages. Throws `STORE_FOREIGN`, `STORE_TOO_NEW`, `STORE_DAMAGED`, `STORE_UNAVAILABLE`.
 */
export function draftCopy(source: string, target: string): Draft {
  const path = `${target}.${randomBytes(6).toString('hex')}.part`;
  try {
    createFor(path, target);
    copyInto(source, path);
    crashPoint('copy made');
    const schema = checkCopy(path, source);
    sync(path);
    return { path, schema, bytes: statSync(path).size };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** So that a new name is still there after the power failed. */
export function syncFolderOf(path: string): void {
  if (process.platform !== 'win32') sync(dirname(path));
}

function createFor(path: string, target: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw new HandoverError('FILE_UNWRITABLE', `The copy cannot be written (${codeOf(error)}).`, {
      where: target,
      hint: 'Create the folder, and let this user write in it.',
      cause: error,
    });
  }
}

/** One statement reads one moment of the source, however long it takes, and holds up nobody who writes there. */
function copyInto(source: string, path: string): void {
  const connection = new Connection(source, Date.now);
  try {
    checkSqliteVersion(String(connection.get<{ version: string }>('SELECT sqlite_version() AS version')?.version));
    connection.all('SELECT name FROM sqlite_schema');
    connection.run('VACUUM INTO ?', [path]);
  } catch (error) {
    throw storeError(error, source);
  } finally {
    connection.close();
  }
}

function checkCopy(path: string, source: string): number {
  const connection = new Connection(path, Date.now);
  try {
    const result = connection.setting('integrity_check(1)');
    if (result !== 'ok') throw damaged(source, new Error(String(result)));
    const schema = versionOf(connection, source);
    if (schema === 0) throw damaged(source, new Error('It is empty.'));
    if (schema > migrations.length) throw tooNew(source, schema, migrations.length);
    return schema;
  } catch (error) {
    throw storeError(error, source);
  } finally {
    connection.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
