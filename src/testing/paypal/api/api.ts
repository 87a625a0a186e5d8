import { textReply, type DoubleReply, type DoubleRequest } from '../../double-server.ts';
import type { Ipn } from '../ipn.ts';
import { ApiError, errorReply, unknownResource } from './errors.ts';
import type { Desk, Handler } from './call.ts';
import { listEvents, showWebhook, verifySignature } from './notifications.ts';
import { captureOrder, createOrder, showOrder } from './orders.ts';
import { listDisputes, refund, show, showDispute, subscriptionPayments } from './payments-api.ts';
import { createRequestIds } from './request-ids.ts';
import type { Tokens } from './tokens.ts';

const id = '([A-Za-z0-9-]+)';

const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['POST', /^\/v2\/checkout\/orders$/, createOrder],
  ['GET', new RegExp(`^/v2/checkout/orders/${id}$`), showOrder],
  ['POST', new RegExp(`^/v2/checkout/orders/${id}/capture$`), captureOrder],
  ['GET', new RegExp(`^/v2/payments/captures/${id}$`), show('captures')],
  ['POST', new RegExp(`^/v2/payments/captures/${id}/refund$`), refund],
  ['GET', new RegExp(`^/v2/payments/authorizations/${id}$`), show('authorizations')],
  ['GET', new RegExp(`^/v2/payments/refunds/${id}$`), show('refunds')],
  ['GET', new RegExp(`^/v1/payments/sale/${id}$`), show('sales')],
  ['GET', new RegExp(`^/v1/payments/refund/${id}$`), show('saleRefunds')],
  ['GET', new RegExp(`^/v1/billing/subscriptions/${id}$`), show('subscriptions')],
  ['GET', new RegExp(`^/v1/billing/subscriptions/${id}/transactions$`), subscriptionPayments],
  ['GET', new RegExp(`^/v1/billing/plans/${id}$`), show('plans')],
  ['GET', /^\/v1\/customer\/disputes$/, listDisputes],
  ['GET', new RegExp(`^/v1/customer/disputes/${id}$`), showDispute],
  ['POST', /^\/v1\/notifications\/verify-webhook-signature$/, verifySignature],
  ['GET', new RegExp(`^/v1/notifications/webhooks/${id}$`), showWebhook],
  ['GET', /^\/v1\/notifications\/webhooks-events$/, listEvents],
];

/** All of PayPal's servers at one address: the API, the certificates, and where IPN messages are sent back to. */
export function serveApi(
  desk: Desk,
  tokens: Tokens,
  certificates: ReadonlyMap<string, string>,
  ipn: Ipn,
): (request: DoubleRequest) => DoubleReply {
  const requestIds = createRequestIds((reply) => latestOf(reply, desk));
  return (request) => {
    const { method, path } = request;
    const certificate = /^\/v1\/notifications\/certs\/([\w-]+)$/.exec(path)?.[1];
    if (certificate !== undefined && method === 'GET') {
      const pem = certificates.get(certificate);
      return pem === undefined
        ? textReply('', 404)
        : { ...textReply(pem), headers: { 'content-type': 'application/x-x509-ca-cert' } };
    }
    if (path === '/cgi-bin/webscr' && method === 'POST') return ipn.validate(request);
    if (path === '/v1/oauth2/token' && method === 'POST') return tokens.give(request);
    try {
      tokens.demand(request);
      const route = routes.find(([verb, form]) => verb === method && form.test(path));
      if (!route) throw unknownResource();
      const [, form, handler] = route;
      const work = () => handler(request, form.exec(path)?.slice(1) ?? [], desk);
      return method === 'POST' ? requestIds.once(request, work) : work();
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    }
  };
}

function latestOf(reply: DoubleReply, { books }: Desk): DoubleReply {
  const { id: made } = JSON.parse(reply.body) as { id?: string };
  const order = made === undefined ? undefined : books.find('orders', made);
  return order ? { ...reply, body: JSON.stringify(order) } : reply;
}
