import type { JsonSchema } from 'handover/contract';

const request = { $ref: '#/definitions/connector-http-request' };
const requests = (description: string): JsonSchema => ({
  anyOf: [request, { type: 'array', minItems: 1, maxItems: 20, items: request }],
  description,
});

const outputs: JsonSchema = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$', description: 'A name has letters and digits only.' },
  description: 'What texts may use, by name: a placeholder, or an object with `value`, `description`, `secret`, `link`.',
  examples: [{ courseUrl: '{{kept.url}}', loginUrl: { link: true, description: 'Signs in and opens the course.' } }],
  additionalProperties: {
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          value: { type: 'string', minLength: 1 },
          description: { type: 'string' },
          secret: { type: 'boolean' },
          link: { type: 'boolean' },
        },
      },
    ],
  },
};

const inputs: JsonSchema = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$', description: 'A name has letters and digits only.' },
  description:
    'What products say in `with`: a description, or an object. Left out: each `{{with.<name>}}` is a text that must be given.',
  examples: [{ course: "The course's id.", days: { type: 'integer', description: 'Days of access.', required: false } }],
  additionalProperties: {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          description: { type: 'string' },
          type: { type: 'string', enum: ['string', 'integer', 'number', 'boolean'] },
          required: { type: 'boolean' },
          default: { type: ['string', 'number', 'boolean'] },
          enum: { type: 'array', minItems: 1, items: { type: ['string', 'number'] } },
        },
      },
    ],
  },
};

/** One action of an account. */
export const actionSchema: JsonSchema = {
  type: 'object',
  required: ['grant'],
  additionalProperties: false,
  properties: {
    summary: { type: 'string', minLength: 1, description: 'What it does, for `check` and the back office.', examples: ['Enrol'] },
    input: inputs,
    units: {
      type: 'string',
      enum: ['perUnit', 'perLine'],
      description: 'Whether a quantity of 3 means three times or once. Default: perUnit.',
    },
    resource: {
      type: 'string',
      minLength: 1,
      description: 'Names what is given, apart from who gets it. Two purchases of it are then known as one at a refund.',
      examples: ['{{with.course}}'],
    },
    repeats: {
      type: 'string',
      enum: ['blind', 'set', 'keyed', 'check'],
      description:
        'Why sending it twice does no harm. set: a repeat changes nothing. keyed: the other side drops repeats of a key it is sent. check: `find` looks first. blind (default): none of these, so after a lost answer a person looks.',
    },
    output: outputs,
    grant: requests('What is sent when it is paid: one request or several in order.'),
    find: requests('Looks whether it is there already, and keeps what `grant` would.'),
    revoke: requests('Takes it back. Left out: a person is asked.'),
    suspend: requests('Closes access for a while, at a dispute.'),
    resume: requests('Opens it again.'),
    renew: requests('Extends it to `{{until}}`.'),
    link: {
      type: 'object',
      required: ['url'],
      additionalProperties: false,
      description: 'Makes a sign-in address at the click, for outputs with `link`.',
      examples: [{ requests: { path: 'users/{{kept.userId}}/login', keep: { url: '/url' } }, url: '{{kept.url}}' }],
      properties: {
        requests: requests('What is asked for it.'),
        url: { type: 'string', minLength: 1, description: 'Where the click leads.' },
      },
    },
  },
};
