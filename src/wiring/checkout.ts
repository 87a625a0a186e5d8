import type { App } from '../app.ts';
import { cartPrefix } from '../contract/stock.ts';
import { soldOutWords } from './offer.ts';
import { poolsOf } from './stock-pools.ts';
import { cancelAddress } from '../checkout/allowed-origins.ts';
import { cartReference } from '../checkout/cart-reference.ts';
import { cartPath, type CartRequest, type CheckoutRequest } from '../checkout/cart-request.ts';
import { CheckoutError } from '../checkout/checkout-error.ts';
import { priceCart, type PricedCart } from '../checkout/price-cart.ts';
import { StepError } from '../contract/errors.ts';
import type { Cart, Started } from '../contract/gateway.ts';
import type { PaymentEvent } from '../contract/event.ts';
import type { Money } from '../contract/money.ts';
import type { OpenGateway } from '../flow.ts';
import { billed } from '../gateways/index.ts';
import { logText } from '../contract/log-text.ts';
import type { BegunCheckout, Checkout, CheckoutChoice } from '../http/checkout-host.ts';

/** Carts at the prices of the files in force, and payments begun with them. */
export function createCheckout(app: App): Checkout {
  const price = (request: CartRequest, isReserving = false): Promise<PricedCart> =>
    priceCart(request, {
      offer: (sku, quantity) => app.edition().offer(sku, quantity, { isReserving }),
      rules: (sku) => app.configuration().products.get(sku)?.cart,
      includes: (sku) => app.configuration().products.get(sku)?.includes ?? [],
    });

  async function start(request: CheckoutRequest): Promise<BegunCheckout> {
    const { site } = app.configuration();
    const priced = await price(request, true);
    const [problem] = priced.problems;
    if (problem) throw new CheckoutError(problem.code === 'SOLD_OUT' ? 409 : 422, problem.code, problem.message);
    if (!priced.total) throw new CheckoutError(422, 'CHECKOUT_MALFORMED', 'There is nothing in the cart.');
    const gateway = gatewayFor(request, priced.total, app);
    if (gateway.gateway.needsBuyer && request.buyer.email === undefined)
      throw new CheckoutError(422, 'CHECKOUT_BUYER', 'Please give your e-mail address: what you buy is sent there.');

    const resume = cartPath(request);
    const cancelUrl = cancelAddress(request.cancelUrl, resume, site);
    if (cancelUrl === undefined)
      throw new CheckoutError(
        422,
        'CHECKOUT_ADDRESS',
        '"cancelUrl" leads to another site. Its origin must be listed under "checkout.origins".',
      );
    const cart: Cart = {
      reference: cartReference(request, gateway.name),
      lines: priced.lines,
      total: priced.total,
      buyer: request.buyer,
      metadata: request.metadata,
      returnUrl: `${site.baseUrl}/return/${gateway.name}`,
      cancelUrl,
      callbackUrl: `${site.baseUrl}/callbacks/${gateway.name}`,
      ...(request.method !== undefined && { method: request.method }),
      ...(request.language !== undefined && { language: request.language }),
    };
    const abandonMs = site.checkout.abandonAfterMinutes * 60_000;
    const hold = await reserve(cart, abandonMs, app);
    const started = await ask(gateway, cart, app).catch(async (error: unknown) => {
      await app.store.releaseStock(hold);
      throw error;
    });
    const events = started.events ?? [startedEvent(gateway, cart, started, resume, new Date(app.now().getTime() + abandonMs))];
    await app.record(events.map((event) => ({ ...event, references: [...(event.references ?? []), hold] })));
    const record = await app.store.findPurchase(gateway.name, started.purchase);
    const order = record && { number: record.order.id, url: app.edition().links.page(record.order.id) };
    return { started, ...(order && { order }) };
  }

  return {
    price: (request) => price(request),
    start,
    choices: (total) => choicesFor(total, app),
    taxes: ({ lines }) => {
      const { products, site } = app.configuration();
      return [...new Set(lines.map(({ sku }) => products.get(sku)?.taxes ?? site.taxes))];
    },
  };
}

