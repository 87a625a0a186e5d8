import { accepted, defineGateway, refused } from '../contract/gateway.ts';
import { headerText, isEqual, isWithin, readStamp } from './signature.ts';
import { startCheckout } from './sandbox/checkout.ts';
import { eventOf, readMessage } from './sandbox/message.ts';
import { digestOf } from './sandbox/sign.ts';

/** What handover.json says of the sandbox. */
export interface SandboxOptions {
  /** Handover derives one from its own secret when the configuration names none. */
  readonly secret?: string;
}

const toleranceSeconds = 300;

/**
 * The sandbox: a gateway of our own for trying a shop out without an account anywhere. Its callbacks are signed as Standard
 * Webhooks prescribes (https://github.com/standard-webhooks/standard-webhooks), so they take the way of any other.
 */
export const sandbox = defineGateway<SandboxOptions>({
  name: 'sandbox',
  summary: 'Sandbox: payments without money, to try every outcome out',
  testOnly: true,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      secret: {
        type: 'string',
        secret: true,
        minLength: 16,
        description:
          'Signs the callbacks. Needed only when another program is to send them; Handover derives one from its own secret.',
        examples: [{ env: 'HANDOVER_SANDBOX_SECRET' }],
      },
    },
  },

  verify({ headers, body }, { options, now }) {
    const secret = options.secret?.trim();
    if (!secret) return refused('SIGNATURE_MISMATCH', 'The sandbox has no secret, so no signature can be right.');
    const id = headerText(headers, 'webhook-id');
    const stamp = headerText(headers, 'webhook-timestamp');
    const signatures = headerText(headers, 'webhook-signature');
    if (id === undefined || stamp === undefined || signatures === undefined) {
      return refused('SIGNATURE_MISSING', 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.');
    }
    const seconds = readStamp(stamp);
    if (seconds === undefined || id.length > 255)
      return refused('SIGNATURE_MALFORMED', 'webhook-timestamp is not a number of seconds.');
    if (!isWithin(toleranceSeconds, seconds, now())) {
      return refused('SIGNATURE_STALE', `webhook-timestamp is more than ${toleranceSeconds} s away from this server's clock.`);
    }
    const expected = digestOf(secret, id, stamp, body);
    if (!digestsIn(signatures).some((digest) => isEqual(digest, expected))) return refused('SIGNATURE_MISMATCH');
    return readMessage(body)
      ? accepted(id)
      : refused('MALFORMED', 'The callback is genuine, but its body is not a sandbox message.');
  },

  read({ body, deliveryId }, { name }) {
    const message = readMessage(body);
    return Promise.resolve(
      message ? { events: [eventOf(message, name, deliveryId)] } : { ignored: 'The body is not a sandbox message.' },
    );
  },

  findReturn: ({ query }) => {
    const payment = query['payment'] ?? '';
    return Promise.resolve(/^sbx_\w{1,60}$/.test(payment) ? { purchase: payment } : undefined);
  },

  checkout: startCheckout,

  check: () => Promise.resolve([{ ok: true, message: 'The sandbox is open. It needs no account and moves no money.' }]),
});

/** `v1,<base64> v1,<base64> …`; other versions are passed over. */
function digestsIn(header: string): Buffer[] {
  return header
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'));
}
