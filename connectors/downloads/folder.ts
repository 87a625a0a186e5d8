import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { giveUp, StepError, tryLater } from 'handover/contract';

/** A file of the folder, as it lies there now. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Changes when the file does. */
  readonly stamp: string;
}

/**
 * Finds a file below the folder. Neither `..` nor a symbolic link leads out of it: what counts is where the file really lies.
 */
export async function findInFolder(folder: string, path: string): Promise<FoundFile> {
  try {
    const root = await realpath(folder);
    const real = await realpath(resolve(root, path));
    const inside = relative(root, real);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside(path);
    const found = await stat(real);
    if (!found.isFile()) throw missing(path);
    return { path: real, size: found.size, stamp: `${found.size} ${found.mtimeMs}` };
  } catch (error) {
    throw explain(error, path);
  }
}

const known = new Map<string, string>();
const mostKnown = 1000;

/** SHA-256 of a file, hexadecimal; computed once for as long as the file stays the same. */
export async function sha256Of({ path, stamp }: FoundFile, signal: AbortSignal): Promise<string> {
  const name = `${stamp} ${path}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  const sum = hash.digest('hex');
  if (known.size >= mostKnown) known.clear();
  known.set(name, sum);
  return sum;
}

function explain(error: unknown, path: string): StepError {
  if (error instanceof StepError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(path);
  return tryLater('DOWNLOAD_UNREADABLE', `The file "${path}" cannot be read (${code}).`, {
    hint: 'The user this process runs as must be able to read the folder of the downloads account.',
    cause: error,
  });
}

function missing(path: string): StepError {
  return giveUp('DOWNLOAD_MISSING', `There is no file at "${path}".`, {
    hint: 'Put the file there, or correct "path" in the catalogue in handover.json; then retry the step.',
  });
}

function outside(path: string): StepError {
  return giveUp('DOWNLOAD_OUTSIDE', `"${path}" does not lie in the folder of the downloads account.`, {
    hint: 'Correct "path" in the catalogue in handover.json: no "..", and no symbolic link that leads elsewhere.',
  });
}
