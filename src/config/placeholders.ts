import mustache from 'mustache';
import { actionsOf } from '../contract/connector.ts';
import type { ConnectorAccount } from './configuration.ts';
import type { ProductConfig } from './types.ts';

/** Names every text may use, and every `with` but `reason`. */
const orderNames = [
  'order.number',
  'order.total',
  'order.date',
  'order.url',
  'buyer.name',
  'buyer.firstName',
  'buyer.lastName',
  'buyer.email',
  'learner.name',
  'learner.firstName',
  'learner.lastName',
  'learner.email',
  'product.title',
  'product.sku',
  'product.quantity',
  'product.description',
  'site.name',
  'site.url',
  'site.support',
];

/** First words of placeholders that do not come from grants. No grant may be called like one of them. */
export const takenWords: readonly string[] = ['order', 'buyer', 'learner', 'product', 'site', 'reason', 'metadata'];

/** A name a template uses. `guarded`: only where it has a value, inside its own `{{#name}} … {{/name}}`. */
export interface UsedName {
  readonly name: string;
  readonly guarded: boolean;
}

/** Which names a text of a product may use: those of the order, the product's metadata, and what its grants give. */
export function namesForTexts(product: Pick<ProductConfig, 'grants' | 'metadata'>, accounts: Accounts): string[] {
  const given = Object.entries(product.grants).flatMap(([grant, { action }]) =>
    outputsOf(action, accounts).map((output) => `${grant}.${output}`),
  );
  return [...orderNames, 'reason', ...metadataNames(product), ...given];
}

/** Which names a grant's `with` may use: what is known before anything is granted. */
export function namesForInputs(product: Pick<ProductConfig, 'metadata'>): string[] {
  return [...orderNames, ...metadataNames(product)];
}

/**
 * Which names a text for the whole site may use: what every product has; what only some have, inside its own section. Where
 * not every product is known, nothing is refused for what a product may give.
 */
export function namesForSite(products: readonly ProductConfig[], accounts: Accounts, areAllKnown: boolean) {
  const lists = products.map((product) => namesForTexts(product, accounts));
  const [first = [...orderNames, 'reason']] = lists;
  const always = first.filter((name) => lists.every((list) => list.includes(name)));
  const guarded = [...new Set(lists.flat())].filter((name) => !always.includes(name));
  const unsure = (name: string): boolean => {
    const [word = ''] = name.split('.');
    return (!areAllKnown || lists.length === 0) && (word === 'metadata' || !takenWords.includes(word));
  };
  return { always, guarded, unsure };
}

export type Accounts = ReadonlyMap<string, Pick<ConnectorAccount, 'connector'> & Partial<Pick<ConnectorAccount, 'options'>>>;

/** Finds `<account>.<action>`. */
export function findAction(name: string, accounts: Accounts) {
  const dot = name.indexOf('.');
  const account = accounts.get(name.slice(0, dot));
  const actions = account && actionsOf(account.connector, account.options);
  const action = name.slice(dot + 1);
  return actions && Object.hasOwn(actions, action) ? actions[action] : undefined;
}

function outputsOf(action: string, accounts: Accounts): string[] {
  const output = Object.entries(findAction(action, accounts)?.output ?? {});
  return output.filter(([, { internal }]) => internal !== true).map(([name]) => name);
}

function metadataNames({ metadata }: Pick<ProductConfig, 'metadata'>): string[] {
  return Object.keys(metadata).map((key) => `metadata.${key}`);
}

type Token = readonly [type: string, value: string, start: number, end: number, inside?: readonly Token[]];

/** Which names a Mustache template uses. Throws an Error that says what is wrong with the template. */
export function readTemplate(template: string): UsedName[] {
  const used: UsedName[] = [];
  const visit = (tokens: readonly Token[], guards: readonly string[]): void => {
    for (const [type, name, , , inside] of tokens) {
      if (type === 'name') used.push({ name, guarded: guards.includes(name) });
      if (type === '#') {
        used.push({ name, guarded: true });
        visit(inside ?? [], [...guards, name]);
      }
      if (type === '^') {
        used.push({ name, guarded: true });
        visit(inside ?? [], guards);
      }
      if (type === '&') throw new Error(`Write {{${name}}}: two braces, without "&". What needs escaping is escaped by itself.`);
      if (type === '>') throw new Error(`{{> ${name}}} would put in another text. Write that text here.`);
      if (type === '=') throw new Error('The braces of placeholders cannot be changed. Take out {{= … =}}.');
    }
  };
  visit(parse(template), []);
  return used;
}

function parse(template: string): readonly Token[] {
  try {
    const tokens: unknown = new mustache.Writer().parse(template);
    return tokens as readonly Token[];
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, name] = /"(.*)"/s.exec(message) ?? [];
    if (message.startsWith('Unclosed section'))
      throw new Error(`{{#${name ?? ''}}} is not closed. Add {{/${name ?? ''}}}.`, { cause: error });
    if (message.startsWith('Unopened section'))
      throw new Error(`{{/${name ?? ''}}} closes nothing. Take it out, or add {{#${name ?? ''}}}.`, { cause: error });
    throw new Error('A placeholder is not closed. It ends with two braces: {{buyer.firstName}}.', { cause: error });
  }
}
