import { startDouble, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { serveApi } from './api/api.ts';
import type { CapturePlan, Desk } from './api/call.ts';
import { findOrder } from './api/orders.ts';
import { createTokens } from './api/tokens.ts';
import { approvalPage } from './approval-page.ts';
import { Books } from './books.ts';
import { certificateFamily } from './certificates.ts';
import { createTeller, type PaypalCallback } from './events.ts';
import { answeredBy } from './faults.ts';
import { createIpn, type IpnMessage } from './ipn.ts';
import { beginSale, saleOf, type PaypalSale, type PaypalSaleTerms } from './sale.ts';
import type { PaypalSignOptions } from './sign.ts';
import { beginSubscription, type PaypalSubscription, type PaypalSubscriptionTerms } from './subscription.ts';

export interface PaypalDoubleOptions {
  /** @default a free one */
  port?: number;
  /** The clock of everything the double makes and signs. @default the machine's */
  now?: () => Date;
  /** Which of PayPal's hosts certificates are said to be at, and whether IPN messages are marked as tests. @default 'sandbox' */
  environment?: 'live' | 'sandbox';
  clientId?: string;
  clientSecret?: string;
  webhookId?: string;
  /** Where the webhook is registered to call. @default https://shop.example.com/shop/callbacks/paypal */
  webhookUrl?: string;
  merchantId?: string;
  /** How long an access token is good. @default 32400 */
  tokenSeconds?: number;
  /** The most that a page of events holds, whatever is asked. @default 300 */
  pageSize?: number;
  /** Where every event is posted as it happens, also what API calls lead to. Without it they are only in the books. */
  deliverTo?: string;
}

/** What the endpoint said to a callback. */
export interface PaypalDelivery {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** PayPal on this machine: API, certificates, webhooks that are really signed, the buyer's page, and the older notifications. */
export interface PaypalDouble {
  /** `http://127.0.0.1:PORT`, for the gateway's `apiBase`. */
  readonly url: string;
  /** For `postbackUrl` of the gateway `paypal-ipn`. */
  readonly postbackUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookId: string;
  readonly merchantId: string;
  /** For the gateway's `roots`. */
  readonly roots: readonly string[];
  /** Puts an order in the books that a shop made. */
  sale(terms: PaypalSaleTerms): PaypalSale;
  /** The sale behind an order that was made over the API. */
  saleOf(order: string): PaypalSale;
  subscription(terms: PaypalSubscriptionTerms): PaypalSubscription;
  /** Any event, about anything. */
  tell(type: string, resource: Record<string, unknown>): PaypalCallback;
  /** A message of the older notifications. An empty value leaves a field out. */
  ipn(fields: Readonly<Record<string, string>>): IpnMessage;
  /** Headers with a signature over exactly these bytes. */
  sign(body: string | Uint8Array, options?: PaypalSignOptions): Record<string, string>;
  /** Puts a certificate file at an address: `sign(…, { certificate: name })` names it. */
  publish(name: string, pem: string): void;
  /** Every event there was, oldest first. */
  readonly told: readonly PaypalCallback[];
  /** What the app may see, and what its webhook is told. */
  readonly switches: { disputes: boolean; webhookEvents: readonly string[] };
  /** All access tokens are void at once. */
  revokeTokens(): void;
  /** Posts a callback. Redirects are not followed. */
  send(url: string, callback: Pick<PaypalCallback, 'body' | 'headers'>): Promise<PaypalDelivery>;
  readonly books: Books;
  readonly requests: readonly DoubleRequest[];
  readonly faults: FaultQueue;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Waits for deliveries under way, then frees the port. */
  close(): Promise<void>;
}

/** Starts a double of PayPal on 127.0.0.1. Close it when the test is over. */
export async function startPaypal(options: PaypalDoubleOptions = {}): Promise<PaypalDouble> {
  const { environment = 'sandbox', clientId = 'AdoubleClientId', clientSecret = 'EdoubleClientSecret' } = options;
  const { webhookId = '8PT597110X687430LKGECATA', merchantId = 'MERCHANT1DBL' } = options;
  const now = options.now ?? (() => new Date());
  const books = new Books(now);
  const told: PaypalCallback[] = [];
  const underWay = new Set<Promise<unknown>>();
  const { signer, middle, root } = certificateFamily();
  const certificates = new Map([['CERT-D0UB1E-5161', signer.pem + middle.pem]]);
  const host = environment === 'live' ? 'api.paypal.com' : 'api.sandbox.paypal.com';
  const teller = createTeller(
    books,
    { webhookId, certUrl: (name) => `https://${host}/v1/notifications/certs/${name}` },
    (callback) => {
      told.push(callback);
      deliver(callback);
    },
  );
  const switches = { disputes: true, webhookEvents: ['*'] as readonly string[] };
  const desk: Desk = {
    books,
    teller,
    webhookId,
    webhookUrl: () => options.webhookUrl ?? 'https://shop.example.com/shop/callbacks/paypal',
    merchantId,
    pageSize: options.pageSize ?? 300,
    plans: new Map<string, CapturePlan[]>(),
    switches,
  };
  const tokens = createTokens({ clientId, clientSecret, tokenSeconds: options.tokenSeconds ?? 32_400, now });
  const ipn = createIpn({ merchantId, isTest: environment === 'sandbox', newId: () => books.newId() });
  const saleBehind = (order: string) => saleOf(findOrder(books, order), desk);
  const server = await startDouble({
    port: options.port,
    now,
    handle: answeredBy(serveApi(desk, tokens, certificates, ipn)),
    pages: approvalPage(books, saleBehind),
  });
  books.url = server.origin;

  function deliver(callback: PaypalCallback): void {
    if (options.deliverTo === undefined) return;
    const delivery = post(options.deliverTo, callback).catch(() => undefined);
    underWay.add(delivery);
    void delivery.finally(() => underWay.delete(delivery));
  }

  return {
    url: server.origin,
    postbackUrl: `${server.origin}/cgi-bin/webscr`,
    clientId,
    clientSecret,
    webhookId,
    merchantId,
    roots: [root.pem],
    sale: (terms) => beginSale(terms, desk),
    saleOf: saleBehind,
    subscription: (terms) => beginSubscription(terms, desk),
    tell: (type, resource) => teller.tell(type, resource),
    ipn: (fields) => ipn.message(fields),
    sign: (body, sign) => teller.sign(body, sign),
    publish: (name, pem) => void certificates.set(name, pem),
    told,
    switches,
    revokeTokens: () => tokens.revokeAll(),
    send: post,
    books,
    requests: server.requests,
    faults: server.faults,
    goDown: () => server.goDown(),
    comeBack: () => server.comeBack(),
    async close() {
      await Promise.all(underWay);
      await server.close();
    },
  };
}

const patienceMs = 20_000;

async function post(url: string, { body, headers }: Pick<PaypalCallback, 'body' | 'headers'>): Promise<PaypalDelivery> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
}
