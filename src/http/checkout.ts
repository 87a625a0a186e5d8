import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { allowedOrigins } from '../checkout/allowed-origins.ts';
import { CheckoutError } from '../checkout/checkout-error.ts';
import type { PricedCart } from '../checkout/price-cart.ts';
import { readCart as readCartFields, readCheckout } from '../checkout/read-request.ts';
import { cartPageData, onwardPageData, problemPageData, type CartPageData } from '../responses/cart-page.ts';
import { pageHeaders } from '../responses/page-headers.ts';
import { sendJson, sendOn, sendPage, wantsJson } from './answers.ts';
import { readCheckoutBody } from './checkout-body.ts';
import type { BegunCheckout, Checkout, CheckoutChoice } from './checkout-host.ts';
import type { PageHost } from './page-host.ts';
import { readCart } from './sandbox-cart.ts';

type Handler = (req: Request, res: Response) => Promise<void>;

const minuteMs = 60_000;
const [perBuyer, perBuyerMs] = [10, 10 * minuteMs];
const tooMany = new CheckoutError(
  429,
  'CHECKOUT_TOO_OFTEN',
  'That was a lot of attempts in a short time. Please try again in a few minutes.',
);

/**
 * The cart page, and the address that begins a payment. Nothing here knows a session or reads a cookie, so a foreign page gains
 * nothing by posting for its visitor; which origins may is checked all the same, so that no other site sells in our name.
 */
export function createCheckoutPages(host: PageHost, checkout: Checkout): { cart: Handler; begin: Handler; preflight: Handler } {
  const byAddress = limiter(
    minuteMs,
    () => host.site().checkout.requestsPerMinute,
    (req) => ipKeyGenerator(req.ip ?? ''),
  );
  /** Whoever changes addresses must not fill one person's mailbox either. */
  const byBuyer = limiter(
    perBuyerMs,
    () => perBuyer,
    (_req, res) => String(res.locals['handoverBuyer'] ?? ''),
    true,
  );

  async function begin(req: Request, res: Response): Promise<void> {
    try {
      requireOrigin(req, host);
      await within(byAddress, req, res);
      const request = readCheckout(await readCheckoutBody(req));
      res.locals['handoverBuyer'] = request.buyer.email?.toLowerCase();
      if (request.buyer.email !== undefined) await within(byBuyer, req, res);
      await sendBegun(req, res, await checkout.start(request), host);
    } catch (error) {
      if (!(error instanceof CheckoutError)) throw error;
      await tellProblem(req, res, error, host);
    }
  }

  async function cart(req: Request, res: Response): Promise<void> {
    const query = new URLSearchParams(req.url.split('?')[1] ?? '');
    try {
      const fields = { items: readCart(query), currency: query.get('currency') };
      const priced = await checkout.price(readCartFields(fields));
      const choices = priced.total ? checkout.choices(priced.total) : [];
      if (isForPrograms(req)) sendJson(req, res, 200, cartJson(priced, choices), corsHeaders(req, host));
      else await showCart(req, res, query, { priced, choices, taxes: checkout.taxes(priced) }, host);
    } catch (error) {
      if (!(error instanceof CheckoutError)) throw error;
      await tellProblem(req, res, error, host);
    }
  }

  function preflight(req: Request, res: Response): Promise<void> {
    const allowed = corsHeaders(req, host);
    const methods = { 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'Content-Type, Accept' };
    const isAllowed = 'Access-Control-Allow-Origin' in allowed;
    res.writeHead(204, {
      ...allowed,
      ...(isAllowed && { ...methods, 'Access-Control-Max-Age': '600' }),
      Allow: 'POST',
      'Content-Length': 0,
    });
    res.end();
    return Promise.resolve();
  }

  return { cart, begin, preflight };
}

function limiter(
  windowMs: number,
  limit: () => number,
  keyGenerator: (req: Request, res: Response) => string,
  skipFailedRequests = false,
): RateLimitRequestHandler {
  return rateLimit({
    windowMs,
    limit,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    skipFailedRequests,
    validate: false,
    handler: (_req, _res, next) => next(tooMany),
  });
}

