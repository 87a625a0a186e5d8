import type { GatewayContext } from '../../contract/gateway.ts';
import type { JsonSchema } from '../../contract/schema.ts';

/** What handover.json says of a PayPal account that sends IPN messages. */
export interface PaypalIpnOptions {
  readonly accounts: readonly string[];
  readonly environment?: 'live' | 'sandbox';
  readonly periods?: Readonly<Record<string, string>>;
  readonly cases?: 'suspend' | 'ignore';
  readonly postbackUrl?: string;
}

export type IpnContext = GatewayContext<PaypalIpnOptions>;

/** Where messages are sent back to (https://developer.paypal.com/api/nvp-soap/ipn/IPNImplementation/). */
const postbackUrls = {
  live: 'https://ipnpb.paypal.com/cgi-bin/webscr',
  sandbox: 'https://ipnpb.sandbox.paypal.com/cgi-bin/webscr',
};

/** The configuration says which PayPal this is, never the message. */
export function environmentOf({ options, mode }: Pick<IpnContext, 'options' | 'mode'>): 'live' | 'sandbox' {
  return options.environment ?? (mode === 'live' ? 'live' : 'sandbox');
}

export function postbackUrlOf(context: IpnContext): string {
  return context.options.postbackUrl ?? postbackUrls[environmentOf(context)];
}

export const paypalIpnOptions: JsonSchema = {
  type: 'object',
  required: ['accounts'],
  additionalProperties: false,
  properties: {
    accounts: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', minLength: 5 },
      description:
        'Your account at PayPal: merchant id or primary e-mail address, or several of them. PayPal vouches for every message it sent, also for one about a payment to somebody else who named your address, so a message about another receiver is refused.',
      examples: [['7DXXXXXXXXXXU', 'sales@example.org']],
    },
    environment: {
      type: 'string',
      enum: ['live', 'sandbox'],
      description: 'Which PayPal this is. Left out: live where `mode` of the site is `live`, else the sandbox.',
      examples: ['sandbox'],
    },
    periods: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[1-9]\\d? [DWMY]$' },
      description:
        'How long one payment of a subscription lasts, by item number: a number and D, W, M or Y, as in a subscribe button. PayPal says it when somebody signs up, not with the payment.',
      examples: [{ 'CLUB-1': '1 M' }],
    },
    cases: {
      type: 'string',
      enum: ['suspend', 'ignore'],
      default: 'suspend',
      description:
        'What a dispute or complaint does that has been opened but has moved no money yet. `suspend`: it counts as a dispute. `ignore`: only money that was taken back does. PayPal sends no message when such a case is closed without money moving.',
      examples: ['ignore'],
    },
    postbackUrl: {
      type: 'string',
      setting: true,
      format: 'uri',
      description:
        "Where messages are sent back to be verified. Left out: PayPal's own for `environment`. Changed only to talk to a double in tests.",
      examples: ['https://ipnpb.sandbox.paypal.com/cgi-bin/webscr'],
    },
  },
};
