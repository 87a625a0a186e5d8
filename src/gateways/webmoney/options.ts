import type { JsonSchema } from '../../contract/schema.ts';

/** How a result notice may be proved: `hash2` is LMI_HASH2, the other two are LMI_HASH with that algorithm. */
export type Proof = 'hash2' | 'sha256' | 'md5';

/** What handover.json says of WebMoney purses, secrets resolved. */
export interface WebmoneyOptions {
  readonly purses: readonly string[];
  readonly secrets: readonly string[];
  readonly cartSecrets: readonly string[];
  readonly proofs?: readonly Proof[];
  readonly currencies?: Readonly<Record<string, string>>;
  readonly holds?: 'refuse' | 'accept';
  readonly utcOffset?: string;
  readonly refusal?: string;
  readonly payUrl?: string;
}

export const defaultProofs: readonly Proof[] = ['hash2', 'sha256'];

/** Letters of purses that stand for a currency with an ISO code. X (a part of a bitcoin) and G (gold) have none. */
export const defaultCurrencies: Readonly<Record<string, string>> = {
  Z: 'USD',
  E: 'EUR',
  R: 'RUB',
  P: 'RUB',
  U: 'UAH',
  K: 'KZT',
  Y: 'UZS',
  B: 'BYN',
};

export const defaultPayUrl = 'https://merchant.webmoney.com/lmi/payment_utf.asp';
export const defaultUtcOffset = '+03:00';
export const defaultRefusal = 'This order could not be checked. Please go back to the shop and begin again.';

export const webmoneyOptions: JsonSchema = {
  type: 'object',
  required: ['purses', 'secrets', 'cartSecrets'],
  additionalProperties: false,
  properties: {
    purses: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^[A-Z]\\d{12}$' },
      description: 'The purses money may come to (LMI_PAYEE_PURSE): a letter and twelve digits.',
      examples: [['Z123456789012']],
    },
    secrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true },
      description:
        'Secret keys as set for the purses at WebMoney, upper and lower case as there. While one is being changed, list the old and the new.',
      examples: [[{ env: 'WEBMONEY_SECRET' }]],
    },
    cartSecrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 16 },
      description:
        "Secrets of your own, 16 characters or more, with which the shop's pages sign the field HANDOVER_CART (`signCart`). WebMoney never sees them.",
      examples: [[{ env: 'HANDOVER_CART_SECRET' }]],
    },
    proofs: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['hash2', 'sha256', 'md5'] },
      default: [...defaultProofs],
      description:
        'Which hashes prove a notice. `hash2` is LMI_HASH2 and decides alone where it was sent; `sha256` and `md5` are LMI_HASH as set for the purse. Without "md5" an MD5 hash proves nothing.',
      examples: [['hash2']],
    },
    currencies: {
      type: 'object',
      propertyNames: { pattern: '^[A-Z]$' },
      additionalProperties: { type: 'string', pattern: '^[A-Z]{3}$' },
      default: { ...defaultCurrencies },
      description:
        'Which currency the first letter of a purse stands for (ISO 4217). It replaces the list, so name every letter in use.',
      examples: [{ Z: 'USD', E: 'EUR' }],
    },
    holds: {
      type: 'string',
      enum: ['refuse', 'accept'],
      default: 'refuse',
      description:
        'A payment that WebMoney holds back (LMI_HOLD; the buyer can add it to the form): refuse it before it is made and park it if it was, or accept it as paid.',
    },
    utcOffset: {
      type: 'string',
      pattern: '^[+-]\\d{2}:\\d{2}$',
      default: defaultUtcOffset,
      description: 'The time zone of LMI_SYS_TRANS_DATE. WebMoney does not document it; the default is Moscow.',
      examples: ['+00:00'],
    },
    refusal: {
      type: 'string',
      minLength: 5,
      maxLength: 300,
      default: defaultRefusal,
      description: 'What the buyer reads at WebMoney when a payment is refused before it is made.',
      examples: ['Заказ не прошёл проверку. Вернитесь, пожалуйста, в магазин.'],
    },
    payUrl: {
      type: 'string',
      setting: true,
      format: 'uri',
      default: defaultPayUrl,
      description:
        "Where the buyer's browser posts a payment that was begun through /checkout. It has to be an address that takes UTF-8; WebMoney has had several.",
      examples: ['https://merchant.wmtransfer.com/lmi/payment_utf.asp'],
    },
  },
};
