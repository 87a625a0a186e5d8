import type { JsonSchema } from '../contract/schema.ts';

export const secretRef = '#/definitions/secret';
export const settingRef = '#/definitions/setting';

const mapsOfSchemas = ['properties', 'patternProperties', 'definitions'];
const schemas = [
  'items',
  'additionalProperties',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'allOf',
  'anyOf',
  'oneOf',
];
const notes = ['title', 'description', 'default', 'examples'];
const open = ['allOf', 'anyOf', 'oneOf', 'if', '$ref', 'patternProperties', 'additionalProperties'];

/** The schema with `change` made to each schema directly inside it; data such as `default` and `enum` is left alone. */
export function mapInside(schema: JsonSchema, change: (inside: JsonSchema) => JsonSchema): JsonSchema {
  const changed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(changed);
    return typeof value === 'object' && value !== null ? change(value as JsonSchema) : value;
  };
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (schemas.includes(keyword)) return [keyword, changed(value)];
    if (!mapsOfSchemas.includes(keyword)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value as object).map(([name, inside]) => [name, changed(inside)]))];
  });
  return Object.fromEntries(entries);
}

/** `secret` and `setting` become references to the forms a file may use, and an object with named properties takes no others. */
export function replaceMarks(schema: JsonSchema): JsonSchema {
  const { secret, setting, ...rest } = schema;
  if (secret === true) return { ...asSecret(rest), ...only(rest, true) };
  const plain = mapInside(rest, replaceMarks);
  if (setting === true) return { anyOf: [only(plain, false), { $ref: settingRef }], ...only(plain, true) };
  return plain['properties'] !== undefined && !open.some((keyword) => keyword in plain)
    ? { ...plain, additionalProperties: false }
    : plain;
}

/** A text with a placeholder may stand where the filled-in text must have a certain form. */
export function loosenTexts(schema: JsonSchema): JsonSchema {
  const loose = mapInside(schema, loosenTexts);
  const entries = Object.entries(loose);
  const formed = entries.filter(([keyword, value]) => isFormOfText(keyword, value));
  if (formed.length === 0) return loose;
  const others = Object.fromEntries(entries.filter((entry) => !formed.includes(entry)));
  const choice = { anyOf: [Object.fromEntries(formed), { type: 'string', pattern: '\\{\\{' }] };
  const { allOf, ...rest } = others;
  return 'anyOf' in rest || allOf !== undefined
    ? { ...rest, allOf: [...((allOf ?? []) as unknown[]), choice] }
    : { ...rest, ...choice };
}

function isFormOfText(keyword: string, value: unknown): boolean {
  if (keyword === 'enum') return Array.isArray(value) && value.some((one) => typeof one === 'string');
  if (keyword === 'const') return typeof value === 'string';
  return ['pattern', 'format', 'minLength', 'maxLength'].includes(keyword);
}

function asSecret({ type }: JsonSchema): JsonSchema {
  const one = { $ref: secretRef };
  if (!Array.isArray(type) || !type.includes('array')) return one;
  return { anyOf: [one, { type: 'array', minItems: 1, items: one }] };
}

/** Whether a rewritten schema asks for a secret, for a list of them, or for either. */
export function isSecret(schema: JsonSchema): boolean {
  const alternatives = (schema['anyOf'] ?? []) as JsonSchema[];
  return [schema, schema.items, ...alternatives].some((one) => one?.['$ref'] === secretRef);
}

/** Of a schema's keywords only those that explain it, or only those that do not. */
function only(schema: JsonSchema, explaining: boolean): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => notes.includes(keyword) === explaining));
}
