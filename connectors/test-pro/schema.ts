import type { JsonSchema } from 'handover/contract';
import type { SourceKind } from './options.ts';
import { alphabetPattern, defaultAlphabet } from './pattern-key.ts';
import { templateNames, templatePattern } from './template.ts';

const addressPattern = '^(https://|http://(localhost|127\\.[0-9.]+|\\[::1\\])(:[0-9]+)?(/|$))';
const names = templateNames.map((name) => `{{${name}}}`).join(' ');
const fields = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: { type: 'string', pattern: templatePattern },
  description: `${description} Values may hold ${names}`,
});

/** Every option once; which of them belong to which kind is said below. */
const properties = {
  kind: {
    type: 'string',
    enum: ['pool', 'pattern', 'signed', 'http', 'function'],
    description:
      "Where keys come from: an imported list, our own random pattern, our own signature, an address of yours, or a function in your site's code.",
  },
  pool: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    description: 'Name of the key pool. Default: the name of the source.',
    examples: ['safety-keys'],
  },
  lowStock: { type: 'integer', minimum: 0, default: 10, description: 'The owner is told when fewer keys are left.' },
  secret: {
    type: 'string',
    secret: true,
    minLength: 16,
    description:
      'Pattern keys are computed from it, so that a repeated attempt gives the same key. Never change it needlessly; 32 random bytes are right.',
  },
  groups: {
    type: 'integer',
    minimum: 3,
    maximum: 10,
    default: 5,
    description:
      'Groups of characters in a pattern key. With groupLength it must give 21 characters or more, which is 100 random bits.',
  },
  groupLength: {
    type: 'integer',
    minimum: 5,
    maximum: 10,
    default: 5,
    description: 'Characters in a group. 3 groups need 7 of them, 4 groups need 6.',
  },
  alphabet: {
    type: 'string',
    pattern: alphabetPattern,
    default: defaultAlphabet,
    description: 'Characters of a pattern key: an even number, 32 or more, none twice, at most one of 0 O o and one of 1 I l L.',
  },
  privateKey: {
    type: 'string',
    secret: true,
    minLength: 1,
    description: 'Ed25519 private key that signs the keys: PEM, or base64 of PKCS 8. makeKeyPair() makes one.',
  },
  product: { type: 'string', minLength: 1, maxLength: 100, description: 'Product code inside a signed key. Default: the SKU.' },
  url: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    description: 'Address that answers with a key. https, or http to this machine.',
    examples: ['https://keys.example.com/issue'],
  },
  method: { type: 'string', enum: ['GET', 'POST'], default: 'POST', description: 'How the address is called.' },
  query: fields('Query fields sent to the address.'),
  body: fields('Body fields of a POST. Default: order, sku, seats, step and unit; no personal data.'),
  bodyEncoding: {
    type: 'string',
    enum: ['json', 'form'],
    default: 'json',
    description: 'How body fields are sent. In JSON a field that is nothing but one number stays a number.',
  },
  headers: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Headers sent with every call. Those with credentials belong into secretHeaders.',
  },
  secretHeaders: {
    type: 'object',
    additionalProperties: { type: 'string', secret: true },
    description: 'Headers whose values are secrets.',
    examples: [{ Authorization: { env: 'KEY_SOURCE_TOKEN' } }],
  },
  idempotencyHeader: {
    type: 'string',
    pattern: '^[A-Za-z0-9-]{1,64}$',
    default: 'Idempotency-Key',
    description: 'Header that names the request, the same on every attempt.',
  },
  deduplicates: {
    type: 'boolean',
    default: false,
    description:
      'Whether a repeated request gives the same key. When not, a lost answer is parked for a person as a possible orphan key instead of being repeated.',
  },
  answer: {
    type: 'object',
    additionalProperties: false,
    maxProperties: 1,
    description: 'Where the key is in the answer. Left out: the whole text is the key.',
    properties: {
      jsonPointer: { type: 'string', pattern: '^(/([^~/]|~[01])*)+$', description: 'Path in JSON.', examples: ['/data/key'] },
      xmlElement: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_.:-]*$',
        description: 'Name of the XML element.',
        examples: ['key'],
      },
      regex: {
        type: 'string',
        minLength: 1,
        description: 'Regular expression; its first group is the key.',
        examples: ['Key: (\\S+)'],
      },
    },
  },
  timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60, default: 10, description: 'How long an address may take.' },
  revokeUrl: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    description: 'Address told by POST when a key was refunded. 404 and 410 count as done.',
  },
  revokeBody: fields('Fields sent to revokeUrl; also {{key}}. Default: key, serial, order and sku.'),
} satisfies Record<string, JsonSchema>;

const shared = ['kind', 'revokeUrl', 'revokeBody', 'headers', 'secretHeaders', 'bodyEncoding', 'timeoutSeconds'] as const;
const allowed: Record<SourceKind, readonly (keyof typeof properties)[]> = {
  pool: ['pool', 'lowStock'],
  pattern: ['secret', 'groups', 'groupLength', 'alphabet'],
  signed: ['privateKey', 'product'],
  http: ['url', 'method', 'query', 'body', 'answer', 'idempotencyHeader', 'deduplicates'],
  function: ['deduplicates'],
};
const required: Partial<Record<SourceKind, readonly string[]>> = { pattern: ['secret'], signed: ['privateKey'], http: ['url'] };

const rules: JsonSchema[] = Object.entries(allowed).map(([kind, own]) => ({
  if: { properties: { kind: { const: kind } }, required: ['kind'] },
  then: { propertyNames: { enum: [...shared, ...own] }, required: required[kind as SourceKind] ?? [] },
}));

/** Fewer than five groups of the default length would be less than 100 bits. */
const strength: JsonSchema[] = [
  { groups: 3, groupLength: 7 },
  { groups: 4, groupLength: 6 },
].map(({ groups, groupLength }) => ({
  if: { properties: { groups: { const: groups } }, required: ['groups'] },
  then: { properties: { groupLength: { minimum: groupLength } }, required: ['groupLength'] },
}));

/** Options of a test-pro account in handover.json. */
export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['sources'],
  properties: {
    sources: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' },
      description: 'Key sources by name; a product names one in "with.source".',
      examples: [{ safety: { kind: 'pool', lowStock: 20 } }],
      additionalProperties: { type: 'object', required: ['kind'], properties, allOf: [...rules, ...strength] },
    },
  },
};
