import { expire } from '../sale/checkout.ts';
import { beginSale, type SaleState } from '../sale/state.ts';
import { fillIn, type SaleTerms } from '../terms.ts';
import type { Sender } from '../events.ts';
import type { Json } from '../wire.ts';
import type { Call } from './call.ts';
import { readCart } from './cart-params.ts';
import { ApiError, invalid, missing } from './errors.ts';
import { render } from './expand.ts';
import { allowOnly, integerIn, tableIn, textIn } from './params.ts';
import { retrieve } from './resources.ts';
import { checkSession, expiryIn, metadataIn } from './session-params.ts';

/** What the double knows of all sales, by session id, whether a test or the API made them. */
export type Sales = Map<string, SaleState>;

/** `POST /v1/checkout/sessions`: a session whose page is on the double. */
export function createSession(call: Call, sales: Sales, sender: Sender): Json {
  checkSession(call.body);
  const { books, body } = call;
  const expiresAt = expiryIn(body, books.seconds());
  const subscription = tableIn(body, 'subscription_data') ?? {};
  const trialDays = integerIn(subscription, 'trial_period_days', 'subscription_data') ?? 0;
  const customer = textIn(body, 'customer');
  if (customer !== undefined && !books.find('customer', customer, call.account))
    throw missing('customer', customer, 'customer', 400);
  const terms: SaleTerms = {
    lines: [],
    currency: textIn(body, 'currency') ?? firstCurrency(call),
    ...(call.account === null ? {} : { account: call.account }),
    metadata: metadataIn(body),
    paymentIntentMetadata: metadataIn(tableIn(body, 'payment_intent_data') ?? {}),
    subscriptionMetadata: metadataIn(subscription),
    mode: body['mode'] === 'subscription' ? 'subscription' : 'payment',
    successUrl: String(body['success_url']),
    cancelUrl: textIn(body, 'cancel_url') ?? null,
    locale: textIn(body, 'locale') ?? null,
    trialDays,
  };
  const reference = textIn(body, 'client_reference_id');
  const email = textIn(body, 'customer_email');
  const full = fillIn(reference === undefined ? terms : { ...terms, clientReferenceId: reference }, books.options);
  if (email !== undefined) full.buyer = { email };
  const state = beginSale(books, sender, full, readCart(call, body['line_items'], full));
  if (!state.session) throw new ApiError(500, 'The session was not made.');
  state.session.expires_at = expiresAt;
  state.session.customer_email = email ?? null;
  if (customer !== undefined) {
    state.customer = books.find('customer', customer, call.account) ?? null;
    state.session.customer = customer;
  }
  sales.set(state.session.id, state);
  return render(state.session, body, call);
}

/** `POST /v1/checkout/sessions/{id}/expire`. */
export function expireSession(call: Call, sales: Sales, id: string): Json {
  allowOnly(call.body, ['expand']);
  const session = retrieve(call, 'checkout.session', id, 'session');
  if (session.status !== 'open') {
    throw invalid(
      'session',
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${String(session.status)}.`,
    );
  }
  const state = sales.get(id);
  if (state) expire(state);
  return render(session, call.body, call);
}

/** Stripe takes the currency of a session from its lines. */
function firstCurrency(call: Call): string {
  const lines = call.body['line_items'];
  const first: unknown = Array.isArray(lines) ? lines[0] : undefined;
  const line = (first ?? {}) as { price?: string; price_data?: { currency?: string } };
  const price = line.price === undefined ? undefined : call.books.find('price', line.price, call.account);
  return price?.currency ?? line.price_data?.currency ?? 'eur';
}
