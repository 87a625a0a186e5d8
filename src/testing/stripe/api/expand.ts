import type { Books } from '../books.ts';
import { inVersion, isJson } from '../versions.ts';
import type { Json } from '../wire.ts';
import { invalid } from './errors.ts';
import { textsIn } from './params.ts';

/** Fields that hold an id until they are expanded (https://docs.stripe.com/api/expanding_objects). */
const expandable: Readonly<Record<string, readonly string[]>> = {
  'checkout.session': ['customer', 'invoice', 'line_items', 'payment_intent', 'subscription'],
  payment_intent: ['customer', 'latest_charge'],
  charge: ['customer', 'payment_intent', 'refunds', 'invoice'],
  refund: ['charge', 'payment_intent'],
  dispute: ['charge', 'payment_intent'],
  price: ['product'],
  subscription: ['customer', 'latest_invoice'],
  invoice: ['customer', 'payments', 'subscription', 'payment_intent', 'charge'],
  invoice_payment: ['invoice'],
  line_item: ['subscription'],
};

export interface Rendering {
  books: Books;
  account: string | null;
  version: string;
}

/** A copy of an object, in the version asked for, with what `expand[]` names put in place of ids. */
export function render(object: object, params: Json, rendering: Rendering): Json {
  const copy = inVersion(object, rendering.version, rendering.books, rendering.account);
  for (const path of textsIn(params, 'expand')) {
    const steps = path.split('.');
    if (steps.length > 4) throw invalid('expand', 'You cannot expand more than 4 levels of a property.');
    expand(copy, steps, path, rendering);
  }
  return copy;
}

function expand(object: Json, [step = '', ...rest]: readonly string[], path: string, rendering: Rendering): void {
  if (object['object'] === 'list' && step === 'data') {
    for (const entry of object['data'] as Json[]) if (rest.length > 0) expand(entry, rest, path, rendering);
    return;
  }
  if (object['object'] === 'payment_intent' && path.endsWith('amount_details.line_items')) {
    object['amount_details'] = { ...(object['amount_details'] as Json), line_items: amountItems(object, rendering) };
    return;
  }
  const isOwn = expandable[String(object['object'])]?.includes(step) ?? false;
  const list = isOwn ? belonging(object, step, rendering) : undefined;
  if (list) object[step] = list;
  else if (isOwn && step in object) object[step] = looked(object[step], rendering);
  const below = object[step];
  const isThere = isJson(below) ? isOwn || rest.length > 0 || 'object' in below : isOwn && below !== undefined;
  if (!isThere) throw invalid('expand', `This property cannot be expanded (${path}).`);
  if (rest.length > 0 && isJson(below)) expand(below, rest, path, rendering);
}

function looked(value: unknown, { books, account, version }: Rendering): unknown {
  if (typeof value !== 'string') return value;
  const found = books.findAny(value, account);
  return found ? inVersion(found, version, books, account) : value;
}

/** Lists that are only there when they are asked for. */
function belonging(object: Json, step: string, rendering: Rendering): Json | undefined {
  const { books, account } = rendering;
  const id = String(object['id']);
  if (step === 'line_items') {
    return firstPage(books.sessionItems.get(id) ?? [], `/v1/checkout/sessions/${id}/line_items`, rendering);
  }
  if (step === 'refunds') {
    const refunds = books.all('refund', account).filter((refund) => refund.charge === id);
    return firstPage(refunds, `/v1/charges/${id}/refunds`, rendering);
  }
  if (step === 'payments') {
    const payments = books.all('invoice_payment', account).filter((payment) => payment.invoice === id);
    return firstPage(payments, `/v1/invoice_payments?invoice=${id}`, rendering);
  }
  return undefined;
}

function amountItems(intent: Json, rendering: Rendering): Json {
  const id = String(intent['id']);
  const url = `/v1/payment_intents/${id}/amount_details_line_items`;
  return firstPage(rendering.books.intentItems.get(id) ?? [], url, rendering);
}

/** An embedded list is never more than its first page: the rest has to be asked for at its `url`. */
function firstPage(all: readonly object[], url: string, { books, account, version }: Rendering): Json {
  const size = Math.min(books.options.pageSize, 10);
  const data = all.slice(0, size).map((entry) => inVersion(entry, version, books, account));
  return { object: 'list', data, has_more: all.length > size, url };
}
