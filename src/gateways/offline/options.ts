import type { JsonSchema } from '../../contract/schema.ts';

/** What handover.json says of money that no gateway reports. */
export interface OfflineOptions {
  readonly methods: Readonly<Record<string, OfflineMethod>>;
  /** Sums as in product files, one per currency. */
  readonly confirmAbove?: string | readonly string[];
  readonly statement?: StatementOptions;
}

export interface OfflineMethod {
  readonly label?: string;
  readonly instructions?: string;
  readonly holder?: string;
  readonly iban?: string;
  readonly bic?: string;
  readonly bank?: string;
  readonly dueDays?: number;
  readonly graceDays?: number;
}

/** How the bank writes its CSV files, as far as it cannot be told from the file. */
export interface StatementOptions {
  readonly delimiter?: ',' | ';' | 'tab';
  readonly decimal?: ',' | '.';
  readonly encoding?: 'utf-8' | 'windows-1252' | 'utf-16le';
  readonly currency?: string;
  readonly columns?: Readonly<Record<string, string | readonly string[]>>;
}

export const defaultDueDays = 14;
export const defaultGraceDays = 7;

const price: JsonSchema = { type: 'string', pattern: '^[0-9]{1,12}(\\.[0-9]{1,3})? [A-Z]{3}$', examples: ['1000.00 EUR'] };

function column(description: string, example: string): JsonSchema {
  return {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
    ],
    description: `${description} Several headings are tried in turn; for "text" all of them are read.`,
    examples: [example],
  };
}

const method: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    label: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'What its button says. Default: a name for transfer, cash, invoice and order; else the name itself.',
      examples: ['Bank transfer'],
    },
    instructions: {
      type: 'string',
      maxLength: 2000,
      description: 'What the buyer has to do, in your words. Sum, reference, account and due date are shown below it.',
      examples: ['Please transfer the sum and give the reference, nothing else.'],
    },
    holder: { type: 'string', maxLength: 140, description: 'Whom the account belongs to.', examples: ['Example School Ltd'] },
    iban: {
      type: 'string',
      pattern: '^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,40}$',
      description: 'The account. Its check digits are looked at by: npx handover check --online',
      examples: ['DE02 1203 0000 0000 2020 51'],
    },
    bic: {
      type: 'string',
      pattern: '^[A-Za-z0-9]{8}([A-Za-z0-9]{3})?$',
      description: "The bank's code.",
      examples: ['BYLADEM1001'],
    },
    bank: { type: 'string', maxLength: 140, description: 'The name of the bank.', examples: ['Example Bank'] },
    dueDays: {
      type: 'integer',
      minimum: 1,
      maximum: 365,
      default: defaultDueDays,
      description: 'The buyer pays within so many days and is reminded when they are over.',
      examples: [7],
    },
    graceDays: {
      type: 'integer',
      minimum: 0,
      maximum: 365,
      default: defaultGraceDays,
      description: 'So many days after that the order expires. Money that comes later still counts when staff confirm it.',
      examples: [14],
    },
  },
};

export const offlineOptions: JsonSchema = {
  type: 'object',
  required: ['methods'],
  additionalProperties: false,
  properties: {
    methods: {
      type: 'object',
      minProperties: 1,
      maxProperties: 20,
      propertyNames: { pattern: '^[a-z][A-Za-z0-9-]{0,31}$', not: { enum: ['constructor', 'prototype'] } },
      additionalProperties: method,
      description: 'The ways to pay, each under a name: transfer, cash, invoice, order, or one of your own.',
      examples: [{ transfer: { iban: 'DE02 1203 0000 0000 2020 51', dueDays: 14 } }],
    },
    confirmAbove: {
      anyOf: [price, { type: 'array', minItems: 1, items: price }],
      description:
        'Above this sum a payment counts only once two different people have confirmed it. Several currencies make a list; an order in any other currency needs two people too.',
      examples: ['1000.00 EUR'],
    },
    statement: {
      type: 'object',
      additionalProperties: false,
      description: 'How your bank writes its CSV files. Most German and English ones are understood without it.',
      properties: {
        delimiter: { enum: [',', ';', 'tab'], description: 'What parts the columns.', examples: [';'] },
        decimal: { enum: [',', '.'], description: 'What parts whole and fraction of a sum.', examples: [','] },
        encoding: {
          enum: ['utf-8', 'windows-1252', 'utf-16le'],
          description: 'How letters are written. Default: UTF-8 where the file is that, else windows-1252.',
          examples: ['windows-1252'],
        },
        currency: {
          type: 'string',
          pattern: '^[A-Z]{3}$',
          description: 'The currency of files that name none.',
          examples: ['EUR'],
        },
        columns: {
          type: 'object',
          additionalProperties: false,
          description: 'The headings of the columns.',
          properties: {
            date: column('The day.', 'Buchungstag'),
            amount: column('The sum, with a sign.', 'Betrag'),
            credit: column('The sum of money that came in, where that has a column of its own.', 'Haben'),
            direction: column('The mark that tells money in from money out, such as S and H.', 'Soll/Haben'),
            currency: column('The currency.', 'Währung'),
            name: column('Who paid.', 'Auftraggeber'),
            text: column('What the payer wrote.', 'Verwendungszweck'),
            id: column("The bank's own name of the payment.", 'Transaction ID'),
          },
          examples: [{ amount: 'Betrag', text: ['Verwendungszweck', 'Buchungstext'] }],
        },
      },
      examples: [{ delimiter: ';', decimal: ',', encoding: 'windows-1252' }],
    },
  },
};
