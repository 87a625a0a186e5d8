import type { JsonSchema } from 'handover/contract';
import { actionSchema } from './action-schema.ts';
import { authFields } from './auth-settings.ts';
import { definitions } from './request-schema.ts';

const secret = (description: string, example: { readonly env: string }): JsonSchema => ({
  type: 'string',
  secret: true,
  description,
  examples: [example],
});

const headerName: JsonSchema = {
  type: 'string',
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$",
  examples: ['X-Api-Key'],
};

const auth: JsonSchema = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  description: 'How we prove who we are, with every request.',
  examples: [{ kind: 'bearer', token: { env: 'LMS_TOKEN' } }],
  properties: {
    kind: {
      type: 'string',
      enum: Object.keys(authFields),
      description:
        'Nothing, a fixed bearer token, user and password (basic), a header of its own, an OAuth 2 token for client credentials, or a token we sign (jwt).',
      examples: ['bearer'],
    },
    token: secret('bearer: the token.', { env: 'LMS_TOKEN' }),
    user: { type: 'string', minLength: 1, description: 'basic: the user name.', examples: ['shop'] },
    password: secret('basic: the password.', { env: 'LMS_PASSWORD' }),
    name: { ...headerName, description: 'header, jwt: name of the header. Default with jwt: Authorization.' },
    value: secret('header: what stands in it.', { env: 'LMS_API_KEY' }),
    prefix: {
      type: 'string',
      pattern: '^[\\x20-\\x7e]{0,40}$',
      description: 'header, jwt: stands before the value, with its space. Default with Authorization and jwt: "Bearer ".',
      examples: ['Api-Key '],
    },
    tokenUrl: {
      type: 'string',
      setting: true,
      description: 'oauth: address that gives access tokens.',
      examples: ['https://lms.example.com/oauth2/token'],
    },
    clientId: { type: 'string', setting: true, description: 'oauth: our id there.', examples: ['shop'] },
    clientSecret: secret('oauth: our secret there.', { env: 'LMS_CLIENT_SECRET' }),
    scope: { type: 'string', description: 'oauth: the scopes, separated by spaces.', examples: ['enrolments:write'] },
    sendClient: {
      type: 'string',
      enum: ['basic', 'form'],
      description: 'oauth: whether id and secret are sent as user and password, or as fields of the form. Default: basic.',
    },
    fields: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'oauth: further fields of the token request.',
      examples: [{ audience: 'https://lms.example.com/api' }],
    },
    algorithm: { type: 'string', enum: ['HS256', 'RS256'], description: 'jwt: how tokens are signed. Default: HS256.' },
    key: secret('jwt: the secret (HS256), or the private key as PEM (RS256).', { env: 'LMS_SIGNING_KEY' }),
    keyId: { type: 'string', description: 'jwt: `kid` in the header of the token.', examples: ['2026-01'] },
    claims: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'jwt: what the token says; texts may use placeholders. `iat` and `exp` are added.',
      examples: [{ iss: 'shop', email: '{{learner.email}}' }],
    },
    lifeSeconds: { type: 'integer', minimum: 5, maximum: 3600, description: 'jwt: how long a token is good for. Default: 60.' },
  },
};

/** Options of an http account in handover.json. */
export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl'],
  definitions,
  properties: {
    baseUrl: {
      type: 'string',
      setting: true,
      description: 'What all paths stand below: https, or http to a host that `allowPrivate` lists.',
      examples: ['https://lms.example.com/api/v2'],
    },
    auth,
    headers: {
      type: 'object',
      propertyNames: { pattern: headerName['pattern'], description: 'This is not the name of a header.' },
      additionalProperties: { type: 'string' },
      description: 'Headers of every request. Secrets among them as `{{secret.<name>}}`.',
      examples: [{ Accept: 'application/json' }],
    },
    secrets: {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$', description: 'A name has letters and digits only.' },
      additionalProperties: { type: 'string', secret: true },
      description: 'Further secrets, which requests name as `{{secret.<name>}}`.',
      examples: [{ password: { env: 'LMS_PASSWORD' } }],
    },
    cookies: {
      type: 'boolean',
      default: false,
      description: 'Keeps cookies from one request of an action to the next, for systems that one signs in to by a form.',
    },
    charset: {
      type: 'string',
      enum: ['utf-8', 'iso-8859-1', 'windows-1252'],
      default: 'utf-8',
      description: 'How forms and texts are encoded, and answers that do not say.',
    },
    allowPrivate: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Za-z0-9.:-]+$' },
      description:
        'Hosts inside your own network that may be called. All others there are refused, whatever their names resolve to.',
      examples: [['lms.internal']],
    },
    reasonAt: {
      type: 'string',
      pattern: '^(/([^~/]|~[01])*)+$',
      description: 'JSON pointer to the words by which the other side explains a refusal. Staff see them.',
      examples: ['/message'],
    },
    timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60, default: 10, description: 'How long one request may take.' },
    preset: {
      type: 'string',
      enum: ['mailchimp', 'brevo', 'mailerlite'],
      description: 'Ready-made actions for a mailing list. See the README of the connector.',
    },
    actions: {
      type: 'object',
      propertyNames: {
        pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$',
        description: 'A name begins with a letter and has letters and digits only.',
      },
      additionalProperties: actionSchema,
      description: 'What products can have done, by name: a product says "<account>.<name>".',
      examples: [
        { enrol: { repeats: 'set', grant: { method: 'PUT', path: 'courses/{{with.course}}/members/{{learner.email}}' } } },
      ],
    },
  },
};
