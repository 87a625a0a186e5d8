import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ejs from 'ejs';
import type { Logger } from '../contract/log.ts';

/** EJS views by name. */
export interface Views {
  /**
   * Renders the site's own view of that name, else ours. An own view that fails is logged and ours is shown: a typing
   * error in a view must not stand between a buyer and what was paid for.
   */
  render(name: string, data: object): string;
  /** Is there a view of that name, own or ours? */
  has(name: string): boolean;
}

export interface ViewFolders {
  /** The site's own views; need not exist. Partials of its own are in `partials/` below. */
  readonly own?: string | undefined;
  readonly ours: string;
  readonly partials: string;
}

type Compiled = (data: object) => string;

/**
 * Each folder holds `NAME.ejs`. A view takes in a partial by `<%- partial('NAME') %>`. Files are compiled once, and again
 * when they change.
 */
export function createViews({ own, ours, partials }: ViewFolders, log?: Pick<Logger, 'warn'>): Views {
  const cache = new Map<string, { readonly stamp: string; readonly compiled: Compiled }>();

  function compile(file: string): Compiled | undefined {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) return undefined;
    const stamp = `${found.mtimeMs} ${found.size}`;
    const known = cache.get(file);
    if (known?.stamp === stamp) return known.compiled;
    const compiled = ejs.compile(readFileSync(file, 'utf8'), { filename: file }) as Compiled;
    cache.set(file, { stamp, compiled });
    return compiled;
  }

  function run(ownFile: string | undefined, ourFile: string, data: object): string {
    const full = { ...data, partial: (name: string, more: object = {}) => runPartial(name, { ...data, ...more }) };
    if (ownFile !== undefined) {
      try {
        const view = compile(ownFile);
        if (view) return view(full);
      } catch (error) {
        log?.warn({ view: ownFile, error: messageOf(error) }, 'This view failed, the standard one is shown instead');
      }
    }
    const view = compile(ourFile);
    if (!view) throw new Error(`There is no view ${ourFile}.`);
    return view(full);
  }

  function runPartial(name: string, data: object): string {
    const file = `${checked(name)}.ejs`;
    return run(own && join(own, 'partials', file), join(partials, file), data);
  }

  return {
    render: (name, data) => run(own && join(own, `${checked(name)}.ejs`), join(ours, `${name}.ejs`), data),
    has: (name) =>
      [own, ours].some(
        (folder) => folder !== undefined && statSync(join(folder, `${checked(name)}.ejs`), { throwIfNoEntry: false }),
      ),
  };
}

function checked(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) throw new Error(`"${name}" cannot be the name of a view.`);
  return name;
}

/** EJS puts file and line first. The data is not in the message. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 400);
}
