import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JsonSchema } from '../contract/schema.ts';
import { follow } from './definitions.ts';
import { didYouMean, nearest } from './problems.ts';
import { codeOf, isContent, type Content } from './read-files.ts';
import { secretRef, settingRef } from './schema-rewrite.ts';
import { check } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
type Keys = readonly (string | number)[];
/** Tells a problem of the file at hand. */
export type Report = (keys: Keys, message: string) => void;

/**
 * Puts settings' values from the environment where the schema allows them. One that is missing or does not fit is reported by
 * its name, never with its value, and left as it is.
 */
export function resolveSettings(value: unknown, schema: JsonSchema, env: Environment, report: Report): unknown {
  return replaceAt(settingRef, value, [schema], [], (setting, keys, schemas) => {
    const { env: name } = setting;
    if (typeof name !== 'string') return setting;
    const text = variable(name, env);
    if (text === undefined || text === '') {
      if ('default' in setting) {
        for (const { message } of check(setting['default'], together(schemas))) report([...keys, 'default'], message);
        return setting['default'];
      }
      report(keys, `The environment variable ${name} is not set. Set it, or add a "default".${similarVariable(name, env)}`);
      return setting;
    }
    const read = readText(text, typesOf(schemas));
    const [fault] = check(read, together(schemas), true);
    if (fault === undefined) return read;
    report(keys, `The value of the environment variable ${name} does not fit. ${fault.message}`);
    return setting;
  });
}

/** Puts the secrets in place. Reports name the variable or file, never what it holds. Space around a secret is cut off. */
export function resolveSecrets(value: unknown, schema: JsonSchema, env: Environment, folder: string, report: Report): unknown {
  return replaceAt(secretRef, value, [schema], [], (secret, keys) => {
    const found = readSecret(secret, env, folder);
    if (found === undefined) return secret;
    if ('value' in found) return found.value;
    report(keys, found.fault);
    return secret;
  });
}

function readSecret(secret: Content, env: Environment, folder: string): { value: string } | { fault: string } | undefined {
  const { env: name, file } = secret;
  if (typeof name === 'string') {
    const value = variable(name, env)?.trim();
    if (value === undefined) {
      return { fault: `The environment variable ${name} is not set. Set it before the start.${similarVariable(name, env)}` };
    }
    return value === '' ? { fault: `The environment variable ${name} is empty. Set it to the secret.` } : { value };
  }
  if (typeof file !== 'string') return undefined;
  try {
    const path = resolve(folder, file);
    const found = statSync(path);
    if (!found.isFile()) return { fault: `The secret file ${file} is not a file. Name the file that holds the secret.` };
    if (found.size > 65_536) return { fault: `The secret file ${file} is larger than 64 KB. Is it the right file?` };
    const value = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    return value === '' ? { fault: `The secret file ${file} is empty. Write the secret into it.` } : { value };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { fault: `The secret file ${file} does not exist. Create it, or correct its path.` };
    return { fault: `The secret file ${file} cannot be read (${code}). Let this process read it.` };
  }
}

function variable(name: string, env: Environment): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

function similarVariable(name: string, env: Environment): string {
  const known = Object.keys(env).filter((other) => nearest(name, [other]) !== undefined);
  return known.length === 0 ? '' : didYouMean(name, known, (other) => other);
}

/** Replaces each object that stands where the schema refers to `ref`. */
function replaceAt(
  ref: string,
  value: unknown,
  schemas: readonly JsonSchema[],
  keys: Keys,
  replace: (found: Content, keys: Keys, schemas: readonly JsonSchema[]) => unknown,
): unknown {
  const all = spread(schemas);
  if (Array.isArray(value)) {
    const items = all.flatMap(({ items: inside }) => (inside === undefined ? [] : [inside]));
    return value.map((item, index) => replaceAt(ref, item, items, [...keys, index], replace));
  }
  if (!isContent(value)) return value;
  if (all.some(({ $ref }) => $ref === ref)) return replace(value, keys, schemas);
  for (const [key, inside] of Object.entries(value)) {
    value[key] = replaceAt(
      ref,
      inside,
      all.flatMap((schema) => schemaOf(schema, key)),
      [...keys, key],
      replace,
    );
  }
  return value;
}

/** One schema for several. A single one stays the same object, so that it is compiled only once. */
function together(schemas: readonly JsonSchema[]): JsonSchema {
  const [first, ...others] = schemas;
  return first && others.length === 0 ? first : { allOf: schemas };
}

/** The schemas with all that they combine. References to the forms of secrets and settings stay references. */
function spread(schemas: readonly JsonSchema[]): JsonSchema[] {
  const all = new Set<JsonSchema>();
  const visit = (schema: JsonSchema): void => {
    if (all.has(schema)) return;
    all.add(schema);
    const parts = ['anyOf', 'oneOf', 'allOf', 'then', 'else'].flatMap((keyword) => (schema[keyword] ?? []) as JsonSchema[]);
    parts.forEach(visit);
    if (schema['$ref'] !== secretRef && schema['$ref'] !== settingRef) visit(follow(schema));
  };
  schemas.forEach(visit);
  return [...all];
}

function schemaOf({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema[] {
  const named = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (named) return [named];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

function typesOf(schemas: readonly JsonSchema[]): ReadonlySet<string> {
  return new Set(
    spread(schemas).flatMap(({ type }) => (Array.isArray(type) ? (type as string[]) : typeof type === 'string' ? [type] : [])),
  );
}

/** An environment variable is a text; where only a number or a yes or no is allowed it is read as such. */
function readText(text: string, types: ReadonlySet<string>): string | number | boolean {
  const trimmed = text.trim();
  if (types.has('string')) return trimmed;
  if ((types.has('integer') || types.has('number')) && /^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (types.has('boolean') && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  return trimmed;
}
