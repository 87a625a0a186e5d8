import type { JsonSchema } from '../../contract/schema.ts';

/** Where a SKU may stand: per line item, or where there are no line items, at the transaction. */
export type SkuPlace = 'item.id' | 'item.name' | 'subscription.name' | 'order.description' | 'order.invoice';

/** What handover.json says of an Authorize.net account, secrets resolved. */
export interface AuthorizeNetOptions {
  readonly login: string;
  readonly transactionKey: string;
  readonly secrets: readonly string[];
  readonly webhookKey?: 'text' | 'hex';
  readonly currency?: string;
  readonly skuFrom?: readonly SkuPlace[];
  readonly orders?: 'transaction' | 'invoice';
  readonly relay?: 'refuse' | 'accept';
  readonly silentPost?: 'refuse' | 'hint';
  readonly returnUrl?: string;
  readonly merchantName?: string;
  readonly apiBase?: string;
  readonly payBase?: string;
}

export const defaultSkuFrom: readonly SkuPlace[] = ['item.id', 'subscription.name'];

export const authorizeNetOptions: JsonSchema = {
  type: 'object',
  required: ['login', 'transactionKey', 'secrets'],
  additionalProperties: false,
  properties: {
    login: {
      type: 'string',
      secret: true,
      minLength: 4,
      description: 'API Login ID of the account.',
      examples: [{ env: 'AUTHORIZE_NET_LOGIN' }],
    },
    transactionKey: {
      type: 'string',
      secret: true,
      minLength: 8,
      description: 'Transaction Key. A callback does not carry what was bought, so the transaction is asked for.',
      examples: [{ env: 'AUTHORIZE_NET_TRANSACTION_KEY' }],
    },
    secrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 32 },
      description: 'Signature Keys as the Merchant Interface shows them. While one is being changed, list the old and the new.',
      examples: [[{ env: 'AUTHORIZE_NET_SIGNATURE_KEY' }]],
    },
    webhookKey: {
      type: 'string',
      enum: ['text', 'hex'],
      default: 'text',
      description:
        'What the Signature Key is when webhooks are signed: the text as it is shown, or the bytes its hexadecimal digits stand for. Authorize.net does not say; working programs use the text.',
      examples: ['hex'],
    },
    currency: {
      type: 'string',
      pattern: '^[A-Z]{3}$',
      default: 'USD',
      description: 'The one currency of the account (ISO 4217). Transactions do not name it.',
      examples: ['CAD'],
    },
    skuFrom: {
      type: 'array',
      minItems: 1,
      default: [...defaultSkuFrom],
      items: { type: 'string', enum: ['item.id', 'item.name', 'subscription.name', 'order.description', 'order.invoice'] },
      description:
        "Where a SKU stands, first hit wins. The `item.…` are of a line item; the others count for a transaction without line items, such as a subscription's.",
      examples: [['item.id', 'order.description']],
    },
    orders: {
      type: 'string',
      enum: ['transaction', 'invoice'],
      default: 'transaction',
      description:
        'What makes one order: each transaction, or all transactions of one invoice number. Choose the invoice only where every purchase has a number of its own. Purchases begun by our checkout always keep together.',
      examples: ['invoice'],
    },
    relay: {
      type: 'string',
      enum: ['refuse', 'accept'],
      default: 'refuse',
      description: 'Form posts of the old relay response (SIM, DPM) or silent post that x_SHA2_Hash proves.',
      examples: ['accept'],
    },
    silentPost: {
      type: 'string',
      enum: ['refuse', 'hint'],
      default: 'refuse',
      description:
        'Form posts without a proof: refuse them, or take them for no more than a hint to ask Authorize.net about that transaction.',
      examples: ['hint'],
    },
    returnUrl: {
      type: 'string',
      setting: true,
      format: 'uri',
      description:
        "Our return page, where the answer to a relay response sends the buyer: the site's `baseUrl`, /return/ and the gateway's name.",
      examples: ['https://shop.example.com/shop/return/authorize-net'],
    },
    merchantName: {
      type: 'string',
      maxLength: 60,
      description: 'Name on the hosted payment page. Default: as the account says.',
      examples: ['Example Training'],
    },
    apiBase: {
      type: 'string',
      setting: true,
      format: 'uri',
      description:
        'Address of the API. Default: https://apitest.authorize.net in test mode, https://api.authorize.net in live mode. Changed only to talk to a double in tests.',
      examples: ['https://apitest.authorize.net'],
    },
    payBase: {
      type: 'string',
      setting: true,
      format: 'uri',
      description:
        'Address of the hosted payment page. Default: https://test.authorize.net in test mode, https://accept.authorize.net in live mode.',
      examples: ['https://test.authorize.net'],
    },
  },
};
