import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Made by installing, building and running; never committed. `.gitignore` says the same. */
const made = new Set(['.git', 'node_modules', 'dist', '.tmp', 'results']);
const leftOvers = /\.(tgz|db|db-shm|db-wal|db\.key)$/;

/** Every file of the repository as a path from its root, with slashes, sorted. */
export function allFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !made.has(name) && !leftOvers.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? allFiles(path) : [path];
    })
    .sort();
}

/** The entries of the root: files and folders. */
export function topLevel(): string[] {
  return readdirSync(root).filter((name) => !made.has(name) && !leftOvers.test(name));
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What package.json says, as far as tests ask. */
export interface PackageFile {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export function packageFile(): PackageFile {
  return JSON.parse(readText('package.json')) as PackageFile;
}
