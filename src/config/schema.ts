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
  formats: { uri: (text: string) => whyNoWebAddress(text) === undefined, email: isEmailAddress },
});

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** What is wrong with a value, in words that never repeat a `hidden` one. Fills in defaults on the way. */
export function check(value: unknown, schema: JsonSchema, hidden = false): Explanation[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  const attempt = (branch: JsonSchema, candidate: unknown) => {
    const validateBranch = validatorOf(branch);
    return validateBranch(candidate) ? [] : (validateBranch.errors ?? []);
  };
  return explain(validate.errors ?? [], value, attempt, hidden);
}

function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const fresh = ajv.compile({ ...schema, definitions: { ...definitions, ...(schema['definitions'] as object | undefined) } });
  compiled.set(schema, fresh);
  return fresh;
}
