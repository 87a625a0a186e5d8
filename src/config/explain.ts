import type { ErrorObject } from 'ajv';
import type { JsonSchema } from '../contract/schema.ts';
import { follow } from './definitions.ts';
import { didYouMean } from './problems.ts';
import { isSecret, secretRef, settingRef } from './schema-rewrite.ts';
import { whyNoWebAddress } from './web-address.ts';

/** A problem inside one value. */
export interface Explanation {
  readonly keys: readonly (string | number)[];
  readonly message: string;
}

/** Checks a value against one of several alternatives. */
type Attempt = (branch: JsonSchema, value: unknown) => readonly ErrorObject[];

interface Entry extends Explanation {
  readonly error: ErrorObject;
}

/**
 * The validator's errors in words for whoever wrote the file: where, what, and what would be right. Where several forms are
 * allowed, only the one that was probably meant is explained. A value is repeated only where it should be one of a fixed list,
 * and not even there when it is `hidden`.
 */
export function explain(errors: readonly ErrorObject[], value: unknown, attempt: Attempt, hidden = false): Explanation[] {
  const entries: Entry[] = [];
  for (const error of errors) {
    if (error.keyword === 'if') continue;
    const keys = keysOf(error.instancePath, value);
    if (error.keyword === 'anyOf' || error.keyword === 'oneOf') {
      dropWhile(entries, (entry) => isInside(entry.error, error));
      for (const { keys: deeper, message } of explainAlternatives(error, attempt, hidden)) {
        entries.push({ error, keys: [...keys, ...deeper], message });
      }
      continue;
    }
    if (error.keyword === 'propertyNames') dropWhile(entries, (entry) => entry.error.propertyName !== undefined);
    const { key, message } = explainOne(error, hidden);
    entries.push({ error, keys: key === undefined ? keys : [...keys, key], message });
  }
  return entries.map(({ keys, message }) => ({ keys, message }));
}

function dropWhile(entries: Entry[], belongs: (entry: Entry) => boolean): void {
  for (let last = entries.at(-1); last && belongs(last); last = entries.at(-1)) entries.pop();
}

/** What a branch refers to may be checked by a function of its own, whose paths begin anew. */
function isInside(inner: ErrorObject, outer: ErrorObject): boolean {
  const isDeeper = inner.instancePath === outer.instancePath || inner.instancePath.startsWith(`${outer.instancePath}/`);
  const parent = outer.schemaPath.slice(0, outer.schemaPath.lastIndexOf('/'));
  const isElsewhere = inner.schemaPath.startsWith('#/definitions/') || !inner.schemaPath.startsWith(`${parent}/`);
  return isDeeper && (isElsewhere || inner.schemaPath.startsWith(`${outer.schemaPath}/`));
}

function explainAlternatives(error: ErrorObject, attempt: Attempt, hidden: boolean): Explanation[] {
  const branches = error.schema as readonly JsonSchema[];
  const value: unknown = error.data;
  const tried = branches.map((branch) => ({ branch, errors: attempt(branch, structuredClone(value)) }));
  const fitting = tried.filter(
    ({ errors }) => !errors.some(({ keyword, instancePath }) => ['type', 'const'].includes(keyword) && instancePath === ''),
  );
  const [best] = fitting.sort((one, other) => one.errors.length - other.errors.length);
  if (best && best.errors.length > 0) return explain(best.errors, value, attempt, hidden);
  if (typeof value === 'string' && branches.some(({ $ref }) => $ref === secretRef)) return [{ keys: [], message: plainSecret }];
  const forms = branches.filter(({ $ref }) => !hidden || $ref !== settingRef).map(describe);
  return [{ keys: [], message: `This must be ${forms.join(' or ')}.${exampleOf(error.parentSchema)}` }];
}

const plainSecret =
  'A secret may not stand in this file. Put it into the environment and write { "env": "NAME" }, or into a file and write ' +
  '{ "file": "/run/secrets/name" }. If this file was shared, replace the secret.';

