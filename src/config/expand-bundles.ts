import { didYouMean } from './problems.ts';
import { isContent, siteFile, type Content, type Files } from './read-files.ts';
import type { Report } from './resolve.ts';

/** For each product file the grants that come from products it includes: their problems are told where they stand. */
export type Inherited = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Puts the grants of included products into their bundles, so that everything after reads a bundle as if it had been written
 * out. A grant is called what its own product calls it when buyers see it.
 */
export function expandBundles(files: Files, reportIn: (file: string) => Report): { files: Files; inherited: Inherited } {
  const homes = new Map<string, string>();
  for (const [file, content] of files)
    if (file !== siteFile && typeof content['sku'] === 'string') homes.set(content['sku'], file);
  const inherited = new Map<string, ReadonlySet<string>>();
  const expanded = new Map(files);
  for (const [file, content] of files) {
    if (file === siteFile || !Array.isArray(content['includes'])) continue;
    const grants: Content = { ...(isContent(content['grants']) ? content['grants'] : {}) };
    const added = new Set<string>();
    for (const [index, sku] of (content['includes'] as unknown[]).entries()) {
      if (typeof sku !== 'string') continue;
      const report = (message: string): void => reportIn(file)(['includes', index], message);
      for (const part of partsOf(sku, file, files, homes, [], report)) {
        for (const [name, grant] of Object.entries(grantsOf(part))) {
          if (Object.hasOwn(grants, name)) {
            report(
              `"${sku}" has a grant "${name}", and so has this product or another one it includes. Give one of the two another name.`,
            );
            continue;
          }
          grants[name] = { title: part['title'], ...grant };
          added.add(name);
        }
      }
    }
    inherited.set(file, added);
    expanded.set(file, { ...content, grants });
  }
  return { files: expanded, inherited };
}

/** The product of that SKU and what it includes in turn. */
function partsOf(
  sku: string,
  from: string,
  files: Files,
  homes: ReadonlyMap<string, string>,
  path: readonly string[],
  report: (message: string) => void,
): Content[] {
  const home = homes.get(sku);
  if (home === undefined) {
    report(`No product file has the SKU "${sku}".${didYouMean(sku, [...homes.keys()])}`);
    return [];
  }
  if (home === from || path.includes(home)) {
    report(`"${sku}" includes itself, by ${[from, ...path, home].join(', ')}. Take one of the links out.`);
    return [];
  }
  const part = files.get(home) ?? {};
  const inner = Array.isArray(part['includes']) ? (part['includes'] as unknown[]) : [];
  return [
    part,
    ...inner.flatMap((each) => (typeof each === 'string' ? partsOf(each, from, files, homes, [...path, home], report) : [])),
  ];
}

function grantsOf({ grants }: Content): Record<string, Content> {
  const sound = Object.entries(isContent(grants) ? grants : {}).filter((entry): entry is [string, Content] =>
    isContent(entry[1]),
  );
  return Object.fromEntries(sound);
}
