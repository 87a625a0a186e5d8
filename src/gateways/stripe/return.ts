import type { GatewayContext, ReturnVisit } from '../../contract/gateway.ts';
import { openApi, type StripeApi } from './api.ts';
import type { StripeOptions } from './options.ts';
import { findPlace, placeOfSession } from './place.ts';

/** The buyer looks at an empty page meanwhile, so Stripe gets this long to say what was bought. */
const patienceMs = 5000;

/**
 * Which purchase a returning buyer means, by the `session_id` that the shop put into `success_url` as
 * `{CHECKOUT_SESSION_ID}`, or by the `payment_intent` that Stripe adds to the return address of other integrations.
 * Stripe is asked, because a subscription's purchase is not its session. When it cannot be asked, the id itself is the best
 * guess: it is right for everything but subscriptions, and for those it shows no order.
 */
export async function findReturn(
  { query }: ReturnVisit,
  context: GatewayContext<StripeOptions>,
): Promise<{ purchase: string } | undefined> {
  const session = idIn(query['session_id'], 'cs');
  const paymentIntent = idIn(query['payment_intent'], 'pi');
  const id = session ?? paymentIntent;
  if (id === undefined) return undefined;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
  try {
    const api = openApi({ ...context, signal }, undefined);
    return { purchase: session === undefined ? await purchaseOfPaymentIntent(id, api) : await purchaseOfSession(id, api) };
  } catch {
    return { purchase: id };
  }
}

function idIn(text: string | undefined, prefix: string): string | undefined {
  return text !== undefined && /^\w{4,250}$/.test(text) && text.startsWith(`${prefix}_`) ? text : undefined;
}

async function purchaseOfSession(id: string, api: StripeApi): Promise<string> {
  return placeOfSession(await api.session(id)).purchase;
}

async function purchaseOfPaymentIntent(paymentIntent: string, api: StripeApi): Promise<string> {
  return (await findPlace(api, { paymentIntent })).purchase;
}
