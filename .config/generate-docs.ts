/** Makes docs/configuration.md from config.schema.json and from what gateways, connectors and their actions say of themselves. */
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import type { Action } from '../src/contract/connector.ts';
import type { JsonSchema } from '../src/contract/schema.ts';
import { namesForTexts } from '../src/config/placeholders.ts';
import { builtInConnectors } from '../src/wiring/built-in-connectors.ts';
import { builtInGateways } from '../src/gateways/index.ts';

export const docsFile = 'docs/configuration.md';

const settingRef = '#/definitions/setting';
const withPlaceholders = 'a text with placeholders';
const secretRef = '#/definitions/secret';

interface Row {
  readonly name: string;
  readonly takes: string;
  readonly isRequired: boolean;
  readonly initial: unknown;
  readonly text: string;
  readonly example: unknown;
}

let definitions: Readonly<Record<string, JsonSchema>> = {};

/** The whole page, formatted. `schema` is what config.schema.json holds. */
export async function describeConfiguration(schema: JsonSchema): Promise<string> {
  definitions = schema['definitions'] as Readonly<Record<string, JsonSchema>>;
  const parts = [
    '# Configuration reference',
    'Generated from [config.schema.json](../config.schema.json) by `npm run generate`. Do not edit this page.',
    'A shop is a folder with `handover.json` and one file per product in `products/`. An editor that reads `$schema` completes and checks both kinds of file. `npx handover check` prints every problem of every file. How to write the files is told in [owner.md](owner.md).',
    'What is marked **required** must stand there when the object it belongs to does; without `mail`, for one, nothing of it is required.',
    '## Settings and secrets',
    'Where it says _or a setting_, the value may come from the environment: `{ "env": "SMTP_PORT", "default": 587 }`. Without the variable the default holds; without either the start is refused.',
    'Where it says _a secret_, the file only names it, and never holds it: `{ "env": "STRIPE_API_KEY" }`, or `{ "file": "/run/secrets/stripe" }` for the first 64 KB of a file, space around it cut off. A relative path counts from the folder of `handover.json`.',
    '## handover.json',
    list(rowsOf(named('site'), { leaveOut: ['gateways', 'connectors', 'outcomes'] })),
    'Under `outcomes` stand the texts for the whole site; see [Outcomes](#outcomes).',
    '## Gateways',
    text(named('gateways')),
    list(rowsOf(named('gateway'), { prefix: 'gateways.<name>.' })),
    ...builtInGateways.flatMap(({ name, summary }) => [
      `### Gateway ${name}`,
      sentence(summary),
      list(rowsOf(named(`gateway-${name}`), { leaveOut: ['use', 'ignoreSkus', 'receiver'] })),
    ]),
    '## Connectors',
    text(named('connectors')),
    list(rowsOf(named('connector'), { prefix: 'connectors.<name>.' })),
    ...builtInConnectors.flatMap(({ name, aliases = [], summary, actions }) => [
      `### Connector ${name}`,
      `${sentence(summary)}${aliases.length > 0 ? ` Also known as ${aliases.map(code).join(' and ')}.` : ''}`,
      ...lists(named(`connector-${name}`), ['use', 'limits']),
      ...Object.entries(actions).flatMap(([action, { summary: does, output }]: [string, Action<never, never>]) => [
        `#### Action ${name}.${action}`,
        `${sentence(does)} What may stand in \`with\`:`,
        ...lists(named(`action-${name}-${action}`), []),
        'What it gives, for texts:',
        ['| placeholder | what it is |', '| --- | --- |', ...outputRows(output)].join('\n'),
      ]),
    ]),
    '## products/\\*.json',
    text(named('product')),
    list([
      ...rowsOf(named('product'), { leaveOut: ['grants', 'outcomes'] }),
      ...rowsOf(named('grant'), { prefix: 'grants.<name>.' }),
    ]),
    text(namesSchema('grants')),
    '## Outcomes',
    text(named('outcomes')),
    ['| outcome | when |', '| --- | --- |', ...outcomeRows()].join('\n'),
    'Each may hold:',
    list(rowsOf(named('outcome'), { prefix: 'outcomes.<outcome>.' })),
    '## Placeholders',
    `Every text may use ${namesForTexts({ grants: {}, metadata: {} }, new Map()).map(placeholder).join(', ')}, the product's own \`{{metadata.<key>}}\`, and what its grants give: \`{{<grant>.<output>}}\`, as told at the actions above. A grant's \`with\` may use all but \`{{reason}}\` and what grants give. \`{{#name}} … {{/name}}\` stands only where the name has a value, \`{{^name}} … {{/name}}\` only where it has none.`,
  ];
  const options = await prettier.resolveConfig(fileURLToPath(new URL(`../${docsFile}`, import.meta.url)));
  return prettier.format(parts.join('\n\n'), { ...options, parser: 'markdown' });
}

