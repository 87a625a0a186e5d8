import { jsonReply } from '../../double-server.ts';
import { refundCapture } from '../payments.ts';
import type { Money } from '../money.ts';
import { bodyOf, representation, type Desk, type Handler } from './call.ts';
import { ApiError, invalid, unknownResource } from './errors.ts';
import { listOf, type Json, type Shelf } from '../books.ts';

/** Shows an object of a shelf by the id in the path. */
export function show(shelf: Shelf): Handler {
  return (_, [id = ''], { books }) => jsonReply(find(shelf, id, books));
}

function find(shelf: Shelf, id: string, books: Desk['books']): Json {
  const object = books.find(shelf, id);
  if (!object) throw unknownResource();
  return object;
}

/** Gives money back, by the sum in the body or all that is left. */
export const refund: Handler = (request, [id = ''], { books, teller }) => {
  const capture = find('captures', id, books);
  const amount = request.text === '' ? undefined : (bodyOf(request)['amount'] as Money | undefined);
  if (amount && amount.currency_code !== (capture['amount'] as Money).currency_code)
    throw invalid('CURRENCY_MISMATCH', '/amount');
  const made = refundCapture(books, capture, amount ? { amount: amount.value } : {});
  teller.tell('PAYMENT.CAPTURE.REFUNDED', made);
  return representation(request, made, 201, ['id', 'status', 'links']);
};

/** The payments of a subscription between two times, which both have to be given. */
export const subscriptionPayments: Handler = (request, [id = ''], { books }) => {
  find('subscriptions', id, books);
  const { start_time: from, end_time: until } = request.query;
  if (!isTime(from) || !isTime(until)) throw invalid('MISSING_REQUIRED_PARAMETER', 'start_time, end_time');
  const sales = books.all('sales').filter((sale) => {
    const at = Date.parse(sale['create_time'] as string);
    return sale['billing_agreement_id'] === id && at >= Date.parse(from) && at <= Date.parse(until);
  });
  return jsonReply({
    transactions: sales.map((sale) => ({
      id: sale['id'],
      status: String(sale['state']).toUpperCase(),
      time: sale['create_time'],
      amount_with_breakdown: {
        gross_amount: { currency_code: (sale['amount'] as Json)['currency'], value: (sale['amount'] as Json)['total'] },
      },
    })),
    links: [],
  });
};

function isTime(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text)) && /T/.test(text);
}

export const showDispute: Handler = (request, parts, desk) => {
  mayDisputes(desk);
  return show('disputes')(request, parts, desk);
};

export const listDisputes: Handler = (request, _, desk) => {
  mayDisputes(desk);
  const about = request.query['disputed_transaction_id'];
  const items = desk.books.all('disputes').filter((dispute) => {
    const transactions = listOf(dispute, 'disputed_transactions');
    return about === undefined || transactions.some(({ seller_transaction_id }) => seller_transaction_id === about);
  });
  const summary = items.map(({ dispute_id, status, reason, create_time }) => ({ dispute_id, status, reason, create_time }));
  return jsonReply({ items: summary.slice(0, Number(request.query['page_size'] ?? 10)), links: [] });
};

function mayDisputes({ switches }: Desk): void {
  if (!switches.disputes) throw new ApiError(403, 'NOT_AUTHORIZED');
}
