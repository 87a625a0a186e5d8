import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';

import { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import { draftCopy, syncFolderOf } from './copy-store.ts';
import type { Draft } from './copy-store.ts';
import { holdAlone } from './hold.ts';
import { prepareFolder } from './prepare-file.ts';

export interface Restored {
  readonly bytes: number;
  /** Where the store lies that was there before. */
  readonly replaced?: string;
}

export interface RestoreOptions {
  /** Takes the place of a store that is there. */
  readonly replace: boolean;
  /** Names what is set aside. */
  readonly now: Date;
}

/**
 * Puts a backup in the place of the store. It is copied, checked and synced before anything is touched, and takes the place in
 * one step: a process that ends in the middle leaves the old store or the new one. Throws `STORE_EXISTS`, `STORE_IN_USE`, and
 * for the backup what `draftCopy` throws.
 */
export function restoreStore(backup: string, path: string, { replace, now }: RestoreOptions): Restored {
  prepareFolder(path);
  const isThere = existsSync(path);
  if (isThere && !replace) throw exists(path);
  if (isThere) requireAlone(path);
  const draft = draftCopy(backup, path);
  try {
    const replaced = isThere ? setAside(path, now) : undefined;
    crashPoint('store set aside');
    place(draft, path, isThere);
    syncFolderOf(path);
    return { bytes: draft.bytes, ...(replaced !== undefined && { replaced }) };
  } finally {
    rmSync(draft.path, { force: true });
  }
}

/** A dated name beside a file that nothing has yet. */
export function asideName(path: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  for (let count = 1; ; count += 1) {
    const name = `${path}.replaced-${stamp}${count === 1 ? '' : `-${count}`}`;
    if (!existsSync(name)) return name;
  }
}

/** The log of a closed store is empty and gone. Of a damaged one, which nobody can open, it is set aside with it. */
function requireAlone(path: string): void {
  try {
    holdAlone(path).close();
  } catch (error) {
    if (!(error instanceof HandoverError) || error.code !== 'STORE_DAMAGED') throw error;
  }
}

/** The old store keeps its place under its name until the new one takes it, so there is never none. */
function setAside(path: string, now: Date): string {
  const aside = asideName(path, now);
  try {
    linkSync(path, aside);
  } catch {
    copyFileSync(path, aside); // a disk that knows no second names
  }
  for (const end of ['-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}

function place({ path: draft }: Draft, path: string, isThere: boolean): void {
  if (isThere) renameSync(draft, path);
  else {
    try {
      linkSync(draft, path); // never over a store that somebody made meanwhile
    } catch (error) {
      throw existsSync(path) ? exists(path) : error;
    }
  }
}

function exists(path: string): HandoverError {
  return new HandoverError('STORE_EXISTS', 'There is a store already.', {
    where: path,
    hint: 'To put the backup in its place, add --replace: the store that is there is kept beside it under a dated name.',
  });
}
