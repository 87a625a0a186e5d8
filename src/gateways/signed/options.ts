import type { JsonSchema } from '../../contract/schema.ts';
import { eventsSchema, fieldsSchema, modeSchema, placeSchema } from './option-parts.ts';
import type { PresetName } from './presets/index.ts';
import type { Fields, Meaning, Mode, Place, ReplyRule, Scheme, TimeUnit } from './profile.ts';

/** What handover.json says of a sender, secrets resolved. */
export interface SignedOptions {
  readonly preset?: PresetName;
  readonly secrets: readonly string[];
  readonly toleranceSeconds?: number;
  readonly mode?: Mode;
  readonly taxes?: 'included' | 'added';
  readonly signature?: Scheme;
  readonly batch?: string;
  readonly id?: readonly string[];
  readonly type?: Place;
  readonly amounts?: 'minor' | 'decimal';
  readonly times?: TimeUnit;
  readonly fields?: Fields;
  readonly events?: Readonly<Record<string, Meaning>>;
  readonly reply?: ReplyRule;
  readonly basicAuth?: readonly string[];
}

const presetNames: readonly PresetName[] = [
  'standard-webhooks',
  'hmac',
  'adyen',
  'fastspring',
  'lemon-squeezy',
  'paddle',
  'polar',
  'razorpay',
  'shopify',
  'square',
  'woocommerce',
];

const units: readonly TimeUnit[] = ['iso', 'seconds', 'milliseconds'];
const pointer = '^(/[^/\\s]+)+$';

const signature: JsonSchema = {
  type: 'object',
  description: 'How requests are signed, laid over the preset. Nothing of it is taken from the request.',
  properties: {
    header: {
      type: 'string',
      pattern: '^[A-Za-z0-9-]+$',
      description: 'The header with the signature.',
      examples: ['X-Signature'],
    },
    field: {
      type: 'string',
      pattern: pointer,
      description: 'Instead of a header: where in each event its own signature stands, as a JSON pointer.',
      examples: ['/signature'],
    },
    prefix: { type: 'string', description: 'What stands before the signature itself.', examples: ['sha256='] },
    grammar: {
      type: 'string',
      enum: ['bare', 'list', 'pairs'],
      description:
        'bare: the header is one signature. list: several, separated by spaces. pairs: name=value, separated by `separator`.',
    },
    pair: { type: 'string', description: 'With pairs: the name of the signatures.', examples: ['h1'] },
    separator: { type: 'string', enum: [',', ';'], description: 'With pairs: what separates them.' },
    algorithm: { type: 'string', enum: ['sha256', 'sha512', 'sha1'], description: 'The digest of the HMAC.' },
    digest: { type: 'string', enum: ['hex', 'base64', 'base64url'], description: 'How the signature is written.' },
    key: {
      type: 'string',
      enum: ['text', 'hex', 'base64', 'whsec'],
      description: 'What a secret is: the key itself as text, or the key in hexadecimal, base64, or base64 behind "whsec_".',
    },
    signed: {
      type: 'string',
      pattern: '\\{(body\\}|/)',
      description:
        'What is signed: a text with {body} and, as far as they are part of it, {id}, {timestamp} and {url}; with `field` a text with JSON pointers into the event, such as {/order/id}.',
      examples: ['{timestamp}.{body}'],
    },
    url: {
      type: 'string',
      setting: true,
      minLength: 1,
      description: 'What {url} stands for: this address letter by letter as it is registered at the sender.',
      examples: ['https://shop.example.com/shop/callbacks/back-office'],
    },
    idHeader: {
      type: 'string',
      description: 'The header that {id} stands for. Being signed, it names the delivery.',
      examples: ['X-Request-Id'],
    },
    timestamp: {
      type: 'object',
      description: 'Where the time of signing stands: in a header, in a pair of the same header, or in the body.',
      properties: {
        header: { type: 'string', description: 'A header of its own.', examples: ['X-Timestamp'] },
        pair: { type: 'string', description: "A pair of the signature's header.", examples: ['ts'] },
        field: { type: 'string', pattern: pointer, description: 'A JSON pointer into the body.', examples: ['/created'] },
        unit: { type: 'string', enum: units, default: 'seconds', description: 'How it is written.' },
      },
    },
  },
  examples: [{ header: 'X-Signature', algorithm: 'sha256', digest: 'hex', signed: '{body}' }],
};

export const signedOptions: JsonSchema = {
  type: 'object',
  required: ['secrets'],
  additionalProperties: false,
  properties: {
    preset: {
      type: 'string',
      enum: presetNames,
      default: 'standard-webhooks',
      description:
        'Whose callbacks these are. What a preset knows can be changed by the options below; "hmac" knows no fields and no events.',
      examples: ['lemon-squeezy'],
    },
    secrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 6 },
      description: 'Secrets of the endpoint that calls this address. While one is being changed, list the old and the new.',
      examples: [[{ env: 'SHOP_WEBHOOK_SECRET' }]],
    },
    basicAuth: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 9, pattern: '^[^:]+:.+$' },
      description:
        "User and password (`user:password`) that the sender gives by HTTP's basic authentication, beside the signature. While one is being changed, list the old and the new.",
      examples: [[{ env: 'ADYEN_WEBHOOK_LOGIN' }]],
    },
    toleranceSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      default: 300,
      description: 'How far a signed time stamp may be from our clock, before or after. Without effect where none is signed.',
      examples: [300],
    },
    mode: modeSchema,
    taxes: {
      type: 'string',
      enum: ['included', 'added'],
      default: 'included',
      description:
        'Whether the prices of the product files contain the tax, or the sender adds it. Should say the same as `taxes` of the site.',
    },
    signature,
    batch: {
      type: 'string',
      pattern: pointer,
      description: 'Where the list of events stands, when one callback has several.',
      examples: ['/events'],
    },
    id: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: pointer },
      description: 'What, taken together, names a delivery. Default: the signed id, else the body as a whole.',
      examples: [['/id']],
    },
    type: {
      ...placeSchema,
      description: 'Where the type of an event stands. Without it every event is of the type "*".',
      examples: ['/type'],
    },
    amounts: {
      type: 'string',
      enum: ['minor', 'decimal'],
      description: 'minor: whole numbers of the smallest unit (1990). decimal: 19.90, as text or as number.',
    },
    times: { type: 'string', enum: units, description: 'How times in the body are written.' },
    fields: { ...fieldsSchema, description: 'Where things stand in an event: JSON pointers. Laid over the preset one by one.' },
    events: eventsSchema,
    reply: {
      type: 'object',
      description: 'What the sender wants to hear when a callback was taken.',
      properties: {
        status: { type: 'integer', minimum: 200, maximum: 299, description: 'The status.', examples: [202] },
        body: { type: 'string', maxLength: 200, description: 'The text.', examples: ['[accepted]'] },
      },
      examples: [{ status: 202 }],
    },
  },
};
