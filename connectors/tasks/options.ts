import type { JsonSchema } from 'handover/contract';

/** People who do what no program can. */
export interface TasksOptions {
  /** Who is asked where a product names nobody. Undefined: the site's owner. */
  readonly assignee?: string;
  /** Addresses to follow a parcel at, by the carriers' names. */
  readonly carriers?: Readonly<Record<string, string>>;
}

/** `with` of every task. */
export interface TaskInput {
  readonly title: string;
  readonly text?: string;
  readonly assignee?: string;
  readonly dueHours?: number;
  readonly escalateTo?: string;
  readonly escalateAfterHours?: number;
  readonly buyerText?: string;
}

export interface ShipInput extends TaskInput {
  readonly addressFields?: readonly string[];
}

const emailPattern = '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$';

/** What every task takes. */
export const taskProperties: Readonly<Record<string, JsonSchema>> = {
  title: {
    type: 'string',
    minLength: 1,
    maxLength: 200,
    description: 'What is to be done, in a few words.',
    examples: ['Pack the book'],
  },
  text: {
    type: 'string',
    maxLength: 5000,
    description: 'How it is done, for the person who does it.',
    examples: ['From the shelf beside the door. The signed copies are below.'],
  },
  assignee: {
    type: 'string',
    pattern: emailPattern,
    description: "E-mail address of who does it. Default: the account's, then the site's owner.",
    examples: ['pack@example.org'],
  },
  dueHours: {
    type: 'integer',
    minimum: 1,
    maximum: 8760,
    description: 'Hours until it should be done: then the person is reminded.',
    examples: [48],
  },
  escalateTo: {
    type: 'string',
    pattern: emailPattern,
    description: "E-mail address of who is told when it takes too long. Default: the site's owner.",
    examples: ['office@example.org'],
  },
  escalateAfterHours: {
    type: 'integer',
    minimum: 1,
    maximum: 8760,
    description: 'Hours after which "escalateTo" is told that it is still not done. Left out: nobody is.',
    examples: [96],
  },
  buyerText: {
    type: 'string',
    maxLength: 1000,
    description: 'What the buyer reads on the page and in the mail until it is done.',
    examples: ['We pack your book by hand. It leaves within two days.'],
  },
};

/** Options of a tasks account in handover.json. */
export const optionsSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    assignee: {
      type: 'string',
      pattern: emailPattern,
      description: "E-mail address of who is asked where a product names nobody. Default: the site's owner.",
      examples: ['team@example.org'],
    },
    carriers: {
      type: 'object',
      propertyNames: { pattern: '^[\\w .&-]{1,60}$' },
      description: 'Where buyers follow a parcel, by carrier; {{tracking}} stands for the number.',
      additionalProperties: {
        type: 'string',
        pattern: '^https://[^{}\\s]+\\{\\{ ?tracking ?\\}\\}[^{}\\s]*$',
        description: 'The address with {{tracking}} in it.',
        examples: ['https://carrier.example.com/follow?number={{tracking}}'],
      },
      examples: [{ DHL: 'https://carrier.example.com/follow?number={{tracking}}' }],
    },
  },
};
