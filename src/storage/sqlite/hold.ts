import { HandoverError } from '../../contract/errors.ts';
import { checkSqliteVersion } from './check-version.ts';
import { Connection } from './connection.ts';
import { isBusy, storeError } from './errors.ts';

/**
 * Opens a store for this process alone: nobody else can open it until the connection is closed. Throws `STORE_IN_USE` when
 * somebody has it open now, also when he does nothing with it.
 */
export function holdAlone(path: string): Connection {
  const connection = new Connection(path, Date.now);
  try {
    checkSqliteVersion(String(connection.get<{ version: string }>('SELECT sqlite_version() AS version')?.version));
    // Asked for before the first look into the file, this takes its lock for good instead of sharing it.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
    connection.exec('COMMIT');
    return connection;
  } catch (error) {
    connection.close();
    throw isBusy(error) ? inUse(path, error) : storeError(error, path);
  }
}

function inUse(path: string, cause: unknown): HandoverError {
  return new HandoverError('STORE_IN_USE', 'Another process has the store open.', {
    where: path,
    hint: 'Stop the site and every "npx handover work" on this store, then run it again.',
    cause,
  });
}
