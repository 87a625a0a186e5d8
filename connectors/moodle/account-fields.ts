import { randomBytes } from 'node:crypto';
import type { JsonSchema } from 'handover/contract';
import type { Settings } from './options.ts';
import type { Parameter } from './parameters.ts';

/** Further fields of an account that has to be made. */
export interface ExtraFields {
  readonly idnumber?: string;
  readonly lang?: string;
  readonly city?: string;
  readonly country?: string;
  /** Profile fields of the site, by their short names. */
  readonly customfields?: Readonly<Record<string, string>>;
}

/** What an action's input may say about the account. Existing accounts are left as they are. */
export interface AccountInput {
  readonly account?: ExtraFields;
}

/** Only what both ends of the releases we know take: a field that a site does not know fails the whole call. */
export function extraFields({ customfields = {}, ...fields }: ExtraFields): Record<string, Parameter | undefined> {
  const filled = Object.entries(fields).map(([name, value]) => [name, value.trim()] as const);
  const custom = Object.entries(customfields).map(([type, value]) => ({ type, value: value.trim() }));
  const kept = custom.filter(({ value }) => value !== '');
  return {
    ...Object.fromEntries(filled.filter(([, value]) => value !== '')),
    ...(kept.length > 0 && { customfields: kept }),
  };
}

/** A random password meets the policy that Moodle has by default: a digit, a small and a capital letter, another sign. */
export function passwordFields({ password }: Pick<Settings, 'password'>): Record<string, Parameter> {
  if (password === 'mailed') return { createpassword: true };
  return password === 'random' ? { password: `aA1-${randomBytes(24).toString('base64url')}` } : {};
}

/** The part of every action's input that is about the account. */
export const accountInput: Readonly<Record<string, JsonSchema>> = {
  account: {
    type: 'object',
    description: 'Further fields of an account that has to be made. Existing accounts are left as they are.',
    additionalProperties: false,
    properties: {
      idnumber: {
        type: 'string',
        maxLength: 255,
        description: 'The "ID number" of the profile. Moodle does not keep it unique.',
      },
      lang: { type: 'string', description: 'Code of an installed language. A wrong one fails the creation.' },
      city: { type: 'string', maxLength: 120 },
      country: { type: 'string', description: 'Two capital letters.' },
      customfields: {
        type: 'object',
        description: "The site's own profile fields, by short name.",
        additionalProperties: { type: 'string' },
      },
    },
    examples: [{ idnumber: '{{metadata.customer}}', customfields: { order: '{{order.number}}' } }],
  },
};