function explainOne(error: ErrorObject, hidden: boolean): { key?: string; message: string } {
  const { params, parentSchema = {} } = error;
  const parent = parentSchema as JsonSchema;
  const limit = params['limit'] as number;
  switch (error.keyword) {
    case 'required':
      return { key: params['missingProperty'] as string, message: missing(params['missingProperty'] as string, parent) };
    case 'additionalProperties': {
      const name = params['additionalProperty'] as string;
      return { key: name, message: `"${name}" is not an option here.${didYouMean(name, Object.keys(parent.properties ?? {}))}` };
    }
    case 'dependencies': {
      const { property, missingProperty } = params as { property: string; missingProperty: string };
      return { key: missingProperty, message: `This is missing: "${property}" needs it. Give both or none.` };
    }
    case 'propertyNames': {
      const name = params['propertyName'] as string;
      const rule = (parent['propertyNames'] as JsonSchema).description ?? '';
      return { key: name, message: `"${name}" cannot be a name here. ${rule}`.trim() };
    }
    case 'enum':
      return { message: notOneOf(error.data, namesOf(params['allowedValues']), hidden) };
    case 'const':
      return { message: `This must be ${JSON.stringify(params['allowedValue'])}.` };
    case 'not':
      if (parent.title === 'Secret') return { message: 'Name either "env" or "file", not both.' };
      return { message: 'This value is not allowed. Choose another one.' };
    case 'type':
      if (parent['title'] === 'Secret') return { message: plainSecret };
      return { message: `This must be ${describe(parent)}.${exampleOf(parent)}` };
    case 'format':
      if (params['format'] === 'email') return { message: `This is not a mail address.${exampleOf(parent)}` };
      if (params['format'] === 'uri') return { message: `${whyNoWebAddress(String(error.data)) ?? ''}${exampleOf(parent)}` };
      return { message: `This is not a ${String(params['format'])}.${exampleOf(parent)}` };
    case 'pattern':
      return {
        message: `This does not have the right form. ${parent.description ?? ''}${exampleOf(parent)}`.replace(/ +/g, ' ').trim(),
      };
    case 'minLength':
      return { message: limit === 1 ? 'This may not be empty.' : `This must have at least ${limit} characters.` };
    case 'maxLength':
      return { message: `This may have at most ${limit} characters.` };
    case 'minItems':
      return { message: limit === 1 ? 'The list may not be empty.' : `The list must have at least ${limit} entries.` };
    case 'maxItems':
      return { message: `The list may have at most ${limit} entries.` };
    case 'uniqueItems':
      return { message: 'An entry stands twice in the list. Keep one of them.' };
    case 'minProperties':
      if (parent['title'] === 'Secret')
        return { message: 'Name the environment variable ("env") or the file ("file") that holds the secret.' };
      return { message: `This must have at least ${limit} entries.` };
    case 'maxProperties':
      return { message: `This may have at most ${limit} entries.` };
    case 'minimum':
      return { message: `This must be at least ${limit}.` };
    case 'exclusiveMinimum':
      return { message: `This must be more than ${limit}.` };
    case 'maximum':
      return { message: `This may be at most ${limit}.` };
    default:
      return { message: `This ${error.message ?? 'is not allowed'}.` };
  }
}

function notOneOf(value: unknown, allowed: readonly string[], hidden: boolean): string {
  if (hidden || typeof value === 'object') return `This must be one of ${allowed.map(printed).join(', ')}.`;
  return `${printed(value)} is not possible here.${didYouMean(typeof value === 'string' ? value : printed(value), allowed)}`;
}

function missing(name: string, parent: JsonSchema): string {
  const property = parent.properties?.[name];
  if (property === undefined) return 'This is missing.';
  const wanted: JsonSchema = { ...follow(property), ...property };
  const example: unknown = wanted.examples?.[0];
  const cure = example === undefined ? '' : ` For example: "${name}": ${printed(example)}`;
  return `This ${isSecret(property) ? 'secret ' : ''}is missing. ${wanted.description ?? ''}${cure}`.replace(/ +/g, ' ').trim();
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'an object { … }',
  null: 'null',
};

function describe(schema: JsonSchema): string {
  if (schema['$ref'] === secretRef) return '{ "env": "NAME" } or { "file": "/path" }';
  if (schema['$ref'] === settingRef) return '{ "env": "NAME" }';
  if (schema['$ref'] !== undefined) return describe(follow(schema));
  if ('const' in schema) return JSON.stringify(schema['const']);
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string | undefined];
  return types.map((type) => (type === undefined ? 'something else' : (typeNames[type] ?? type))).join(' or ');
}

function exampleOf(schema: unknown): string {
  const example = (schema as JsonSchema | undefined)?.examples?.[0];
  return example === undefined ? '' : ` For example: ${printed(example)}`;
}

function namesOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

/** As a person would write it in a file: on one line, with air. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inside]) => `"${key}": ${printed(inside)}`)
    .join(', ')} }`;
}

/** The keys of a JSON pointer; numbers where the value has a list. */
function keysOf(pointer: string, value: unknown): (string | number)[] {
  let inside = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(inside) ? Number(key) : key;
      inside = (inside as Record<string, unknown> | undefined)?.[step];
      return step;
    });
}