function named(name: string): JsonSchema {
  const found = definitions[name];
  if (!found) throw new Error(`config.schema.json has no definition "${name}".`);
  return found;
}

function follow(schema: JsonSchema): JsonSchema {
  const { $ref: reference, ...notes } = schema;
  return typeof reference === 'string' ? { ...named(reference.slice('#/definitions/'.length)), ...notes } : schema;
}

/** One row for each value that can be written; what is inside objects under its path. */
function rowsOf(given: JsonSchema, { prefix = '', leaveOut = [] as readonly string[] } = {}): Row[] {
  const schema = follow(given);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): Row[] => {
    if (key === '$schema' || leaveOut.includes(key)) return [];
    const name = `${prefix}${key}`;
    const isSecret = property['$ref'] === secretRef;
    const full = isSecret ? property : follow(property);
    const row: Row = {
      name,
      takes: isSecret ? 'a secret' : takes(full),
      isRequired: (schema.required ?? []).includes(key) && !/\bDefault: /.test(full.description ?? ''),
      initial: full.default,
      text: String(full.description ?? ''),
      example: full.examples?.[0],
    };
    const choice = alternativesOf(full).find(
      ({ $ref }) => $ref !== secretRef && $ref !== settingRef && follow({ $ref }).properties,
    );
    if (choice) return [row, ...rowsOf(choice, { prefix: `${name}.` })];
    if (full.properties) return isPlainList(full) ? [{ ...row, text: withFields(full) }] : rowsOf(full, { prefix: `${name}.` });
    const value = typeof full.additionalProperties === 'object' ? full.additionalProperties : undefined;
    return value && value['$ref'] !== secretRef && follow(value).properties
      ? [row, ...rowsOf(value, { prefix: `${name}.<name>.` })]
      : [row];
  });
}

/** An object whose fields need no explanation. */
function isPlainList({ properties = {} }: JsonSchema): boolean {
  return Object.values(properties).every(({ description, $ref }) => description === undefined && $ref === undefined);
}

function withFields({ description, properties = {} }: JsonSchema): string {
  return `${sentence(String(description ?? ''))} Fields: ${Object.keys(properties).map(code).join(', ')}.`;
}

/** The options of an object, and those that each choice brings (`kind` of a key source). */
function lists(schema: JsonSchema, leaveOut: readonly string[]): string[] {
  const own = rowsOf(schema, { leaveOut });
  return [
    own.length > 0 ? list(own) : 'Nothing.',
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
      const value = typeof property.additionalProperties === 'object' ? property.additionalProperties : undefined;
      const choices = choicesOf(value).map(({ where, then }) => ({
        where,
        rows: rowsOf(then, { prefix: `${key}.<name>.`, leaveOut: [where.key] }),
      }));
      const [first, ...others] = choices;
      if (!first) return [];
      const isShared = (row: Row): boolean =>
        others.every(({ rows }) => rows.some((each) => each.name === row.name && each.text === row.text));
      const shared = first.rows.filter(isShared);
      return [
        ...choices.flatMap(({ where, rows }) => {
          const only = rows.filter(({ name }) => !shared.some((row) => row.name === name));
          return only.length === 0 ? [] : [`With \`"${where.key}": "${where.value}"\`:`, list(only)];
        }),
        `With every ${first.where.key}:`,
        list(shared),
      ];
    }),
  ];
}

