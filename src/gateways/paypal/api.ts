import paypalSdk from '@paypal/checkout-server-sdk';
import type { Fields } from '../json-fields.ts';
import { call, fetchObject, type ApiAnswer, type ApiRequest } from './client.ts';
import type { Line } from './token.ts';

const { orders, payments } = paypalSdk;

/** What we ask of PayPal. Orders and payments are worded by its own SDK, which knows nothing of the rest. */
export type PaypalApi = ReturnType<typeof openApi>;

/** Throws `tryLater` and `giveUp` only. Ids have the form of ids (`needId`). */
export function openApi(line: Line) {
  const get = (path: string, query: Readonly<Record<string, string>> = {}): ApiRequest => {
    const text = new URLSearchParams(query).toString();
    return { verb: 'GET', path: text === '' ? path : `${path}?${text}` };
  };
  const one = (what: string, request: ApiRequest): Promise<Fields> => fetchObject(line, request, what);

  return {
    order: (id: string) => one(`order ${id}`, new orders.OrdersGetRequest(id)),
    /** With `payPalRequestId`, which this SDK's request for a new order lacks, a repetition gives the same order. */
    createOrder: (requestId: string, body: Fields): Promise<ApiAnswer> => {
      const request = new orders.OrdersCreateRequest().prefer('return=representation').requestBody(body);
      return call(line, { ...request, headers: { ...request.headers, 'PayPal-Request-Id': requestId } }, 'a new order');
    },
    captureOrder: (id: string, requestId: string): Promise<ApiAnswer> => {
      const request = new orders.OrdersCaptureRequest(id).payPalRequestId(requestId).prefer('return=representation');
      return call(line, request.requestBody({}), `the capture of order ${id}`);
    },
    authorization: (id: string) => one(`authorization ${id}`, new payments.AuthorizationsGetRequest(id)),
    capture: (id: string) => one(`capture ${id}`, new payments.CapturesGetRequest(id)),
    refund: (id: string) => one(`refund ${id}`, new payments.RefundsGetRequest(id)),
    sale: (id: string) => one(`sale ${id}`, get(`/v1/payments/sale/${id}`)),
    saleRefund: (id: string) => one(`refund ${id}`, get(`/v1/payments/refund/${id}`)),
    subscription: (id: string) => one(`subscription ${id}`, get(`/v1/billing/subscriptions/${id}`)),
    plan: (id: string) => one(`plan ${id}`, get(`/v1/billing/plans/${id}`)),
    subscriptionPayments: (id: string, from: string, until: string) =>
      one(
        `the payments of subscription ${id}`,
        get(`/v1/billing/subscriptions/${id}/transactions`, { start_time: from, end_time: until }),
      ),
    dispute: (id: string) => one(`dispute ${id}`, get(`/v1/customer/disputes/${id}`)),
    disputesOf: (transaction: string) =>
      one(`the disputes of ${transaction}`, get('/v1/customer/disputes', { disputed_transaction_id: transaction })),
    anyDispute: () => one('disputes', get('/v1/customer/disputes', { page_size: '1' })),
    webhook: (id: string) => one(`webhook ${id}`, get(`/v1/notifications/webhooks/${id}`)),
    events: (query: Readonly<Record<string, string>>) =>
      one("the app's own list of webhook events", get('/v1/notifications/webhooks-events', query)),
    /** `text`: the request as it is to be sent, byte by byte. */
    verifySignature: (text: string) =>
      one('the proof of a callback', { verb: 'POST', path: '/v1/notifications/verify-webhook-signature', text }),
  };
}
