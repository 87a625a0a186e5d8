import type { JsonSchema, Person } from 'handover/contract';

export const personFields = [
  'email',
  'name',
  'firstName',
  'lastName',
  'phone',
  'country',
] as const satisfies readonly (keyof Person)[];
export type PersonField = (typeof personFields)[number];

/** An account in handover.json: one address that is told. */
export interface WebhookOptions {
  readonly url: string;
  /** The first signs too while receivers change over to the second. */
  readonly secret: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What is told of buyer and learner. @default nothing */
  readonly person?: readonly PersonField[];
  /** Names of the order's metadata that are told. @default none */
  readonly metadata?: readonly string[];
  readonly allowPrivate?: readonly string[];
  /** @default 15 */
  readonly timeoutSeconds?: number;
}

/** Which of a person's data is told; the same in an account and in `with`. */
export const personSchema: JsonSchema = {
  type: 'array',
  items: { type: 'string', enum: personFields },
  description: 'What is told of buyer and learner. Nothing, unless asked for.',
  examples: [['email', 'name']],
};

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['url', 'secret'],
  properties: {
    url: {
      type: 'string',
      setting: true,
      description: 'Address that messages are posted to: https, or http to a host that `allowPrivate` lists.',
      examples: ['https://crm.example.com/hooks/orders'],
    },
    secret: {
      type: ['string', 'array'],
      secret: true,
      description:
        'Signs messages: "whsec_" and 24 to 64 random bytes in base64. With several, each signs, so that one can be changed.',
      examples: [[{ env: 'CRM_WEBHOOK_SECRET' }]],
    },
    headers: {
      type: 'object',
      propertyNames: { pattern: '^(?!webhook-)[A-Za-z0-9-]{1,64}$', description: 'Letters, digits and "-"; not "webhook-…".' },
      additionalProperties: { type: 'string', pattern: '^[\\x20-\\x7e]*$' },
      description: 'Further headers, for example for a firewall in front of the receiver. No secrets.',
      examples: [{ 'X-Shop': 'main' }],
    },
    person: { ...personSchema, default: [] },
    metadata: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description: "Which of the order's metadata is told, by name.",
      examples: [['campaign']],
    },
    allowPrivate: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Za-z0-9.:-]+$' },
      description:
        'Hosts inside your own network that may be called. All others there are refused, whatever their names resolve to.',
      examples: [['stock.internal']],
    },
    timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60, default: 15, description: 'How long the receiver may take.' },
  },
};