function choicesOf(schema: JsonSchema | undefined): { where: { key: string; value: string }; then: JsonSchema }[] {
  const branches = (schema?.['allOf'] ?? []) as { if?: JsonSchema; then?: JsonSchema }[];
  return branches.flatMap(({ if: condition, then }) => {
    const [key, value] = Object.entries(condition?.properties ?? {}).map(([name, { const: only }]) => [name, only])[0] ?? [];
    return then && typeof key === 'string' && typeof value === 'string' ? [{ where: { key, value }, then }] : [];
  });
}

function alternativesOf(schema: JsonSchema): JsonSchema[] {
  return (schema['anyOf'] ?? []) as JsonSchema[];
}

function takes(schema: JsonSchema): string {
  const choices = schema.enum as readonly unknown[] | undefined;
  if (choices) return choices.length > 6 ? 'text' : choices.map((choice) => code(JSON.stringify(choice))).join(' or ');
  const words = alternativesOf(schema)
    .map(wordFor)
    .filter((word) => word !== '');
  const isJustText = words.every((word) => word === withPlaceholders);
  return isJustText ? wordOfType(schema) : [...new Set(words)].join(' or ');
}

function wordFor(alternative: JsonSchema): string {
  if (alternative['$ref'] === secretRef) return 'a secret';
  if (alternative['$ref'] === settingRef) return 'a setting';
  if (alternative['const'] !== undefined) return code(JSON.stringify(alternative['const']));
  if (alternative['pattern'] === '\\{\\{') return withPlaceholders;
  return takes(follow(alternative));
}

function wordOfType({ type, items }: JsonSchema): string {
  if (type === 'array') return items?.['$ref'] === secretRef ? 'a list of secrets' : 'a list';
  if (Array.isArray(type)) return type.map((each: string) => wordOfType({ type: each })).join(' or ');
  return typeof type === 'string' ? (typeWords[type] ?? type) : '';
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  object: 'an object',
};

function list(rows: readonly Row[]): string {
  if (rows.length === 0) return 'It has no options of its own.';
  return rows
    .map(({ name, takes: word, isRequired, initial, text: about, example }) => {
      const facts = [
        word,
        ...(isRequired
          ? ['**required**']
          : initial === undefined || isEmpty(initial)
            ? []
            : [`default ${code(JSON.stringify(initial))}`]),
      ];
      const shown = example === undefined || word.startsWith('`') ? '' : ` For example ${code(JSON.stringify(example))}.`;
      return `- ${code(name)} (${facts.join(', ')}) ${prose(sentence(about))}${shown}`;
    })
    .join('\n');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function outcomeRows(): string[] {
  return Object.entries(named('outcomes').properties ?? {}).map(
    ([name, { description }]) => `| ${code(name)} | ${prose(String(description ?? ''))} |`,
  );
}

function outputRows(output: Action['output']): string[] {
  return Object.entries(output).map(([name, { description, secret, link }]) => {
    const kind = link === true ? ' A link, made at the click.' : secret === true ? ' Kept sealed.' : '';
    return `| ${code(`{{<grant>.${name}}}`)} | ${prose(`${description}${kind}`)} |`;
  });
}

function namesSchema(property: string): JsonSchema {
  return (follow(named('product').properties?.[property] ?? {})['propertyNames'] ?? {}) as JsonSchema;
}

function text({ description }: JsonSchema): string {
  return prose(sentence(String(description ?? '')));
}

function sentence(words: string): string {
  return words === '' || /[.:)]$/.test(words) ? words : `${words}.`;
}

function placeholder(name: string): string {
  return code(`{{${name}}}`);
}

function code(words: string): string {
  return `\`${words}\``;
}

/** Outside code, signs that Markdown would take for its own. */
function prose(words: string): string {
  return words
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[<*_|]/g, '\\$&')))
    .join('`')
    .replaceAll('\n', ' ');
}
