import type { JsonSchema } from '../../contract/schema.ts';
import { kinds } from './kinds.ts';

/** A JSON pointer; behind "@" it counts from the entry of the list at hand. */
const pointer = '@?(/[^/\\s]+)+';
const place: JsonSchema = { type: 'string', pattern: `^${pointer}$` };

export const placeSchema: JsonSchema = { anyOf: [place, { type: 'array', minItems: 1, items: place }] };

function at(description: string, example: string): JsonSchema {
  return { ...placeSchema, description, examples: [example] };
}

/** An amount: pointers with " + " and " - " between them. */
function sum(description: string, example: string): JsonSchema {
  return { type: 'string', pattern: `^(- )?${pointer}( [+-] ${pointer})*$`, description, examples: [example] };
}

export const fieldsSchema: JsonSchema = {
  type: 'object',
  properties: {
    at: at('When it happened.', '/timestamp'),
    purchase: at('The name of the purchase, the same on all of its events.', '/data/order/id'),
    payment: at('The name of the money movement. Default: the purchase.', '/data/payment/id'),
    reversal: at('The name of a refund or dispute.', '/data/refund/id'),
    receiver: at('The account the money went to.', '/data/account'),
    amount: sum(
      'Money of the event. Several pointers are joined by " + " and " - "; "*" in a pointer adds up a list.',
      '/data/amount',
    ),
    shipping: sum('Shipping.', '/data/shipping'),
    currency: at('The currency (ISO 4217), in any case.', '/data/currency'),
    language: at("The buyer's language (BCP 47).", '/data/locale'),
    reason: at('Why, in words for staff.', '/data/error/message'),
    metadata: at('An object of texts that the shop attached.', '/data/metadata'),
    references: {
      type: 'array',
      items: place,
      description: 'Further names of the payment, by which staff find the order.',
      examples: [['/data/invoice']],
    },
    buyer: {
      type: 'object',
      description: 'Who pays.',
      properties: {
        email: at('Mail address.', '/data/customer/email'),
        name: at('Full name.', '/data/customer/name'),
        firstName: at('First name.', '/data/customer/first'),
        lastName: at('Last name.', '/data/customer/last'),
        phone: at('Telephone number.', '/data/customer/phone'),
        country: at('Country (ISO 3166-1 alpha-2).', '/data/customer/country'),
      },
      examples: [{ email: '/data/customer/email' }],
    },
    period: {
      type: 'object',
      description: 'What a subscription payment covers.',
      properties: { from: at('Its beginning.', '/data/period/from'), until: at('Its end.', '/data/period/until') },
      examples: [{ from: '/data/period/from', until: '/data/period/until' }],
    },
    lines: {
      type: 'object',
      description: 'What was bought. Sums are for the whole quantity.',
      properties: {
        each: {
          ...place,
          description: 'The list of items; its entries are named by "@". Without it the event is the one item.',
          examples: ['/data/items'],
        },
        sku: at('The SKU, or what a product file has among its `aliases`.', '@/sku'),
        title: at('What it is called.', '@/name'),
        quantity: at('How many. Default: one.', '@/quantity'),
        price: sum('The price of one unit.', '@/price'),
        subtotal: sum('Before discount and tax.', '@/subtotal'),
        discount: sum('The discount.', '@/discount'),
        tax: sum('The tax.', '@/tax'),
        total: sum('What was charged.', '@/total'),
      },
      examples: [{ each: '/data/items', sku: '@/sku', quantity: '@/quantity', price: '@/price' }],
    },
  },
  examples: [{ purchase: '/order/id', amount: '/order/total', currency: '/order/currency', buyer: { email: '/order/email' } }],
};

const word: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };

export const modeSchema: JsonSchema = {
  anyOf: [
    { type: 'string', enum: ['live', 'test', 'site'] },
    {
      type: 'object',
      required: ['field'],
      properties: {
        field: { type: 'string', pattern: '^(/[^/\\s]+)+$' },
        live: { type: ['string', 'boolean'] },
        test: { type: ['string', 'boolean'] },
      },
    },
  ],
  description:
    'Whether payments are real: live, test, site (the events do not tell; the secret belongs to what the site takes), or where it stands and which value proves it.',
  examples: ['test', { field: '/livemode', live: true }],
};

/** Explained once, where it stands first. */
function bare(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== 'description' && keyword !== 'examples');
  const inside = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, bare(property)] as const);
  return { ...Object.fromEntries(kept), ...(schema.properties && { properties: Object.fromEntries(inside) }) };
}

const rule: JsonSchema = {
  type: 'object',
  required: ['is'],
  properties: {
    is: { type: 'string', enum: kinds },
    when: { type: 'object', additionalProperties: { anyOf: [word, { type: 'array', items: word }] } },
    each: place,
    cumulative: { type: 'boolean' },
    mode: bare(modeSchema),
    fields: bare(fieldsSchema),
  },
};

export const eventsSchema: JsonSchema = {
  type: 'object',
  additionalProperties: {
    anyOf: [
      { type: 'string', enum: [...kinds, 'ignore'] },
      { type: 'array', items: rule },
    ],
  },
  description:
    'What each type means: one of our kinds of event, or a list of rules. A rule has `is` (the kind), `when` (pointer → value, a list of values, "*" for any, null for none), `each` (one fact for each entry of that list), `cumulative` (the amount is all that was refunded so far), `mode`, and `fields` that stand elsewhere. "ignore" takes a preset\'s meaning away. Types that are not listed change no order.',
  examples: [{ 'order.paid': 'payment.completed', 'order.refunded': [{ is: 'payment.refunded', cumulative: true }] }],
};
