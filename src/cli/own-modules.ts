import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '../contract/connector.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Gateway } from '../contract/gateway.ts';

/** What a site hands to `handover()` beside its files. */
export interface OwnParts {
  readonly gateways: readonly Gateway[];
  readonly connectors: readonly Connector[];
}

/**
 * Reads `gateways` and `connectors` from modules: named exports, or those of a default export. Throws `MODULE_UNUSABLE`. A
 * module that starts a server when it is imported would start it here too: keep them apart.
 */
export async function importOwnParts(paths: readonly string[]): Promise<OwnParts> {
  const gateways: Gateway[] = [];
  const connectors: Connector[] = [];
  for (const path of paths) {
    const found = await importModule(path);
    gateways.push(...listOf<Gateway>(found, 'gateways', path));
    connectors.push(...listOf<Connector>(found, 'connectors', path));
  }
  return { gateways, connectors };
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const found = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
    const { default: all } = found;
    return { ...(typeof all === 'object' ? all : {}), ...found };
  } catch (error) {
    throw unusable(path, `it cannot be imported: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function listOf<T extends { readonly name: string }>(
  found: Readonly<Record<string, unknown>>,
  kind: string,
  path: string,
): readonly T[] {
  const list = found[kind] ?? [];
  if (!Array.isArray(list)) throw unusable(path, `its "${kind}" is not a list`);
  if (!list.every((each: unknown) => typeof each === 'object' && each !== null && 'name' in each)) {
    throw unusable(path, `its "${kind}" holds something that has no name`);
  }
  if (found['gateways'] === undefined && found['connectors'] === undefined)
    throw unusable(path, 'it exports neither "gateways" nor "connectors"');
  return list as T[];
}

function unusable(path: string, why: string, cause?: unknown): HandoverError {
  return new HandoverError('MODULE_UNUSABLE', `The module ${path} cannot be used: ${why}.`, {
    hint: 'Give a module that exports the lists "gateways" and "connectors" your site hands to handover().',
    cause,
  });
}
