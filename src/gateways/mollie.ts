import { giveUp, StepError } from '../contract/errors.ts';
import {
  accepted,
  defineGateway,
  ignored,
  refused,
  type Finding,
  type GatewayContext,
  type Verdict,
} from '../contract/gateway.ts';
import { isOurAddress } from './mollie/address.ts';
import { returnLabel, startCheckout } from './mollie/checkout.ts';
import { callMollie } from './mollie/client.ts';
import { readPaymentFacts } from './mollie/facts.ts';
import { isPayment, namedPayment, proveEvent, readEvent } from './mollie/notice.ts';
import { mollieOptions, type MollieOptions } from './mollie/options.ts';
import { sweepPayments } from './mollie/sweep.ts';
import { headerText } from './signature.ts';
import { openName } from './signed-name.ts';

/**
 * Mollie: a classic callback is an unsigned form that names a payment (https://docs.mollie.com/reference/webhooks), believed only
 * where it came to an address we gave out, and then no further than that name; a next-gen one is signed JSON. Both lead to the
 * payment, and that is what is read.
 */
export const mollie = defineGateway<MollieOptions>({
  name: 'mollie',
  summary: 'Mollie: payments, their refunds and chargebacks',
  options: mollieOptions,
  needsBuyer: true,

  verify({ headers, body, url, receivedAt }, { options }) {
    const signature = headerText(headers, 'x-mollie-signature');
    if (signature !== undefined) return verifyEvent(signature, body, options);
    const named = namedPayment(body);
    if (named === undefined)
      return refused('SIGNATURE_MISSING', 'The request is neither signed nor a form that names a payment.');
    if (!isOurAddress(url, options.addressSecrets))
      return refused(
        'MOLLIE_ADDRESS_WRONG',
        'The address has no right key. Set the webhookUrl of payments with mollieCallbackUrl.',
      );
    if (!isPayment(named)) return ignored(`Mollie's ${named.split('_')[0] ?? ''}_… is no payment`);
    return accepted(`${named}:${receivedAt.toISOString()}`);
  },

  async read({ headers, body }, context) {
    const isEvent = headerText(headers, 'x-mollie-signature') !== undefined;
    const id = isEvent ? readEvent(body)?.payment : namedPayment(body);
    if (id === undefined || !isPayment(id)) return { ignored: 'The callback names no payment.' };
    const payment = await callMollie(context, 'GET', `payments/${id}`, `payment ${id}`, {
      query: { embed: 'refunds,chargebacks' },
    });
    if (payment) return readPaymentFacts(payment, context);
    throw giveUp('MOLLIE_PAYMENT_UNKNOWN', `Mollie does not know payment ${id}.`, {
      hint: 'The key may be of another profile, or a test key where the payment was live (or the reverse). Compare "apiKey", then retry.',
    });
  },

  findReturn: async ({ query }, { options }) => {
    const purchase = openName(query['order'] ?? '', returnLabel, options.addressSecrets);
    return purchase === undefined ? undefined : { purchase };
  },

  checkout: startCheckout,
  lists: 'payments',
  sweep: sweepPayments,
  check: checkMollie,
});

function verifyEvent(signature: string, body: Uint8Array, { secrets = [] }: MollieOptions): Verdict {
  switch (proveEvent(signature, body, secrets)) {
    case 'malformed':
      return refused('SIGNATURE_MALFORMED', 'The X-Mollie-Signature header is not 64 hexadecimal digits.');
    case 'mismatch':
      return refused('SIGNATURE_MISMATCH', 'None of "secrets" made this signature.');
    case 'genuine': {
      const event = readEvent(body);
      if (!event) return refused('MALFORMED', 'The callback is genuine, but its body is not an event as Mollie sends them.');
      return event.payment === undefined ? ignored(`Mollie's ${event.type.slice(0, 60)} names no payment`) : accepted(event.id);
    }
  }
}

/** Is the key of this mode, and does it work? Which addresses Mollie calls stands with each payment. */
async function checkMollie(context: GatewayContext<MollieOptions>): Promise<readonly Finding[]> {
  const kind = /^(live|test)_/.exec(context.options.apiKey.trim())?.[1];
  if (kind !== context.mode) {
    const hint = 'Use the key of the same mode as "mode" in handover.json.';
    return [
      {
        ok: false,
        message: `The API key is ${kind ? `a ${kind} key` : 'no key of Mollie'}, but "mode" is "${context.mode}".`,
        hint,
      },
    ];
  }
  try {
    await callMollie(context, 'GET', 'payments', 'payments', { query: { limit: '1' } });
    return [{ ok: true, message: `The ${kind} key may read payments.` }];
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return [{ ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
}
