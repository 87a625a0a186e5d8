import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import mustache from 'mustache';
import type { Connector } from '../contract/connector.ts';
import type { Gateway } from '../contract/gateway.ts';
import { checkCartRules } from './check-cart-rules.ts';
import { checkStock } from './check-stock.ts';
import { checkProduct, checkRuns, type Surroundings } from './check-product.ts';
import { checkSite } from './check-site.ts';
import { checkOutcomes } from './check-texts.ts';
import { checkViews } from './check-views.ts';
import type { Configuration, Problem } from './configuration.ts';
import { definition } from './definitions.ts';
import { expandBundles, type Inherited } from './expand-bundles.ts';
import { deepFreeze, frozenMap } from './freeze.ts';
import { readAccounts, readGateways, type Sources } from './instances.ts';
import { namesForInputs, namesForSite } from './placeholders.ts';
import { ConfigurationError, printPath, ProblemList } from './problems.ts';
import { readFiles, siteFile, type Content, type Files } from './read-files.ts';
import { resolveSecrets, resolveSettings, type Environment, type Report } from './resolve.ts';
import { check } from './schema.ts';
import { takeSnapshot, versionOf, withoutSchema } from './snapshot.ts';
import type { ProductConfig, SiteConfig } from './types.ts';

/** What a configuration may refer to. */
export interface LoadOptions {
  readonly gateways: readonly Gateway<never>[];
  readonly connectors: readonly Connector<never>[];
  /** @default process.env */
  readonly env?: Environment;
  /** Whether a file the configuration names is there; gets an absolute path. @default existsSync */
  readonly fileExists?: (path: string) => boolean;
}

/**
 * Reads and checks all files of a shop. Gives the frozen configuration, or throws a `ConfigurationError` with every problem of
 * every file. Reads files and the environment at the moment of the call, and nothing later.
 */
export function loadConfiguration(folder: string, options: LoadOptions): Configuration {
  const { gateways: gatewayTypes, connectors, env = process.env, fileExists = existsSync } = options;
  const sources: Sources = { env, folder: resolve(folder) };
  const problems = new ProblemList();
  const reportIn =
    (file: string): Report =>
    (keys, message) => {
      problems.add(file, printPath(keys), message);
    };

  const written = readFiles(sources.folder, problems);
  for (const [file, content] of written) {
    for (const { keys, message } of check(content, definition(file === siteFile ? 'site' : 'product')))
      reportIn(file)(keys, message);
    checkViews(content, fileExists, sources.folder, reportIn(file));
  }

  const { files, inherited } = expandBundles(written, reportIn);
  const content = files.get(siteFile) ?? {};
  const reportSite = reportIn(siteFile);
  const gateways = readGateways(content, gatewayTypes, sources, reportSite);
  const { accounts, names } = readAccounts(content, connectors, sources, reportSite);
  const site = files.has(siteFile) ? readSite(content, sources, reportSite) : {};
  checkProducts(files, { accounts, names }, inherited, reportIn);
  checkRuns(content['outcomes'], namesForInputs({ metadata: {} }), { accounts, names }, reportSite);
  const products = soundProducts(files, problems);
  const areAllKnown = problems.all.every(({ file }) => file === siteFile);
  checkOutcomes(content['outcomes'], namesForSite([...products.values()], accounts, areAllKnown), reportSite);

  if (problems.all.length > 0) throw new ConfigurationError(problems.sorted(), sources.folder);
  const snapshot = takeSnapshot(files);
  mustache.clearCache(); // it remembers every text it has read, those of earlier files too
  return Object.freeze({
    version: versionOf(snapshot),
    folder: sources.folder,
    site: deepFreeze(site) as unknown as SiteConfig,
    products: frozenMap([...products].map(([sku, product]) => [sku, deepFreeze(product)])),
    snapshot,
    gateways: frozenMap([...gateways].map(([name, one]) => [name, freezeInstance(one)])),
    accounts: frozenMap([...accounts].map(([name, one]) => [name, freezeInstance(one)])),
    warnings: deepFreeze(findWarnings(site, products.size, gateways.size)),
  });
}

/** handover.json without gateways and connectors, values in place. */
function readSite(content: Content, { env, folder }: Sources, report: Report): Content {
  const site = withoutSchema(content);
  delete site['gateways'];
  delete site['connectors'];
  const schema = definition('site');
  resolveSecrets(resolveSettings(site, schema, env, report), schema, env, folder, report);
  checkSite(site, content, report);
  if (typeof site['baseUrl'] === 'string') site['baseUrl'] = site['baseUrl'].replace(/\/+$/, '');
  if (typeof site['secret'] === 'string') site['secret'] = [site['secret']];
  return site;
}

function checkProducts(files: Files, surroundings: Surroundings, inherited: Inherited, reportIn: (file: string) => Report): void {
  const homes = new Map<string, string>();
  for (const [file, content] of files) {
    if (file === siteFile) continue;
    checkProduct(content, surroundings, reportIn(file), inherited.get(file));
    for (const [path, name] of namesOf(content)) {
      const home = homes.get(name);
      if (home === undefined) homes.set(name, file);
      else reportIn(file)(path, `"${name}" is the SKU of ${home} too. Take one of the two files away, or correct one SKU.`);
    }
  }
  for (const [file, content] of files) checkCartRules(content, [...homes.keys()], reportIn(file));
  checkStock(files, reportIn);
}

/** The names gateways may call a product by, and where they stand. */
function namesOf({ sku, aliases }: Content): [(string | number)[], string][] {
  const names: [(string | number)[], unknown][] = [[['sku'], sku]];
  if (Array.isArray(aliases))
    names.push(...aliases.map((alias, index): [(string | number)[], unknown] => [['aliases', index], alias]));
  return names.filter((entry): entry is [(string | number)[], string] => typeof entry[1] === 'string');
}

/** The products of files that have no problem. */
function soundProducts(files: Files, problems: ProblemList): ReadonlyMap<string, ProductConfig> {
  const sound = [...files].filter(([file]) => file !== siteFile && !problems.has(file));
  const products = sound.map(([, content]) => withoutSchema(content) as unknown as ProductConfig);
  return new Map(products.map((product) => [product.sku, product]));
}

/** Freezes what was read; the gateway or connector itself belongs to whoever wrote it. */
function freezeInstance<T extends { readonly options: object }>(instance: T): T {
  for (const value of Object.values(instance)) if (Array.isArray(value)) deepFreeze(value);
  deepFreeze(instance.options);
  if ('limits' in instance) deepFreeze(instance.limits);
  return Object.freeze(instance);
}

function findWarnings(site: Content, products: number, gateways: number): Problem[] {
  const warnings: Problem[] = [];
  const warn = (file: string, path: string, message: string): void => void warnings.push({ file, path, message });
  if (products === 0) warn('products', '', 'There is no product yet: payments are kept and wait for the file of their SKU.');
  if (gateways === 0) warn(siteFile, 'gateways', 'There is no gateway yet: nothing can be paid.');
  const { mode, baseUrl } = site;
  if (mode === 'live' && typeof baseUrl === 'string' && /^http:\/\/(?!localhost[:/]|127\.)/.test(`${baseUrl}/`)) {
    warn(siteFile, 'baseUrl', 'Links lead to pages without encryption. Use "https://" in live mode.');
  }
  return warnings;
}
