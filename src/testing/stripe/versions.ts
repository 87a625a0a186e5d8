import type { Books } from './books.ts';
import { planOf } from './catalog.ts';
import type { Json } from './wire.ts';

/** Whether a version such as `2025-02-24.acacia` is older than a day such as `2025-03-31`. */
export function isBefore(version: string, day: string): boolean {
  return version.slice(0, 10) < day;
}

/**
 * A copy of an object as an older API version writes it. Known are the changes that readers of payments meet:
 * 2022-11-15 (lists of charges and refunds), 2025-03-31 basil (invoices and subscriptions), 2026-03-25 dahlia (`ui_mode`);
 * see https://docs.stripe.com/changelog.
 */
export function inVersion<T extends object>(object: T, version: string, books: Books, account: string | null): Json {
  return rewrite(structuredClone(object) as Json, { version, books, account });
}

interface Rendering {
  version: string;
  books: Books;
  account: string | null;
}

function rewrite(object: Json, rendering: Rendering): Json {
  for (const [key, value] of Object.entries(object)) {
    if (Array.isArray(value)) object[key] = value.map((entry: unknown) => (isJson(entry) ? rewrite(entry, rendering) : entry));
    else if (isJson(value)) object[key] = rewrite(value, rendering);
  }
  for (const [day, rewriters] of changes) {
    if (isBefore(rendering.version, day)) rewriters[String(object['object'])]?.(object, rendering);
  }
  return object;
}

type Rewriter = (object: Json, rendering: Rendering) => void;

/** Newest first: an older version undoes all later changes. */
const changes: readonly (readonly [day: string, rewriters: Readonly<Record<string, Rewriter>>])[] = [
  [
    '2026-03-25',
    {
      'checkout.session': (session) => {
        if (session['ui_mode'] === 'hosted_page') session['ui_mode'] = 'hosted';
      },
    },
  ],
  [
    '2025-03-31',
    {
      'checkout.session': sessionBeforeBasil,
      invoice: invoiceBeforeBasil,
      line_item: lineBeforeBasil,
      subscription: subscriptionBeforeBasil,
    },
  ],
  ['2022-11-15', { charge: chargeWithRefunds, payment_intent: intentWithCharges }],
];

function sessionBeforeBasil(session: Json): void {
  const collected = session['collected_information'];
  session['shipping_details'] = isJson(collected) ? collected['shipping_details'] : null;
  session['collected_information'] = { shipping_details: null };
}

function invoiceBeforeBasil(invoice: Json, { books, account }: Rendering): void {
  const payment = books.all('invoice_payment', account).find((each) => each.invoice === invoice['id']);
  const intentId = payment?.payment.payment_intent;
  const intent = typeof intentId === 'string' ? books.find('payment_intent', intentId, account) : undefined;
  const parent = invoice['parent'];
  const details = isJson(parent) ? parent['subscription_details'] : null;
  invoice['subscription'] = isJson(details) ? details['subscription'] : null;
  invoice['subscription_details'] = { metadata: isJson(details) ? details['metadata'] : null };
  invoice['payment_intent'] = intent?.id ?? null;
  invoice['charge'] = intent?.latest_charge ?? null;
  invoice['paid'] = invoice['status'] === 'paid';
  invoice['paid_out_of_band'] = false;
  invoice['discount'] = null;
  invoice['tax'] = null;
  invoice['total_tax_amounts'] = [];
  for (const key of ['parent', 'payments', 'total_taxes', 'amount_overpaid']) Reflect.deleteProperty(invoice, key);
}

function lineBeforeBasil(line: Json, { books, account }: Rendering): void {
  const pricing = line['pricing'];
  const details = isJson(pricing) ? pricing['price_details'] : null;
  const price = isJson(details) ? books.find('price', String(details['price']), account) : undefined;
  const parent = line['parent'];
  const item = isJson(parent) ? (parent['subscription_item_details'] ?? parent['invoice_item_details']) : null;
  line['price'] = price ? structuredClone(price) : null;
  line['plan'] = price?.recurring ? planOf(price) : null;
  line['type'] = isJson(item) && 'subscription_item' in item ? 'subscription' : 'invoiceitem';
  if (isJson(item)) {
    line['subscription'] = item['subscription'];
    line['proration'] = item['proration'];
    line['proration_details'] = item['proration_details'];
    if ('subscription_item' in item) line['subscription_item'] = item['subscription_item'];
    else line['invoice_item'] = item['invoice_item'];
  }
  line['tax_amounts'] = [];
  line['tax_rates'] = [];
  for (const key of ['parent', 'pricing', 'taxes', 'quantity_decimal', 'subtotal']) Reflect.deleteProperty(line, key);
}

function subscriptionBeforeBasil(subscription: Json): void {
  const items = (subscription['items'] as { data: Json[] }).data;
  subscription['current_period_start'] = items[0]?.['current_period_start'] ?? null;
  subscription['current_period_end'] = items[0]?.['current_period_end'] ?? null;
  subscription['discount'] = null;
  for (const item of items) {
    Reflect.deleteProperty(item, 'current_period_start');
    Reflect.deleteProperty(item, 'current_period_end');
  }
}

function chargeWithRefunds(charge: Json, { books, account }: Rendering): void {
  const refunds = books.all('refund', account).filter((refund) => refund.charge === charge['id']);
  charge['refunds'] = list(refunds, `/v1/charges/${String(charge['id'])}/refunds`);
}

function intentWithCharges(intent: Json, { books, account }: Rendering): void {
  const charges = books.all('charge', account).filter((charge) => charge.payment_intent === intent['id']);
  intent['charges'] = list(charges, `/v1/charges?payment_intent=${String(intent['id'])}`);
  Reflect.deleteProperty(intent, 'latest_charge');
}

function list(data: readonly object[], url: string): Json {
  return { object: 'list', data: structuredClone(data), has_more: false, url };
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
