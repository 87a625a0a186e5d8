import type { JsonSchema } from 'handover/contract';
import type { SourceKind } from './options.ts';
import { alphabetPattern, defaultAlphabet } from './pattern-key.ts';
import { revokeTemplatePattern, templateNames, templatePattern } from './template.ts';

type Properties = Readonly<Record<string, JsonSchema>>;

const addressPattern = '^(https://|http://(localhost|127\\.[0-9.]+|\\[::1\\])(:[0-9]+)?(/|$))';
const names = templateNames.map((name) => `{{${name}}}`).join(' ');
const fields = (description: string, pattern = templatePattern): JsonSchema => ({
  type: 'object',
  additionalProperties: { type: 'string', pattern, description: `A text that may hold ${names}` },
  description,
});
const deduplicates: JsonSchema = {
  type: 'boolean',
  default: false,
  description:
    'Whether a repeated request gives the same key. When not, a lost answer is parked for a person as a possible orphan key instead of being repeated.',
};

const pool: Properties = {
  pool: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    description: 'Name of the key pool. Default: the name of the source.',
    examples: ['safety-keys'],
  },
  lowStock: { type: 'integer', minimum: 0, default: 10, description: 'The owner is told when fewer keys are left.' },
};

const pattern: Properties = {
  secret: {
    type: 'string',
    secret: true,
    description: 'Keys are computed from it, so that a repeated attempt gives the same key. 32 random bytes are right.',
    examples: [{ env: 'KEY_PATTERN_SECRET' }],
  },
  groups: {
    type: 'integer',
    minimum: 3,
    maximum: 10,
    default: 5,
    description: 'Groups in a key. All groups together need 21 characters or more, which is 100 random bits.',
  },
  groupLength: {
    type: 'integer',
    minimum: 5,
    maximum: 10,
    default: 5,
    description: 'Characters in a group: 3 groups need 7 or more, 4 groups 6 or more.',
  },
  alphabet: {
    type: 'string',
    pattern: alphabetPattern,
    default: defaultAlphabet,
    description: 'An even number of letters and digits, 32 or more, none twice, at most one of 0 O o and one of 1 I l L.',
  },
};

const signed: Properties = {
  privateKey: {
    type: 'string',
    secret: true,
    description: 'Ed25519 private key that signs the keys: PEM, or base64 of PKCS 8. makeKeyPair() makes one.',
    examples: [{ env: 'KEY_PRIVATE_KEY' }],
  },
  product: { type: 'string', minLength: 1, maxLength: 100, description: 'Product code inside the key. Default: the SKU.' },
};

const http: Properties = {
  url: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    description: 'Address that answers with a key: https, or http to this machine itself.',
    examples: ['https://keys.example.com/issue'],
  },
  method: { type: 'string', enum: ['GET', 'POST'], default: 'POST', description: 'How the address is called.' },
  query: fields('Fields sent in the query.'),
  body: fields('Fields sent in the body of a POST. Default: order, sku, seats, step and unit; no personal data.'),
  answer: {
    type: 'object',
    additionalProperties: false,
    maxProperties: 1,
    description: 'Where the key is in the answer. Left out: the whole text is the key.',
    properties: {
      jsonPointer: { type: 'string', pattern: '^(/([^~/]|~[01])*)+$', description: 'Path in JSON.', examples: ['/data/key'] },
      xmlElement: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.:-]*$', description: 'An XML element.', examples: ['key'] },
      regex: {
        type: 'string',
        minLength: 1,
        description: 'Regular expression; its first group is the key.',
        examples: ['Key: (\\S+)'],
      },
    },
  },
  idempotencyHeader: {
    type: 'string',
    pattern: '^[A-Za-z0-9-]{1,64}$',
    default: 'Idempotency-Key',
    description: 'Header that names the request, the same on every attempt.',
  },
  deduplicates,
};

const fastspring: Properties = {
  url: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    description: 'Address of the program that was written for FastSpring: https, or http to this machine itself.',
    examples: ['https://keys.example.com/fastspring'],
  },
  privateKey: {
    type: 'string',
    secret: true,
    description: 'The private key of the fulfilment, as the program knows it. It makes the security_request_hash.',
    examples: [{ env: 'FASTSPRING_FULFILMENT_KEY' }],
  },
  parameters: fields(
    'Parameters sent, as they were chosen at FastSpring. Default: name, email, quantity, internalProductName, reference and test.',
  ),
  answer: http['answer'] as JsonSchema,
  deduplicates,
};

