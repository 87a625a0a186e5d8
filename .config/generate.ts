/**
 * Writes what is derived: the parts of config.schema.json that come from gateways and connectors, src/config/types.ts and
 * docs/configuration.md.
 * With `--check` it writes nothing and exits 1 naming the files that are stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import prettier from 'prettier';
import type { JsonSchema } from '../src/contract/schema.ts';
import { withParts, type Parts } from '../src/config/schema-parts.ts';
import { mapInside, secretRef, settingRef } from '../src/config/schema-rewrite.ts';
import { describeConfiguration, docsFile } from './generate-docs.ts';

const root = new URL('../', import.meta.url);
const schemaFile = 'config.schema.json';
const typesFile = 'src/config/types.ts';

const base = JSON.parse(readFileSync(new URL(schemaFile, root), 'utf8')) as JsonSchema;
const schema = withParts(base, await builtInParts());
const wanted = new Map([
  [schemaFile, JSON.stringify(schema, null, 2)],
  [docsFile, await describeConfiguration(schema)],
  [typesFile, await types(withParts(base, { gateways: [], connectors: [] }))],
]);

const stale: string[] = [];
for (const [file, text] of wanted) {
  const url = new URL(file, root);
  const options = (await prettier.resolveConfig(fileURLToPath(url))) ?? {};
  const formatted = await prettier.format(text, { ...options, filepath: fileURLToPath(url) });
  if (existsSync(url) && readFileSync(url, 'utf8') === formatted) continue;
  stale.push(file);
  if (!process.argv.includes('--check')) writeFileSync(url, formatted);
}
for (const file of stale)
  console.log(process.argv.includes('--check') ? `${file} is stale: run "npm run generate"` : `wrote ${file}`);
if (process.argv.includes('--check') && stale.length > 0) process.exitCode = 1;

async function builtInParts(): Promise<Parts> {
  return {
    gateways: (await exported('src/gateways/index.ts', 'builtInGateways')) as Parts['gateways'],
    connectors: (await exported('src/wiring/built-in-connectors.ts', 'builtInConnectors')) as Parts['connectors'],
  };
}

async function exported(file: string, name: string): Promise<unknown> {
  const url = new URL(file, root);
  if (!existsSync(url)) return [];
  const module = (await import(url.href)) as Record<string, unknown>;
  return module[name] ?? [];
}

/** Types of a checked file: settings and secrets are the plain values they stand for, and what has a default is always there. */
async function types(schema: JsonSchema): Promise<string> {
  const definitions = Object.fromEntries(
    Object.entries(schema['definitions'] as Record<string, JsonSchema>)
      .filter(
        ([name]) =>
          !['secret', 'setting', 'gateways', 'connectors', 'gateway', 'connector', 'receiver', 'ignoreSkus'].includes(name),
      )
      .map(([name, definition]) => [name, plain(definition)]),
  );
  const inlined = JSON.parse(JSON.stringify({ definitions: inlineTexts(definitions) })) as object;
  const code = await compile({ ...inlined, title: 'Unused', type: 'object', additionalProperties: false }, 'Unused', {
    unreachableDefinitions: true,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: '',
    format: false,
  });
  const withoutRoot = code
    .replace(/export interface Unused \{\s*\}\n?/, '')
    .replace(/\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "[^"]*"\./g, '')
    .replace(/\n *\* @(min|max)Items \d+/g, '')
    .replace(/\/\*\*\s*\*\//g, '')
    .replace(/\/\*\*\n \*\n/g, '/**\n')
    .replace(/(\n *\* *)+(?=\n *\*\/)/g, '');
  return [
    '// Generated from config.schema.json by `npm run generate`. Do not edit: change the schema.',
    '/* eslint-disable */',
    "export type * from './configuration.ts';",
    '',
    withoutRoot,
    '/** What can happen to a payment. */',
    'export type OutcomeName = keyof OutcomesConfig;',
  ].join('\n');
}

function plain(schema: JsonSchema): JsonSchema {
  if (schema.$ref === secretRef) return { type: 'string', description: schema.description ?? '' };
  const alternatives = schema['anyOf'] as JsonSchema[] | undefined;
  if (alternatives?.some(({ $ref }) => $ref === settingRef)) {
    const [value] = alternatives.filter(({ $ref }) => $ref !== settingRef);
    const { anyOf: _, ...notes } = schema;
    return plain({ ...value, ...notes });
  }
  if (alternatives?.some(({ $ref }) => $ref === secretRef)) {
    return { type: 'array', items: { type: 'string' }, description: schema.description ?? '' };
  }
  const inside = mapInside(schema, plain);
  if (inside.properties === undefined) return inside;
  const { properties, required = [], dependencies: _, ...rest } = inside;
  const kept = Object.entries(properties).filter(([name]) => !['$schema', 'gateways', 'connectors'].includes(name));
  const filled = kept.filter(([, property]) => property.default !== undefined).map(([name]) => name);
  return { ...rest, properties: Object.fromEntries(kept), required: [...new Set([...required, ...filled])] };
}

/** Definitions that are only a form of text have no name of their own. */
function inlineTexts(definitions: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const texts = Object.entries(definitions).filter(([, { title }]) => title === undefined);
  const replace = (schema: JsonSchema): JsonSchema => {
    const found = texts.find(([name]) => schema.$ref === `#/definitions/${name}`);
    if (found) return { type: 'string', ...(schema.description === undefined ? {} : { description: schema.description }) };
    if (schema.$ref !== undefined) return { $ref: schema.$ref };
    const { examples: _e, propertyNames: _p, ...rest } = schema;
    return mapInside(rest, replace);
  };
  return Object.fromEntries(
    Object.entries(definitions)
      .filter(([, { title }]) => title !== undefined)
      .map(([name, definition]) => [name, replace(definition)]),
  );
}
