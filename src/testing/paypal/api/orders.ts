import { jsonReply } from '../../double-server.ts';
import { listOf, objectOf, type Books, type Json } from '../books.ts';
import { captureUnits } from '../payments.ts';
import { bodyOf, representation, type Handler } from './call.ts';
import { invalid, unknownResource, unprocessable } from './errors.ts';
import { checkOrder } from './order-rules.ts';

/** Makes an order, or says all that is wrong with it. */
export const createOrder: Handler = (request, _, desk) => {
  const body = bodyOf(request);
  const hasSource = body['payment_source'] !== undefined;
  if (hasSource && request.headers['paypal-request-id'] === undefined) throw invalid('PAYPAL_REQUEST_ID_REQUIRED');
  checkOrder(body);
  const order = putOrder(desk.books, desk.merchantId, body);
  return representation(request, order, hasSource ? 200 : 201, ['id', 'status', 'payment_source', 'links']);
};

/** As PayPal fills in what the shop left out. */
export function putOrder(books: Books, merchantId: string, body: Json, at?: Date): Json {
  const id = books.newId();
  const time = books.time(at);
  const hasSource = body['payment_source'] !== undefined;
  const units = listOf(body, 'purchase_units').map((unit) => ({
    ...unit,
    reference_id: unit['reference_id'] ?? 'default',
    payee: { merchant_id: merchantId, email_address: 'merchant@example.org', ...objectOf(unit, 'payee') },
  }));
  const href = `${books.url}/v2/checkout/orders/${id}`;
  const experience = objectOf(objectOf(objectOf(body, 'payment_source'), 'paypal'), 'experience_context');
  return books.put('orders', {
    id,
    intent: body['intent'],
    status: hasSource ? 'PAYER_ACTION_REQUIRED' : 'CREATED',
    ...(hasSource && { payment_source: body['payment_source'] }),
    purchase_units: units,
    create_time: time,
    links: [
      { href, rel: 'self', method: 'GET' },
      { href: `${books.url}/checkoutnow?token=${id}`, rel: hasSource ? 'payer-action' : 'approve', method: 'GET' },
      { href: `${href}/capture`, rel: 'capture', method: 'POST' },
    ],
    ...(Object.keys(experience).length > 0 && { experience_context: experience }),
  });
}

export const showOrder: Handler = (_, [id = ''], { books }) => jsonReply(findOrder(books, id));

export function findOrder(books: Books, id: string): Json {
  const order = books.find('orders', id);
  if (!order) throw unknownResource();
  return order;
}

/** Takes the money of an approved order; once. */
export const captureOrder: Handler = (request, [id = ''], desk) => {
  const { books, plans, teller } = desk;
  if (request.headers['content-type']?.startsWith('application/json') !== true) throw invalid('UNSUPPORTED_MEDIA_TYPE');
  const order = findOrder(books, id);
  if (order['status'] === 'COMPLETED') throw unprocessable('ORDER_ALREADY_CAPTURED');
  if (order['status'] !== 'APPROVED') throw unprocessable('ORDER_NOT_APPROVED');
  if (order['intent'] !== 'CAPTURE') throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT');
  for (const unit of listOf(order, 'purchase_units')) refuseSecondInvoice(books, unit);
  const plan = plans.get(id)?.shift() ?? { status: 'COMPLETED' as const };
  if ('issue' in plan) {
    order['status'] = 'PAYER_ACTION_REQUIRED';
    order['update_time'] = books.time();
    throw unprocessable(plan.issue);
  }
  for (const capture of captureUnits(books, order, plan)) teller.tell(`PAYMENT.CAPTURE.${nameOf(plan.status)}`, capture);
  return representation(request, order, 201, ['id', 'status', 'payment_source', 'purchase_units', 'payer', 'links']);
};

function nameOf(status: string): string {
  return status === 'FAILED' ? 'DENIED' : status;
}

/** An invoice id is paid once, unless the account allows otherwise. */
function refuseSecondInvoice(books: Books, unit: Json): void {
  const invoice = unit['invoice_id'];
  if (invoice !== undefined && books.all('captures').some((capture) => capture['invoice_id'] === invoice)) {
    throw unprocessable('DUPLICATE_INVOICE_ID');
  }
}
