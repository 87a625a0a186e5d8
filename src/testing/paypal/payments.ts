import { listOf, objectOf, type Books, type Json } from './books.ts';
import { unprocessable } from './api/errors.ts';
import { moneyOf, unitsOf, type Money } from './money.ts';

/** What becomes of a capture. */
export interface CaptureOutcome {
  status?: 'COMPLETED' | 'PENDING' | 'DECLINED' | 'FAILED';
  /** `ECHECK`, `PENDING_REVIEW` … */
  reason?: string;
}

export interface RefundTerms {
  /** Of the capture's currency, e.g. `'5.00'`. @default what is left */
  amount?: string;
  /** @default 'COMPLETED' */
  status?: 'COMPLETED' | 'PENDING' | 'FAILED';
  note?: string;
}

/** Captures each unit of an order, which is completed by it whatever becomes of the captures. */
export function captureUnits(books: Books, order: Json, outcome: CaptureOutcome = {}): Json[] {
  const now = books.time();
  const captures = listOf(order, 'purchase_units').map((unit) => {
    const capture = makeCapture(books, order, unit, outcome, now);
    unit['payments'] = { captures: [capture] };
    return capture;
  });
  order['status'] = 'COMPLETED';
  order['update_time'] = now;
  return captures;
}

function makeCapture(books: Books, order: Json, unit: Json, { status = 'COMPLETED', reason }: CaptureOutcome, now: string): Json {
  const id = books.newId();
  const { currency_code, value } = objectOf(unit, 'amount') as unknown as Money;
  return books.put('captures', {
    id,
    status,
    ...(reason !== undefined && { status_details: { reason } }),
    amount: { currency_code, value },
    final_capture: true,
    seller_protection: { status: 'ELIGIBLE' },
    ...(unit['custom_id'] !== undefined && { custom_id: unit['custom_id'] }),
    ...(unit['invoice_id'] !== undefined && { invoice_id: unit['invoice_id'] }),
    supplementary_data: { related_ids: { order_id: order['id'] } },
    create_time: now,
    update_time: now,
    links: [
      { href: `${books.url}/v2/payments/captures/${id}`, rel: 'self', method: 'GET' },
      { href: `${books.url}/v2/payments/captures/${id}/refund`, rel: 'refund', method: 'POST' },
      { href: `${books.url}/v2/checkout/orders/${order['id'] as string}`, rel: 'up', method: 'GET' },
    ],
  });
}

export function settleCapture(books: Books, capture: Json, { status = 'COMPLETED', reason }: CaptureOutcome): Json {
  capture['status'] = status;
  capture['update_time'] = books.time();
  if (reason === undefined) delete capture['status_details'];
  else capture['status_details'] = { reason };
  return capture;
}

/** Gives money of a capture back. */
export function refundCapture(books: Books, capture: Json, { amount, status = 'COMPLETED', note }: RefundTerms = {}): Json {
  const paid = capture['amount'] as Money;
  const before = refundedOf(books, capture);
  const left = unitsOf(paid) - before;
  const units = amount === undefined ? left : unitsOf({ ...paid, value: amount });
  if (left === 0) throw unprocessable('CAPTURE_FULLY_REFUNDED');
  if (units > left) throw unprocessable('REFUND_AMOUNT_EXCEEDED');
  const id = books.newId();
  const now = books.time();
  const refund = books.put('refunds', {
    id,
    status,
    amount: moneyOf(units, paid.currency_code),
    ...(note !== undefined && { note_to_payer: note }),
    ...(capture['custom_id'] !== undefined && { custom_id: capture['custom_id'] }),
    ...(capture['invoice_id'] !== undefined && { invoice_id: capture['invoice_id'] }),
    seller_payable_breakdown: { total_refunded_amount: moneyOf(before + units, paid.currency_code) },
    create_time: now,
    update_time: now,
    links: [
      { href: `${books.url}/v2/payments/refunds/${id}`, rel: 'self', method: 'GET' },
      { href: `${books.url}/v2/payments/captures/${capture['id'] as string}`, rel: 'up', method: 'GET' },
    ],
  });
  showRefunds(books, capture);
  return refund;
}

export function settleRefund(books: Books, capture: Json, refund: Json, status: 'COMPLETED' | 'FAILED'): Json {
  refund['status'] = status;
  refund['update_time'] = books.time();
  showRefunds(books, capture);
  return refund;
}

function showRefunds(books: Books, capture: Json): void {
  const back = refundedOf(books, capture);
  const whole = unitsOf(capture['amount'] as Money);
  if (back > 0) capture['status'] = back < whole ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  else if (capture['status'] !== 'PENDING') capture['status'] = 'COMPLETED';
  capture['update_time'] = books.time();
}

function refundedOf(books: Books, capture: Json): number {
  const own = books.all('refunds').filter((refund) => {
    const up = listOf(refund, 'links').find(({ rel }) => rel === 'up');
    return String(up?.['href']).endsWith(`/${capture['id'] as string}`) && refund['status'] !== 'FAILED';
  });
  return own.reduce((sum, refund) => sum + unitsOf(refund['amount'] as Money), 0);
}
