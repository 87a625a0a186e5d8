import type { GatewayContext } from '../../contract/gateway.ts';
import type { JsonSchema } from '../../contract/schema.ts';

/** What handover.json says of a PayPal app, secrets resolved. */
export interface PaypalOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookIds: readonly string[];
  readonly verification?: 'offline' | 'postback';
  readonly environment?: 'live' | 'sandbox';
  readonly merchantId?: string;
  readonly capture?: 'approved' | 'never';
  readonly subscriptionSku?: 'plan' | 'product' | 'custom';
  readonly toleranceSeconds?: number;
  readonly roots?: readonly string[];
  readonly apiBase?: string;
}

/** What a gateway's context means here. */
export type PaypalContext = GatewayContext<PaypalOptions>;

/** PayPal repeats a delivery for three days (https://developer.paypal.com/api/rest/webhooks/rest/); a day on top for slow clocks and queues. */
export const defaultToleranceSeconds = 4 * 86_400;

export type Environment = 'live' | 'sandbox';

const apiBases: Readonly<Record<Environment, string>> = {
  live: 'https://api-m.paypal.com',
  sandbox: 'https://api-m.sandbox.paypal.com',
};

/** The site's mode decides where the configuration does not. */
export function environmentOf({ options, mode }: Pick<PaypalContext, 'options' | 'mode'>): Environment {
  return options.environment ?? (mode === 'live' ? 'live' : 'sandbox');
}

export function apiBaseOf(context: Pick<PaypalContext, 'options' | 'mode'>): string {
  return (context.options.apiBase ?? apiBases[environmentOf(context)]).replace(/\/+$/, '');
}

export const paypalOptions: JsonSchema = {
  type: 'object',
  required: ['clientId', 'clientSecret', 'webhookIds'],
  additionalProperties: false,
  properties: {
    clientId: {
      type: 'string',
      setting: true,
      minLength: 8,
      description: 'Client id of the REST app in the PayPal developer dashboard. Sandbox and live apps have different ones.',
      examples: [{ env: 'PAYPAL_CLIENT_ID' }],
    },
    clientSecret: {
      type: 'string',
      secret: true,
      minLength: 8,
      description: 'Secret of the same app. With it orders are read, captured and begun; callbacks do not carry what was bought.',
      examples: [{ env: 'PAYPAL_CLIENT_SECRET' }],
    },
    webhookIds: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      items: { type: 'string', setting: true, pattern: '^[A-Za-z0-9]{1,50}$' },
      description:
        'Ids of the webhooks that call this address, from the app in the developer dashboard. An id is part of what is signed, so a callback made for another address proves nothing here.',
      examples: [[{ env: 'PAYPAL_WEBHOOK_ID' }], ['8PT597110X687430LKGECATA']],
    },
    verification: {
      type: 'string',
      enum: ['offline', 'postback'],
      default: 'offline',
      description:
        "How a callback is proved. `offline`: by its signature and PayPal's certificate, which is fetched once and kept for a day. `postback`: PayPal is asked about each callback; when it cannot be asked, the callback is put off.",
      examples: ['offline'],
    },
    environment: {
      type: 'string',
      enum: ['live', 'sandbox'],
      description: 'Which PayPal this is. Left out: live where `mode` of the site is `live`, else the sandbox.',
      examples: ['sandbox'],
    },
    merchantId: {
      type: 'string',
      pattern: '^[A-Z0-9]{5,20}$',
      description:
        'Your merchant id at PayPal (account settings, business information). An approved order whose money would go to another account is then not captured, and payments of subscriptions, for which PayPal names no receiver, count as received by it.',
      examples: ['7DXXXXXXXXXXU'],
    },
    capture: {
      type: 'string',
      enum: ['approved', 'never'],
      default: 'approved',
      description:
        "Whether an order that the buyer approved is captured here: when PayPal's notice of it arrives, or when the buyer comes back, whichever is first. `never`: the shop captures itself.",
      examples: ['approved'],
    },
    subscriptionSku: {
      type: 'string',
      enum: ['plan', 'product', 'custom'],
      default: 'plan',
      description:
        'What names the SKU of a subscription: the id of its plan, the id of the product behind the plan, or the custom id the shop gave the subscription. A product file takes such an id as its `sku` or among its `aliases`.',
      examples: ['plan'],
    },
    toleranceSeconds: {
      type: 'integer',
      minimum: 300,
      maximum: 2_678_400,
      default: defaultToleranceSeconds,
      description:
        'How old a callback may be. PayPal repeats one for three days, and whether a repetition is stamped anew is not documented. One from the future is refused beyond five minutes.',
      examples: [defaultToleranceSeconds],
    },
    roots: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true },
      description:
        "Root certificates (PEM) that PayPal's signing certificate may come from, in place of those Node.js brings along. For a double in tests.",
      examples: [[{ file: 'paypal-double-root.pem' }]],
    },
    apiBase: {
      type: 'string',
      setting: true,
      format: 'uri',
      description: "Address of the API. Left out: PayPal's own for `environment`. Changed only to talk to a double in tests.",
      examples: ['https://api-m.sandbox.paypal.com'],
    },
  },
};
