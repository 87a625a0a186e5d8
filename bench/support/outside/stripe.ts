import type { IncomingMessage, ServerResponse } from 'node:http';

const price = {
  id: 'price_bench',
  object: 'price',
  active: true,
  currency: 'eur',
  type: 'one_time',
  unit_amount: 4900,
  metadata: { sku: 'TS-101' },
  product: { id: 'prod_bench', object: 'product', active: true, name: 'TypeScript in a week', metadata: { sku: 'TS-101' } },
};

/** `GET /v1/checkout/sessions/{id}/line_items`, answered at once: one course. https://docs.stripe.com/api/checkout/sessions/line_items */
export function answerStripe(request: IncomingMessage, response: ServerResponse): void {
  const session = /^\/v1\/checkout\/sessions\/([^/]+)\/line_items/.exec(request.url ?? '')?.[1];
  const isKnown = session !== undefined && request.method === 'GET' && request.headers.authorization === 'Bearer sk_test_bench';
  const item = {
    id: `li_${session ?? ''}`,
    object: 'item',
    amount_discount: 0,
    amount_subtotal: 4900,
    amount_tax: 0,
    amount_total: 4900,
    currency: 'eur',
    description: 'TypeScript in a week',
    quantity: 1,
    price,
  };
  const body = isKnown
    ? { object: 'list', data: [item], has_more: false, url: request.url }
    : { error: { type: 'invalid_request_error', message: 'Unknown.' } };
  request.resume();
  response.writeHead(isKnown ? 200 : 404, { 'Content-Type': 'application/json', 'Request-Id': 'req_bench' });
  response.end(JSON.stringify(body));
}
