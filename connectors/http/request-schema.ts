import type { JsonSchema } from 'handover/contract';

const plain = { type: ['string', 'number', 'boolean'] };
const status: JsonSchema = { type: 'array', minItems: 1, items: { type: 'integer', minimum: 100, maximum: 599 } };
const texts: JsonSchema = { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } };
const pointer = '^(/([^~/]|~[01])*)*$';
const pointerNames = { pattern: pointer, description: 'This is not a JSON pointer. It begins with "/": "/data/0/id".' };

const sign = { $ref: '#/definitions/connector-http-sign' };

/** What an answer looks like. */
const signSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    status: { ...status, description: 'One of these.', examples: [[200, 201]] },
    json: {
      type: 'object',
      description: 'JSON pointers, and what stands there: a value, one of a list, or { "exists": true } or { "empty": false }.',
      examples: [{ '/status': 'ok' }],
      propertyNames: pointerNames,
      additionalProperties: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null'] },
          { type: 'array', minItems: 1, items: plain },
          {
            type: 'object',
            additionalProperties: false,
            minProperties: 1,
            properties: { exists: { type: 'boolean' }, empty: { type: 'boolean' } },
          },
        ],
      },
    },
    contains: { ...texts, description: 'Texts that stand in the answer.', examples: [['has been enrolled']] },
    lacks: { ...texts, description: 'Texts that do not.', examples: [['Error']] },
    location: {
      type: 'string',
      minLength: 1,
      description: 'A regular expression that the address of a redirect fits.',
      examples: ['/done$'],
    },
  },
};

const signs = (description: string): JsonSchema => ({
  type: 'array',
  items: { anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, sign] },
  description,
  examples: [[409]],
});

const fields = (description: string, example: object): JsonSchema => ({
  type: 'object',
  additionalProperties: plain,
  description,
  examples: [example],
});

const keep: JsonSchema = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$', description: 'A name has letters and digits only.' },
  description: 'Values of the answer for later requests, as `{{kept.<name>}}`: a JSON pointer, or an object.',
  examples: [{ userId: '/data/0/id' }],
  additionalProperties: {
    anyOf: [
      { type: 'string', pattern: pointer, description: 'A JSON pointer begins with "/": "/data/0/id".' },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          at: {
            type: 'string',
            pattern: pointer,
            description: 'A JSON pointer to the value; with `in`, inside the entry. It begins with "/".',
          },
          in: {
            type: 'string',
            pattern: pointer,
            description: 'A JSON pointer to a list, of which one entry is taken. It begins with "/".',
          },
          where: {
            description: 'JSON pointers inside the entry, and the text that has to stand there, in whatever case.',
            type: 'object',
            propertyNames: pointerNames,
            additionalProperties: { type: 'string', minLength: 1 },
          },
          header: { type: 'string', minLength: 1, description: 'A header of the answer instead of its body.' },
          pattern: { type: 'string', minLength: 1, description: 'A regular expression; its first group is kept.' },
          optional: { type: 'boolean', description: 'Whether it may be missing.' },
        },
      },
    ],
  },
};

/** One request. */
const requestSchema: JsonSchema = {
  type: 'object',
  required: ['path'],
  additionalProperties: false,
  properties: {
    method: {
      type: 'string',
      enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
      description: 'Default: GET; with a body POST.',
    },
    path: { type: 'string', description: 'Below `baseUrl`.', examples: ['courses/{{with.course}}/members'] },
    query: fields('Fields of the query.', { notify: false }),
    headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'Headers of this request.' },
    json: { description: 'A body in JSON. A placeholder alone in a text keeps its type; without a value its field is left out.' },
    form: fields('A body as forms send it.', { email: '{{learner.email}}' }),
    multipart: { type: 'boolean', description: 'Sends the form as multipart/form-data.' },
    text: { type: 'string', description: 'A body of your own wording, for example XML.' },
    contentType: {
      type: 'string',
      pattern: '^[\\x20-\\x7e]+$',
      description: 'What `text` is. Default: text/plain.',
      examples: ['text/xml'],
    },
    expect: {
      ...sign,
      description: 'What success looks like. Default: any status from 200 to 299.',
      examples: [{ status: [201] }],
    },
    alreadyDone: signs('Answers that mean: it was done before.'),
    nothingThere: signs('Answers that mean: there is no such thing. Default with `find`: 404 and 410.'),
    temporary: signs('Answers after which it is tried again.'),
    permanent: signs('Answers after which only a person can help.'),
    keep,
    if: { type: 'string', description: 'Sent only when this value was kept before.', examples: ['userId'] },
    unless: { type: 'string', description: 'Sent only when this value was not kept before.', examples: ['userId'] },
    safe: { type: 'boolean', description: 'Whether sending it again changes nothing. Default: true for GET and HEAD.' },
  },
};

/** Named once and referred to, since they stand at many places. */
export const definitions = { 'connector-http-request': requestSchema, 'connector-http-sign': signSchema };