/** What costs nothing needs no gateway, and a gateway that takes no money is for nothing else. */
function gatewayFor({ gateway: wanted, method }: CheckoutRequest, total: Money, app: App): OpenGateway {
  const edition = app.edition();
  const { checkouts } = edition;
  const only = checkouts.length === 1 ? checkouts[0] : undefined;
  const found =
    total.amount === 0 ? edition.gateway('free') : wanted === undefined ? only : checkouts.find(({ name }) => name === wanted);
  if (!found) {
    const names = checkouts.map(({ name }) => name).join(', ') || 'none';
    throw new CheckoutError(422, 'CHECKOUT_GATEWAY', `Say how to pay: "gateway" is one of ${names}.`);
  }
  const methods = total.amount === 0 ? undefined : found.gateway.methods?.(found.context);
  if (method !== undefined && methods && !methods.some(({ name }) => name === method))
    throw new CheckoutError(
      422,
      'CHECKOUT_GATEWAY',
      `"method" of ${found.name} is one of ${methods.map(({ name }) => name).join(', ')}.`,
    );
  return found;
}

/** Holds what the cart takes of limited stock, so that two buyers never pay for one unit. Gives the name it is held under. */
async function reserve({ reference, lines }: Cart, forMs: number, app: App): Promise<string> {
  const { products } = app.configuration();
  const hold = `${cartPrefix}${reference}`;
  const pools = poolsOf(products);
  const wanted = lines.map(({ sku, quantity }) => ({ sku, units: quantity }));
  const isLimited = pools.some(({ skus }) => wanted.some(({ sku }) => skus.includes(sku)));
  const short = isLimited ? await app.store.reserveStock(hold, pools, wanted, forMs) : undefined;
  if (short === undefined) return hold;
  const skus = pools.find(({ name }) => name === short)?.skus ?? [];
  const line = lines.find(({ sku }) => skus.includes(sku));
  const product = line && products.get(line.sku);
  throw new CheckoutError(409, 'SOLD_OUT', `${line?.title ?? short}: ${soldOutWords(product ?? {})}`);
}

/** Staff read in the log what the gateway said; the buyer reads whether to try again. */
async function ask({ name, gateway, context }: OpenGateway, cart: Cart, { log }: App): Promise<Started> {
  if (!gateway.checkout) throw new CheckoutError(422, 'CHECKOUT_GATEWAY', `No payment can be begun through ${name}.`);
  try {
    return await gateway.checkout(cart, context);
  } catch (error) {
    const isFinal = error instanceof StepError && error.retry === 'never';
    const code = error instanceof StepError ? error.code : 'CHECKOUT_FAILED';
    const message = error instanceof Error ? error.message : 'unknown';
    log.error({ gateway: name, code, reference: cart.reference, error: logText(message) }, 'A payment could not be begun.');
    throw isFinal
      ? new CheckoutError(
          502,
          'CHECKOUT_REFUSED',
          'The payment could not be begun this way. Please begin again, choose another way to pay, or write to us.',
          error,
        )
      : new CheckoutError(
          503,
          'CHECKOUT_FAILED',
          'The payment could not be begun just now. Nothing was charged. Please try again in a minute.',
          error,
        );
  }
}

/** Kept so that a purchase of which nothing is heard again becomes an abandoned one, with a way back. */
function startedEvent(
  { name, context }: OpenGateway,
  cart: Cart,
  { purchase }: Started,
  resume: string,
  until: Date,
): PaymentEvent {
  return {
    kind: 'checkout.started',
    gateway: name,
    id: `checkout:${purchase}`,
    at: context.now().toISOString(),
    purchase,
    payment: purchase,
    mode: context.mode,
    amount: cart.total,
    until: until.toISOString(),
    lines: billed(cart),
    buyer: cart.buyer,
    ...(cart.language !== undefined && { language: cart.language }),
    metadata: { ...cart.metadata, resume },
  };
}

function choicesFor(total: Money, app: App): CheckoutChoice[] {
  if (total.amount === 0) return [{ gateway: 'free', label: 'Order for free', needsBuyer: true }];
  const { gateways } = app.configuration();
  return app.edition().checkouts.flatMap(({ name, gateway, context }): CheckoutChoice[] => {
    const own = gateways.get(name)?.label;
    const needsBuyer = gateway.needsBuyer ?? false;
    const methods = gateway.methods?.(context) ?? [];
    if (methods.length === 0)
      return [{ gateway: name, label: own ?? `Pay with ${gateway.summary.split(':')[0] ?? name}`, needsBuyer }];
    return methods.map((method) => ({ gateway: name, method: method.name, label: method.label, needsBuyer }));
  });
}
