import Stripe from 'stripe';
import type { StepError } from '../../contract/errors.ts';
import { giveUp } from '../../contract/errors.ts';
import type { Cart, CartLine, GatewayContext, Started } from '../../contract/gateway.ts';
import { openApi } from './api.ts';
import { explainApiError } from './api-errors.ts';
import { createStripeClient } from './client.ts';
import { textAt, type Fields } from './fields.ts';
import { unitsOf } from './money.ts';
import type { StripeOptions } from './options.ts';

type Context = GatewayContext<StripeOptions>;

/** Metadata of a session that we began, and where its lines have their SKU. */
export const cartMark = 'handover_cart';
export const cartSku = 'product.metadata.sku';

/**
 * Begins a Checkout Session (https://docs.stripe.com/api/checkout/sessions/create) with prices made from the cart. The
 * idempotency key is the cart's name, so a second attempt gets the same session.
 */
export async function startCheckout(cart: Cart, context: Context): Promise<Started> {
  const session = await createSession(cart, context).catch((error: unknown) => earlierSession(error, cart, context));
  const [id, url] = [textAt(session, 'id'), textAt(session, 'url')];
  if (id !== undefined && url !== undefined) return { kind: 'redirect', purchase: id, url };
  throw giveUp('STRIPE_SESSION_CLOSED', 'The Checkout Session of this cart has been paid or has expired.', {
    hint: 'The buyer begins again with a new cart.',
  });
}

async function createSession(cart: Cart, context: Context): Promise<Fields> {
  const client = createStripeClient(context);
  const { checkoutMinutes = 180 } = context.options;
  const { email } = cart.buyer;
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'payment',
    client_reference_id: cart.reference,
    line_items: cart.lines.map(lineOf),
    metadata: { ...metadataFor(cart), [cartMark]: cart.reference },
    success_url: `${cart.returnUrl}${cart.returnUrl.includes('?') ? '&' : '?'}session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: cart.cancelUrl,
    expires_at: Math.floor(context.now().getTime() / 1000) + checkoutMinutes * 60,
    locale: localeFor(cart.language),
    ...(email !== undefined && { customer_email: email }),
  };
  return (await client.checkout.sessions.create(params, { idempotencyKey: cart.reference })) as unknown as Fields;
}

function lineOf({ sku, title, quantity, price, learner }: CartLine): Stripe.Checkout.SessionCreateParams.LineItem {
  const { email, name } = learner ?? {};
  const metadata = {
    sku,
    ...(email !== undefined && { handover_learner_email: email }),
    ...(name !== undefined && { handover_learner_name: name.slice(0, 500) }),
  };
  const product_data = { name: title.slice(0, 250), metadata };
  return { quantity, price_data: { currency: price.currency.toLowerCase(), unit_amount: unitsOf(price), product_data } };
}

/** What Stripe has room for; all of it stands with the order. */
function metadataFor({ metadata }: Cart): Record<string, string> {
  const fitting = Object.entries(metadata).filter(([key, value]) => key !== '' && key.length <= 40 && value.length <= 500);
  return Object.fromEntries(fitting.slice(0, 49));
}

/** Languages of Stripe's page (https://docs.stripe.com/js/appendix/supported_locales); in any other it follows the browser. */
const locales = new Set(
  'bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  ),
);

type Locale = NonNullable<Stripe.Checkout.SessionCreateParams['locale']>;

function localeFor(language = ''): Locale {
  const found = [language, language.split('-')[0] ?? ''].find((each) => locales.has(each));
  return found ?? 'auto';
}

/** The end of the session moves with the clock, so Stripe calls a later attempt a different request. The session is there already. */
async function earlierSession(error: unknown, cart: Cart, context: Context): Promise<Fields | undefined> {
  if (!(error instanceof Stripe.errors.StripeIdempotencyError)) throw explain(error);
  const since = Math.floor(context.now().getTime() / 1000) - 24 * 3600;
  const open = await openApi(context, undefined).openSessions(since);
  return open.find((session) => textAt(session, 'client_reference_id') === cart.reference);
}

function explain(error: unknown): StepError {
  const told = explainApiError(error, 'a new Checkout Session');
  if (told.code !== 'STRIPE_KEY_FORBIDDEN') return told;
  return giveUp('STRIPE_KEY_FORBIDDEN', 'The API key may not make Checkout Sessions.', {
    hint: 'Give the restricted key write permission for Checkout Sessions in the Stripe dashboard (Developers, API keys).',
    cause: error,
  });
}
