import { chmodSync, closeSync, existsSync, openSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { HandoverError } from '../../contract/errors.ts';

/** File system types of Linux's statfs(2) where locks and shared memory cannot be relied on: NFS, SMB, SMB2, CIFS. */
const networkDisks = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42]);

/** Makes sure the file can be opened: its folder exists, it is on a local disk, and nobody else may read it. */
export function prepareFile(path: string): void {
  prepareFolder(path);
  if (!existsSync(path)) createEmpty(path);
  else if (!statSync(path).isFile()) {
    throw new HandoverError('STORE_UNAVAILABLE', 'The path of the store is not a file.', {
      where: path,
      hint: 'Correct the path.',
    });
  }
}

/** Makes sure that a store may lie there. Throws `STORE_FOLDER_MISSING`, `STORE_NETWORK_DISK`. */
export function prepareFolder(path: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) {
    throw new HandoverError('STORE_FOLDER_MISSING', 'The folder of the store does not exist.', {
      where: folder,
      hint: 'Create it, writable for this process only, on a disk that is backed up; or correct the path.',
    });
  }
  if (isNetworkDisk(statfsSync(folder).type)) {
    throw new HandoverError('STORE_NETWORK_DISK', 'The store lies on a network disk, where its locks do not hold.', {
      where: folder,
      hint: 'Move it to a local disk, or use PostgreSQL.',
    });
  }
}

export function isNetworkDisk(type: number): boolean {
  return networkDisks.has(type >>> 0);
}

/** Read and write for the owner, nothing for others. SQLite makes `-wal` and `-shm` with the mode of the file. */
export function protectFiles(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      chmodSync(file, 0o600);
    } catch {
      // not there, or another user's: then its owner has set the mode
    }
  }
}

/**
 * Only ever a new file is opened here: closing any handle of a file that is in use would drop this process's locks on it.
 */
function createEmpty(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw new HandoverError('STORE_UNAVAILABLE', 'The file of the store cannot be created.', {
      where: path,
      hint: 'Let this process write in the folder.',
      cause: error,
    });
  }
}
