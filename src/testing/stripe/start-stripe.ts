import { startDouble, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { serveApi } from './api/api.ts';
import type { Sales } from './api/checkout-api.ts';
import { Books } from './books.ts';
import { checkoutPage } from './checkout-page.ts';
import { tellPing, type EventOptions, type Sender, type StripeCallback } from './events.ts';
import { answeredBy, type Answers } from './faults.ts';
import { makeCart } from './line-items.ts';
import { saleOf, type Sale } from './sale/sale.ts';
import { beginSale } from './sale/state.ts';
import { signedHeaders, type SignOptions } from './sign.ts';
import { currentVersion, fillIn, type SaleBuyer, type SaleTerms } from './terms.ts';

export interface StripeOptions {
  /** The only key the API takes. `sk_live_…` sees and makes live objects, `sk_test_…` test ones. @default 'sk_test_double' */
  apiKey?: string;
  /** Signs callbacks. @default 'whsec_double' */
  webhookSecret?: string;
  /** @default a free one */
  port?: number;
  /** The most that a page of a list holds, whatever `limit` asks. Small values force a reader to page. @default 100 */
  pageSize?: number;
  /** The clock of everything the double makes and signs. @default the machine's */
  now?: () => Date;
  /** What events and API answers are written in, unless a sale or a `Stripe-Version` header says otherwise. @default 2026-10-28.endive */
  apiVersion?: string;
  /** Which events are sent unless a call says otherwise. @default 'snapshot' */
  family?: 'snapshot' | 'thin';
  /** Where callbacks go when somebody pays on the double's own page. Without it they are only put in the books. */
  deliverTo?: string;
}

/** What the endpoint said to a callback. */
export interface Delivery {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** Stripe on this machine: its API over real HTTP, and callbacks that are really signed. */
export interface StripeDouble {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** For `new Stripe(apiKey, { host, port, protocol: 'http' })`. */
  readonly host: string;
  readonly port: number;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Puts a sale in the books: an open session until something is made to happen to it. */
  sale(terms: SaleTerms): Sale;
  /** The sale behind a session that was made over the API. `buyer` is what is typed into the form. */
  saleOf(sessionId: string, buyer?: SaleBuyer): Sale;
  /** The notice that tries an endpoint out; it is about no payment. */
  ping(options?: EventOptions): StripeCallback;
  /** Headers with a signature over exactly these bytes. */
  sign(body: string | Uint8Array, options?: SignOptions): Record<string, string>;
  /** Posts a callback. A 2xx answer counts as delivered: `delivery_success` of the event list tells. Redirects are not followed. */
  send(url: string, callback: Pick<StripeCallback, 'id' | 'body' | 'headers'>): Promise<Delivery>;
  readonly books: Books;
  /** Requests as they arrived, also those that met a fault. `books.requests` has those that were answered. */
  readonly requests: readonly DoubleRequest[];
  readonly faults: FaultQueue;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Waits for deliveries under way, then frees the port. */
  close(): Promise<void>;
}

/** Starts a double of Stripe on 127.0.0.1. Close it when the test is over. */
export async function startStripe(options: StripeOptions = {}): Promise<StripeDouble> {
  const apiKey = options.apiKey ?? 'sk_test_double';
  const webhookSecret = options.webhookSecret ?? 'whsec_double';
  const now = options.now ?? (() => new Date());
  const books = new Books({
    now,
    url: '',
    apiVersion: options.apiVersion ?? currentVersion,
    livemode: /^[sr]k_live_/.test(apiKey),
    pageSize: options.pageSize ?? 100,
  });
  const sender: Sender = { secrets: [webhookSecret], family: options.family ?? 'snapshot' };
  const sales: Sales = new Map();
  const underWay = new Set<Promise<unknown>>();

  const answers: Answers = answeredBy(serveApi({ books, apiKey, sales, sender }));
  const server = await startDouble({ port: options.port, now, handle: answers, pages: checkoutPage(sales, deliver) });
  books.options.url = server.origin;

  function deliver(callback: StripeCallback): void {
    if (options.deliverTo === undefined) return;
    const delivery = post(books, options.deliverTo, callback).catch(() => undefined);
    underWay.add(delivery);
    void delivery.finally(() => underWay.delete(delivery));
  }

  return {
    url: server.origin,
    host: '127.0.0.1',
    port: Number(new URL(server.origin).port),
    apiKey,
    webhookSecret,
    sale(terms) {
      const full = fillIn(terms, books.options);
      const state = beginSale(books, sender, full, makeCart(books, full));
      if (state.session) sales.set(state.session.id, state);
      return saleOf(state);
    },
    saleOf(sessionId, buyer) {
      const state = sales.get(sessionId);
      if (!state) throw new Error(`The double knows no session ${sessionId}. It has ${[...sales.keys()].join(', ') || 'none'}.`);
      if (buyer) state.terms = { ...state.terms, buyer: { ...state.terms.buyer, ...buyer } };
      return saleOf(state);
    },
    ping: (event) => tellPing(books, sender, event),
    sign: (body, { secret, secrets, at, scheme } = {}) =>
      signedHeaders(body, { secrets: secrets ?? [secret ?? webhookSecret], at: at ?? now(), scheme }),
    send: (url, callback) => post(books, url, callback),
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

/** How long an endpoint may take; Stripe publishes no figure. */
const patienceMs = 20_000;

async function post(
  books: Books,
  url: string,
  { id, body, headers }: Pick<StripeCallback, 'id' | 'body' | 'headers'>,
): Promise<Delivery> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  });
  if (response.ok) books.markDelivered(id);
  return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
}