const keygen: Properties = {
  account: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,100}$',
    description: 'Id or slug of the account at Keygen.',
    examples: ['my-company'],
  },
  policy: {
    type: 'string',
    pattern: '^[A-Za-z0-9-]{1,100}$',
    description: 'Id of the policy of the licences. One without a cryptographic scheme, since the key is ours.',
    examples: ['6ae3c5b0-6d6c-4d2e-9c3d-000000000000'],
  },
  token: {
    type: 'string',
    secret: true,
    description:
      'Token of the product that may create, read and revoke licences. Keys are computed from it, so that a repeated attempt gives the same key.',
    examples: [{ env: 'KEYGEN_TOKEN' }],
  },
  baseUrl: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    default: 'https://api.keygen.sh',
    description: "Address of the API, where it is not Keygen's own.",
    examples: ['https://keygen.example.com'],
  },
};

/** A call to tell of refunded keys is possible with every kind. */
const shared: Properties = {
  revokeUrl: {
    type: 'string',
    setting: true,
    pattern: addressPattern,
    description: 'Address told by POST when a key is taken back. 404 and 410 count as done.',
    examples: ['https://keys.example.com/revoke'],
  },
  revokeBody: fields('Fields sent to revokeUrl; also {{key}}. Default: key, serial, order and sku.', revokeTemplatePattern),
  bodyEncoding: {
    type: 'string',
    enum: ['json', 'form'],
    default: 'json',
    description: 'How body fields are sent. In JSON a field that is nothing but one number stays a number.',
  },
  headers: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Headers of every call. Those with credentials belong into secretHeaders.',
  },
  secretHeaders: {
    type: 'object',
    additionalProperties: { type: 'string', secret: true },
    description: 'Headers of every call whose values are secrets.',
    examples: [{ Authorization: { env: 'KEY_SOURCE_TOKEN' } }],
  },
  timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60, default: 10, description: 'How long an address may take.' },
};

const strengthRule = 'Keys hold 100 random bits: 3 groups need 7 characters or more each, 4 groups 6 or more.';

/** Fewer than five groups of five would be less than 100 bits. */
const strength = [
  { groups: 3, groupLength: 7 },
  { groups: 4, groupLength: 6 },
].map(({ groups, groupLength }) => ({
  if: { properties: { groups: { const: groups } }, required: ['groups'], additionalProperties: true },
  then: {
    properties: { groupLength: { minimum: groupLength, description: strengthRule } },
    required: ['groupLength'],
    additionalProperties: true,
  },
}));

const kinds: Record<SourceKind, JsonSchema> = {
  pool: { properties: pool },
  pattern: { properties: pattern, required: ['secret'], allOf: strength },
  signed: { properties: signed, required: ['privateKey'] },
  http: { properties: http, required: ['url'] },
  function: { properties: { deduplicates } },
  fastspring: { properties: fastspring, required: ['url', 'privateKey'] },
  keygen: { properties: keygen, required: ['account', 'policy', 'token'] },
};

/** Options of a test-pro account in handover.json. */
export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['sources'],
  properties: {
    sources: {
      type: 'object',
      minProperties: 1,
      propertyNames: {
        pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$',
        description: 'A name begins with a letter and has letters, digits, "_" and "-" only.',
      },
      description: 'Key sources by name; a product names one in "with.source".',
      examples: [{ safety: { kind: 'pool', lowStock: 20 } }],
      additionalProperties: {
        type: 'object',
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: Object.keys(kinds),
            description:
              "Where keys come from: an imported list, our own pattern, our own signature, an address of yours, a function in your site's code, a program written for FastSpring, or Keygen.",
            examples: ['pool'],
          },
        },
        allOf: Object.entries(kinds).map(([kind, { properties, ...rest }]) => ({
          if: { properties: { kind: { const: kind } }, required: ['kind'], additionalProperties: true },
          then: { ...rest, properties: { kind: {}, ...properties, ...shared }, additionalProperties: false },
        })),
      },
    },
  },
};
