import { Ajv, type ValidateFunction } from 'ajv';
import { isEmailAddress } from '../contract/email-address.ts';
import type { JsonSchema } from '../contract/schema.ts';
import { whyNoWebAddress } from './web-address.ts';
import { definitions } from './definitions.ts';
import { explain, type Explanation } from './explain.ts';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  strict: false,
  logger: false,
  formats: { uri: (text: string) => whyNoWebAddress(text) === undefined, email: isEmailAddress, date: isDate },
});

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** `2027-06-30`: a day that exists. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** What is wrong with a value, in words that never repeat a `hidden` one. Fills in defaults on the way. */
export function check(value: unknown, schema: JsonSchema, hidden = false): Explanation[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  const attempt = (branch: JsonSchema, candidate: unknown) => {
    const validateBranch = validatorOf(branch, schema['definitions']);
    return validateBranch(candidate) ? [] : (validateBranch.errors ?? []);
  };
  return explain(validate.errors ?? [], value, attempt, hidden);
}

/** `shared`: definitions of the schema that it is a branch of. */
function validatorOf(schema: JsonSchema, shared: unknown = schema['definitions']): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const fresh = ajv.compile({ ...schema, definitions: { ...definitions, ...(shared as object | undefined) } });
  compiled.set(schema, fresh);
  return fresh;
}
