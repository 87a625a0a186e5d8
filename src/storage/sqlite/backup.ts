import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';

import { HandoverError } from '../../contract/errors.ts';
import { draftCopy, syncFolderOf } from './copy-store.ts';

/**
 * Copies a store, while it is in use, into a new file that is checked before it gets its name. Never writes over anything.
 * Throws `FILE_EXISTS`, `FILE_UNWRITABLE`, and what is wrong with the store.
 */
export function backUpStore(path: string, target: string): { readonly bytes: number } {
  requireFree(target);
  const draft = draftCopy(path, target);
  try {
    giveName(draft.path, target);
    syncFolderOf(target);
    return { bytes: draft.bytes };
  } finally {
    rmSync(draft.path, { force: true });
  }
}

export function requireFree(path: string): void {
  if (!existsSync(path)) return;
  throw new HandoverError('FILE_EXISTS', `There is a file ${path} already, and it is not written over.`, {
    hint: 'Give another name, for instance with the date in it.',
  });
}

function giveName(draft: string, target: string): void {
  try {
    linkSync(draft, target);
  } catch (error) {
    requireFree(target);
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EPERM') throw error;
    renameSync(draft, target); // a disk that knows no second names
  }
}