/** Throws what the limiter hands on. */
function within(limit: RateLimitRequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(req, res, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}

/**
 * A browser says where a form comes from; a program on a server says nothing. `null` is what a page sends that hides where it
 * is: taken only where the browser vouches that it is one of our own.
 */
function requireOrigin({ headers }: Request, host: PageHost): void {
  const { origin } = headers;
  const isOurs = headers['sec-fetch-site'] === 'same-origin';
  if (origin === undefined || allowedOrigins(host.site()).has(origin) || (origin === 'null' && isOurs)) return;
  throw new CheckoutError(
    403,
    'CHECKOUT_ORIGIN',
    'A page of another site began this payment, and that is not allowed. Please go back to the shop.',
  );
}

function corsHeaders({ headers: { origin } }: Request, host: PageHost): Record<string, string> {
  const vary = { Vary: 'Accept, Origin' };
  return origin !== undefined && allowedOrigins(host.site()).has(origin)
    ? { ...vary, 'Access-Control-Allow-Origin': origin }
    : vary;
}

/** Whoever sends JSON gets JSON, unless it asks for a page. */
function isForPrograms(req: Request): boolean {
  return wantsJson(req) || (Boolean(req.is(['json', '+json'])) && !(req.headers.accept ?? '').includes('text/html'));
}

async function sendBegun(req: Request, res: Response, { started, order }: BegunCheckout, host: PageHost): Promise<void> {
  if (isForPrograms(req)) {
    const { kind } = started;
    const next =
      started.kind === 'redirect'
        ? { url: started.url }
        : started.kind === 'form'
          ? { action: started.action, fields: started.fields }
          : {};
    sendJson(
      req,
      res,
      200,
      { kind, ...next, ...(order && { order: order.number }), ...(order && kind === 'placed' && { page: order.url }) },
      corsHeaders(req, host),
    );
  } else if (started.kind === 'form') {
    const html = await host.pages().render('onward', onwardPageData(host.site(), started.action, started.fields));
    sendPage(req, res, { status: 200, html }, formTo(new URL(started.action).origin));
  } else {
    sendOn(res, started.kind === 'redirect' ? started.url : (order?.url ?? host.site().baseUrl));
  }
}

async function showCart(
  req: Request,
  res: Response,
  query: URLSearchParams,
  {
    priced,
    choices,
    taxes,
  }: { priced: PricedCart; choices: readonly CheckoutChoice[]; taxes: readonly ('included' | 'added')[] },
  host: PageHost,
): Promise<void> {
  const carried = ['campaign', 'seller', 'cancelUrl', 'language'].flatMap((name) =>
    query.has(name) ? [{ name, value: query.get(name) ?? '' }] : [],
  );
  const data: CartPageData = cartPageData(host.site(), {
    ...priced,
    taxes,
    problems: priced.problems.map(({ message }) => message),
    choices: choices.map(({ gateway, method, label, needsBuyer }) => ({
      value: method === undefined ? gateway : `${gateway}:${method}`,
      label,
      needsBuyer,
    })),
    fields: [
      ...readCart(query).flatMap(({ sku, quantity }) => [
        { name: 'sku', value: sku },
        { name: 'quantity', value: String(quantity) },
      ]),
      ...(priced.total ? [{ name: 'currency', value: priced.total.currency }] : []),
      { name: 'cart', value: randomBytes(18).toString('base64url') },
      ...carried,
    ],
  });
  const status = priced.problems.length > 0 ? 422 : 200;
  const html = await host.pages().render('cart', data);
  sendPage(
    req,
    res,
    { status, html },
    { ...formTo('https:', ...(host.site().mode === 'test' ? ['http:'] : [])), 'referrer-policy': 'same-origin' },
  );
}

/** Where a form of the page may lead. Browsers apply it to redirects too, and where a gateway's page lies is known only then. */
function formTo(...places: readonly string[]): Record<string, string> {
  const policy = pageHeaders['content-security-policy'] ?? '';
  return { 'content-security-policy': policy.replace("form-action 'self'", `form-action 'self' ${places.join(' ')}`) };
}

async function tellProblem(req: Request, res: Response, { status, code, message }: CheckoutError, host: PageHost): Promise<void> {
  if (status === 429 || status === 503) res.setHeader('Retry-After', status === 429 ? '60' : '10');
  if (isForPrograms(req)) {
    sendJson(req, res, status, { error: code, message }, corsHeaders(req, host));
    return;
  }
  const html = await host.pages().render('error', problemPageData(host.site(), message));
  sendPage(req, res, { status, html });
}

function cartJson({ lines, total, currencies, problems }: PricedCart, choices: readonly CheckoutChoice[]): object {
  return { lines, ...(total && { total }), currencies, problems, pay: problems.length > 0 ? [] : choices };
}
