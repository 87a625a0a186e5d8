import { HandoverError } from '../../contract/errors.ts';

const codes = { busy: 5, locked: 6, corrupt: 11, full: 13, schemaOrFormat: 26 };
const unavailable = new Map([
  [3, 'access to it is denied'],
  [7, 'the process is out of memory'],
  [8, 'it is read-only'],
  [10, 'the disk refused to read or write'],
  [codes.full, 'the disk is full'],
  [14, 'it cannot be opened'],
  [15, 'its locks do not work here'],
]);

/** SQLite's primary result code, or undefined when the error is not SQLite's. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 255;
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === codes.busy || code === codes.locked;
}

/** Says in our terms what SQLite reported. Other errors come back as they are. */
export function storeError(error: unknown, where: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const details = { where, cause: error };
  if (code === codes.corrupt || code === codes.schemaOrFormat) return damaged(where, error);
  if (isBusy(error)) return busy(where, 'Another process held its lock for too long.', error);
  const why = unavailable.get(code);
  if (why !== undefined) {
    return new HandoverError('STORE_UNAVAILABLE', `The store cannot be used: ${why}.`, {
      ...details,
      hint: 'Look at free space, owner and mode of the file and its folder, and at the disk. Nothing of this change was kept.',
    });
  }
  return new HandoverError('STORE_FAILED', `SQLite refused a statement: ${(error as Error).message}.`, {
    ...details,
    hint: 'This is an error in Handover. Nothing of this change was kept; please report it with the cause.',
  });
}

export function damaged(where: string, cause: unknown): HandoverError {
  return new HandoverError('STORE_DAMAGED', 'The store is damaged, or it is no SQLite database.', {
    where,
    hint: 'Stop every process that uses it, set the file and its -wal and -shm aside, and restore the newest backup. Without one: sqlite3 <file> ".recover" | sqlite3 <new file>.',
    cause,
  });
}

export function busy(where: string, message: string, cause?: unknown): HandoverError {
  return new HandoverError('STORE_BUSY', `The store is busy. ${message}`, {
    where,
    hint: 'Try again in a few seconds. If it stays so, the disk is too slow for the load, or a process hangs while it writes.',
    cause,
  });
}

export function closed(where: string): HandoverError {
  return new HandoverError('STORE_CLOSED', 'The store is not open.', {
    where,
    hint: 'Wait for open(), and use nothing after close().',
  });
}
