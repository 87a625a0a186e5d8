import type { DoubleReply, DoubleRequest } from '../../double-server.ts';
import type { Books } from '../books.ts';
import type { Sender } from '../events.ts';
import type { Json, Kind } from '../wire.ts';
import { accountOf, header, readCall, type Call } from './call.ts';
import { createSession, expireSession, type Sales } from './checkout-api.ts';
import { ApiError, errorReply, jsonAnswer } from './errors.ts';
import { listEvents, listThinEvents, showEvent, showThinEvent } from './events-api.ts';
import { createMemory, type Memory } from './idempotency.ts';
import { nest } from './params.ts';
import { list, listInvoicePayments, listSessions, partsOf, retrieve, show } from './resources.ts';

export interface Api {
  books: Books;
  apiKey: string;
  sales: Sales;
  sender: Sender;
}

/** Answers one request as api.stripe.com does, and writes it down. */
export function serveApi(api: Api): (request: DoubleRequest) => DoubleReply {
  const memory = createMemory();
  return (request) => {
    const reply = { ...answer(api, memory, request) };
    const id = api.books.newId('req');
    const version = header(request, 'stripe-version') ?? api.books.options.apiVersion;
    const account = accountOf(request);
    const echoed = { ...(account === null ? {} : { 'stripe-account': account }), 'stripe-version': version, 'request-id': id };
    record(api.books, request, reply.status);
    return { ...reply, headers: { ...echoed, ...reply.headers } };
  };
}

function answer(api: Api, memory: Memory, request: DoubleRequest): DoubleReply {
  try {
    const call = readCall(request, api.books, api.apiKey);
    const work = () => jsonAnswer(200, route(call, api));
    return call.method === 'POST' ? memory.once(call, work) : work();
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  }
}

type Handler = (call: Call, id: string, api: Api) => Json;

const retrievable =
  (kind: Kind, param?: string): Handler =>
  (call, id) =>
    show(call, retrieve(call, kind, id, param));

/** Method and path, `{}` standing for an id. */
const routes: Readonly<Record<string, Handler>> = {
  'GET /v1/checkout/sessions': (call) => listSessions(call),
  'POST /v1/checkout/sessions': (call, _id, api) => createSession(call, api.sales, api.sender),
  'GET /v1/checkout/sessions/{}': retrievable('checkout.session', 'session'),
  'POST /v1/checkout/sessions/{}/expire': (call, id, api) => expireSession(call, api.sales, id),
  'GET /v1/checkout/sessions/{}/line_items': (call, id) => {
    retrieve(call, 'checkout.session', id, 'session');
    return partsOf(call, 'item', call.books.sessionItems.get(id) ?? []);
  },
  'GET /v1/payment_intents': (call) => list(call, 'payment_intent', { customer: (intent) => intent.customer }),
  'GET /v1/payment_intents/{}': retrievable('payment_intent', 'intent'),
  'GET /v1/payment_intents/{}/amount_details_line_items': (call, id) => {
    retrieve(call, 'payment_intent', id, 'intent');
    return partsOf(call, 'payment_intent_amount_details_line_item', call.books.intentItems.get(id) ?? []);
  },
  'GET /v1/charges': (call) =>
    list(call, 'charge', { payment_intent: (charge) => charge.payment_intent, customer: (charge) => charge.customer }),
  'GET /v1/charges/{}': retrievable('charge'),
  'GET /v1/refunds': (call) =>
    list(call, 'refund', { charge: (refund) => refund.charge, payment_intent: (refund) => refund.payment_intent }),
  'GET /v1/refunds/{}': retrievable('refund'),
  'GET /v1/disputes': (call) =>
    list(call, 'dispute', { charge: (dispute) => dispute.charge, payment_intent: (dispute) => dispute.payment_intent }),
  'GET /v1/disputes/{}': retrievable('dispute'),
  'GET /v1/invoices': (call) =>
    list(call, 'invoice', {
      customer: (invoice) => invoice.customer,
      status: (invoice) => invoice.status,
      subscription: (invoice) => invoice.parent?.subscription_details?.subscription,
    }),
  'GET /v1/invoices/{}': retrievable('invoice', 'invoice'),
  'GET /v1/invoices/{}/lines': (call, id) => {
    retrieve(call, 'invoice', id, 'invoice');
    return partsOf(call, 'line_item', call.books.invoiceLines.get(id) ?? []);
  },
  'GET /v1/invoice_payments': (call) => listInvoicePayments(call),
  'GET /v1/invoice_payments/{}': retrievable('invoice_payment'),
  'GET /v1/subscriptions': (call) =>
    list(call, 'subscription', {
      customer: (subscription) => subscription.customer,
      status: (subscription) => subscription.status,
    }),
  'GET /v1/subscriptions/{}': retrievable('subscription'),
  'GET /v1/customers/{}': retrievable('customer'),
  'GET /v1/prices/{}': retrievable('price', 'price'),
  'GET /v1/products/{}': retrievable('product'),
  'GET /v1/events': (call) => listEvents(call),
  'GET /v1/events/{}': (call, id) => showEvent(call, id),
  'GET /v2/core/events': (call) => listThinEvents(call),
  'GET /v2/core/events/{}': (call, id) => showThinEvent(call, id),
};

const patterns = Object.entries(routes).map(([route, handler]) => ({
  pattern: new RegExp(`^${route.replace('{}', '([^/]+)')}$`),
  handler,
}));

function route(call: Call, api: Api): Json {
  const asked = `${call.method} ${call.path}`;
  for (const { pattern, handler } of patterns) {
    const match = pattern.exec(asked);
    if (match) return handler(call, decodeURIComponent(match[1] ?? ''), api);
  }
  const hint = call.path.endsWith('/')
    ? ' If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code.'
    : '';
  throw new ApiError(
    404,
    `Unrecognized request URL (${call.method}: ${call.path}).${hint} Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  );
}

function record(books: Books, request: DoubleRequest, status: number): void {
  books.requests.push({
    method: request.method,
    path: request.path,
    query: nest(request.query),
    body: nest(request.form),
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (name === 'authorization' ? [] : [[name, String(value)]])),
    ),
    account: accountOf(request),
    apiVersion: header(request, 'stripe-version') ?? null,
    idempotencyKey: header(request, 'idempotency-key') ?? null,
    status,
  });
}
