import { createHash } from 'node:crypto';
import { HandoverError } from '../contract/errors.ts';
import { definition } from './definitions.ts';
import { deepFreeze, frozenMap } from './freeze.ts';
import { asPlainData, isContent, siteFile, type Content, type Files } from './read-files.ts';
import { check } from './schema.ts';
import type { ProductConfig, SiteConfig } from './types.ts';

/** What an old version still says about its orders. */
export interface OldConfiguration {
  readonly site: Pick<
    SiteConfig,
    'site' | 'brand' | 'owner' | 'messages' | 'discounts' | 'taxes' | 'outcomes' | 'mailPatienceSeconds'
  >;
  readonly products: ReadonlyMap<string, ProductConfig>;
}

/** All files as one text: without the layout they were written in, with defaults, with secrets and settings by name only. */
export function takeSnapshot(files: Files): string {
  return JSON.stringify({ files: Object.fromEntries([...files].map(([file, content]) => [file, withoutSchema(content)])) });
}

/** Names a snapshot by its content. */
export function versionOf(snapshot: string): string {
  return createHash('sha256').update(snapshot).digest('hex').slice(0, 12);
}

/**
 * Reads the texts and products of an earlier version. Needs no environment: settings and secrets are not part of it.
 * Throws `CONFIG_SNAPSHOT_UNREADABLE`.
 */
export function productsFromSnapshot(text: string): OldConfiguration {
  const files = filesOf(text);
  const { site, brand, owner, messages, discounts, taxes, outcomes, mailPatienceSeconds } =
    files.find(([file]) => file === siteFile)?.[1] ?? {};
  const products = files.filter(([file]) => file !== siteFile).map(([, content]) => completed(content));
  return Object.freeze({
    site: deepFreeze({
      site: textsOf(site),
      brand,
      owner,
      messages,
      discounts,
      taxes,
      outcomes,
      mailPatienceSeconds,
    }) as unknown as OldConfiguration['site'],
    products: frozenMap(products.map((product) => [product.sku, deepFreeze(product)])),
  });
}

/** With what later versions of ours ask of a product: the kept text may be older. */
function completed(content: Content): ProductConfig {
  check(content, definition('product'));
  return content as unknown as ProductConfig;
}

/** A file's content without what is only there for editors. */
export function withoutSchema(content: Content): Content {
  const copy = asPlainData(content) as Content;
  delete copy['$schema'];
  return copy;
}

/** Without what a setting gave at that time: it is not part of a snapshot. */
function textsOf(facts: unknown): Content {
  return Object.fromEntries(Object.entries(isContent(facts) ? facts : {}).filter(([, fact]) => typeof fact === 'string'));
}

function filesOf(text: string): [string, Content][] {
  try {
    const snapshot = asPlainData(JSON.parse(text));
    if (isContent(snapshot) && isContent(snapshot['files'])) {
      return Object.entries(snapshot['files']).filter((entry): entry is [string, Content] => isContent(entry[1]));
    }
  } catch (error) {
    throw unreadable(error);
  }
  throw unreadable(undefined);
}

function unreadable(cause: unknown): HandoverError {
  return new HandoverError('CONFIG_SNAPSHOT_UNREADABLE', 'A kept configuration cannot be read.', {
    hint: 'The store holds something else than what was kept. Restore it from a backup; the files in use are not affected.',
    cause,
  });
}
