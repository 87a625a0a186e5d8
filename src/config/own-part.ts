import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isContent } from './read-files.ts';

/** A gateway or connector of the site's own, or why it cannot be had; undefined where the name is neither a file nor a package. */
export type OwnPart<T> = { readonly part: T } | { readonly problem: string } | undefined;

const entries = ['index.ts', 'index.js', 'index.mjs', 'index.cjs'];

/**
 * Loads what `use` names: a file or folder of the shop's (`./connectors/forum`), or an installed package. Loaded once: a change
 * of the code counts from the next start.
 */
export function loadOwnPart<T extends { readonly name: string }>(
  use: string,
  folder: string,
  what: 'gateway' | 'connector',
): OwnPart<T> {
  const load = createRequire(join(folder, 'handover.json'));
  const isFile = /^\.\.?\//.test(use);
  const path = isFile ? entryOf(join(folder, use)) : packageOf(use, load);
  if (path === undefined) return isFile ? { problem: `There is no file or folder ${use} beside handover.json.` } : undefined;
  try {
    const exported: unknown = load(path);
    const found = [...new Set(Object.values(isContent(exported) || isModule(exported) ? exported : {}))].filter(
      (each): each is T => isPart(each, what),
    );
    const [part] = found;
    if (part && found.length === 1) return { part };
    return { problem: `${use} exports ${found.length === 0 ? `no ${what}` : `${found.length} ${what}s`}; it has to export one.` };
  } catch (error) {
    return { problem: `${use} cannot be loaded: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}` };
  }
}

/** A file itself, or the index of a folder. */
function entryOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isFile()) return path;
  return entries.map((entry) => join(path, entry)).find((entry) => existsSync(entry));
}

function packageOf(use: string, load: NodeJS.Require): string | undefined {
  try {
    return load.resolve(use);
  } catch {
    return undefined;
  }
}

function isModule(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPart(value: unknown, what: 'gateway' | 'connector'): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, verify, read, actions } = value as Record<string, unknown>;
  if (typeof name !== 'string') return false;
  return what === 'gateway' ? typeof verify === 'function' && typeof read === 'function' : typeof actions === 'object';
}
