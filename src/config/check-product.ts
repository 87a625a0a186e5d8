import { actionsOf } from '../contract/connector.ts';
import { decimalsOf } from '../contract/money.ts';
import type { JsonSchema } from '../contract/schema.ts';
import type { ConnectorAccount } from './configuration.ts';
import { checkFollowUps, checkInputTexts, checkOutcomes } from './check-texts.ts';
import type { InstanceNames } from './instances.ts';
import { findAction, namesForInputs, namesForTexts } from './placeholders.ts';
import { didYouMean, nearest } from './problems.ts';
import { isContent, type Content } from './read-files.ts';
import type { Report } from './resolve.ts';
import { check } from './schema.ts';
import { inputSchema } from './schema-parts.ts';
import { loosenTexts } from './schema-rewrite.ts';
import type { ProductConfig } from './types.ts';

/** What a product's names are compared with. */
export interface Surroundings {
  readonly accounts: ReadonlyMap<string, ConnectorAccount>;
  readonly names: InstanceNames;
}

/** Checks what the schema cannot: prices, and every name the product refers to. Copes with content that the schema refused. */
export function checkProduct(
  content: Content,
  surroundings: Surroundings,
  report: Report,
  inherited: ReadonlySet<string> = new Set(),
): void {
  checkPrices(content['price'], report);
  const grants = isContent(content['grants']) ? content['grants'] : {};
  const metadata = isContent(content['metadata']) ? content['metadata'] : {};
  const known = knownGrants(grants);
  const inputNames = { always: namesForInputs({ metadata } as NamedParts) };
  for (const [name, grant] of Object.entries(known)) {
    if (inherited.has(name)) continue;
    const isKnown = checkAction(grant, ['grants', name], surroundings, report);
    if (isKnown) checkInput(grant, ['grants', name], surroundings.accounts, report);
    checkInputTexts(grant.with, ['grants', name, 'with'], inputNames, Object.keys(grants), report);
  }
  const unsure = (name: string): boolean => {
    const grant = name.split('.')[0] ?? '';
    return grant in grants && !findAction(known[grant]?.action ?? '', surroundings.accounts);
  };
  const always = namesForTexts({ grants: likelyGrants(known, surroundings), metadata } as NamedParts, surroundings.accounts);
  checkOutcomes(content['outcomes'], { always, unsure }, report);
  checkFollowUps(content['followUps'], { always, unsure }, report);
  checkRuns(content['outcomes'], inputNames.always, surroundings, report);
}

/** Checks the actions that outcomes carry out besides. */
export function checkRuns(outcomes: unknown, names: readonly string[], surroundings: Surroundings, report: Report): void {
  for (const [outcome, settings] of Object.entries(isContent(outcomes) ? outcomes : {})) {
    const runs = isContent(settings) && isContent(settings['run']) ? settings['run'] : {};
    for (const [name, run] of Object.entries(knownGrants(runs))) {
      const keys = ['outcomes', outcome, 'run', name];
      if (checkAction(run, keys, surroundings, report)) checkInput(run, keys, surroundings.accounts, report);
      checkInputTexts(run.with, [...keys, 'with'], { always: names }, [], report);
    }
  }
}

type NamedParts = Pick<ProductConfig, 'grants' | 'metadata'>;

type Keys = readonly string[];

type KnownGrant = { action: string; with: Content };

function knownGrants(grants: Content): Record<string, KnownGrant> {
  const known = Object.create(null) as Record<string, KnownGrant>;
  for (const [name, grant] of Object.entries(grants)) {
    if (!isContent(grant) || typeof grant['action'] !== 'string') continue;
    known[name] = { action: grant['action'], with: isContent(grant['with']) ? grant['with'] : {} };
  }
  return known;
}

/** A misspelt action gives what the one gives that was probably meant, so that suggestions can name it. */
function likelyGrants(grants: Record<string, KnownGrant>, { accounts }: Surroundings): Record<string, { action: string }> {
  const actions = actionNames(accounts);
  return Object.fromEntries(
    Object.entries(grants).map(([name, { action }]) => [name, { action: nearest(action, actions) ?? action }]),
  );
}

function actionNames(accounts: Surroundings['accounts']): string[] {
  return [...accounts.values()].flatMap(({ name, connector, options }) =>
    Object.keys(actionsOf(connector, options)).map((action) => `${name}.${action}`),
  );
}

function checkAction({ action }: KnownGrant, place: Keys, { accounts, names }: Surroundings, report: Report): boolean {
  if (findAction(action, accounts)) return true;
  const [account = ''] = action.split('.');
  if (names.isBroken(account)) return false;
  const actions = actionNames(accounts);
  const keys = [...place, 'action'];
  if (!accounts.has(account) && names.types.includes(account)) {
    report(keys, `"${action}" needs the connector "${account}". Add it under "connectors" in handover.json.`);
  } else {
    const known = accounts.has(account) ? actions.filter((one) => one.startsWith(`${account}.`)) : actions;
    const none = actions.length === 0 ? ' There are no connectors yet: add one under "connectors" in handover.json.' : '';
    report(keys, `"${action}" is not an action.${didYouMean(action, known)}${none}`);
  }
  return false;
}

const inputSchemas = new WeakMap<object, JsonSchema>();

function checkInput({ action, with: input }: KnownGrant, place: Keys, accounts: Surroundings['accounts'], report: Report): void {
  const found = findAction(action, accounts);
  if (!found) return;
  const schema = inputSchemas.get(found) ?? { type: 'object', ...loosenTexts(inputSchema(found)) };
  inputSchemas.set(found, schema);
  for (const { keys, message } of check(input, schema)) report([...place, 'with', ...keys], message);
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function checkPrices(price: unknown, report: Report): void {
  const prices = Array.isArray(price) ? (price as unknown[]) : [price];
  const seen = new Set<string>();
  prices.forEach((text, index) => {
    if (typeof text !== 'string') return;
    const keys = Array.isArray(price) ? ['price', index] : ['price'];
    const [, digits, currency] = /^[0-9]{1,12}(?:\.([0-9]{1,3}))? ([A-Z]{3})$/.exec(text) ?? [];
    if (currency === undefined) return;
    if (!currencies.has(currency)) report(keys, `"${currency}" is not a currency (ISO 4217).${didYouMean(currency, currencies)}`);
    else if ((digits ?? '').length > decimalsOf(currency)) {
      const decimals = decimalsOf(currency);
      report(
        keys,
        `${currency} is written ${decimals === 0 ? 'without' : `with at most ${decimals}`} decimals. Correct "${text}".`,
      );
    }
    if (seen.has(currency)) report(keys, `There is a price in ${currency} already. Keep one of them.`);
    seen.add(currency);
  });
}
