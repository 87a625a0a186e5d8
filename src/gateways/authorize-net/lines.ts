import type { EventLine } from '../../contract/event.ts';
import { decimalsOf, type Money } from '../../contract/money.ts';
import { readDecimal } from '../decimal-amount.ts';
import { textIn } from '../exact-json.ts';
import { told } from '../told.ts';
import type { SkuPlace } from './options.ts';
import { entriesIn, unreadable } from './transaction.ts';

/** What lines are made from. */
export interface LineTerms {
  readonly currency: string;
  readonly skuFrom: readonly SkuPlace[];
  /** What was charged. */
  readonly amount: number;
  /** Of the subscription, where there is one. */
  readonly subscriptionName: string | undefined;
}

/** What was bought, and what shipping and duty came to. */
export interface Goods {
  readonly lines: readonly EventLine[];
  readonly shipping?: Money;
}

/**
 * Reads line items; a transaction without any is one line. Tax stands at the transaction: where items, shipping and duty come
 * to the amount without it, the prices contain it; else it is shared out over the items.
 */
export function readGoods(transaction: object, terms: LineTerms): Goods {
  const { currency, amount } = terms;
  const extra = sumAt(transaction, '/shipping/amount', currency) + sumAt(transaction, '/duty/amount', currency);
  const tax = sumAt(transaction, '/tax/amount', currency);
  const items = entriesIn(transaction, '/lineItems', 'lineItem');
  const shipping = extra > 0 ? { shipping: { amount: extra, currency } } : {};
  if (items.length === 0) return { lines: [wholeLine(transaction, amount - extra, terms)], ...shipping };
  const lines = items.map((item) => readItem(item, terms));
  const sum = lines.reduce((total, { total: each }) => total + each.amount, 0);
  return { lines: tax > 0 && sum + extra !== amount ? withTax(lines, tax, sum) : lines, ...shipping };
}

function wholeLine(transaction: object, amount: number, { currency, skuFrom, subscriptionName }: LineTerms): EventLine {
  const [description, invoice] = [textIn(transaction, '/order/description'), textIn(transaction, '/order/invoiceNumber')];
  const found: Readonly<Record<string, string | undefined>> = {
    'subscription.name': subscriptionName,
    'order.description': description,
    'order.invoice': invoice,
  };
  const sku = firstOf(skuFrom.map((place) => found[place]));
  const sum = { amount, currency };
  const title = subscriptionName ?? description ?? `Transaction ${textIn(transaction, '/transId') ?? ''}`;
  return told({ sku, title, quantity: 1, subtotal: sum, total: sum });
}

function readItem(item: unknown, { currency, skuFrom }: LineTerms): EventLine {
  const [id, name] = [textIn(item, '/itemId'), textIn(item, '/name')];
  const sku = firstOf(skuFrom.map((place) => (place === 'item.id' ? id : place === 'item.name' ? name : undefined)));
  const quantity = readDecimal(textIn(item, '/quantity') ?? '1', 0);
  if (quantity === undefined) throw unreadable(`the quantity ${textIn(item, '/quantity') ?? ''} is no whole number`);
  const sum = { amount: quantity * sumAt(item, '/unitPrice', currency), currency };
  return told({ sku, title: name ?? id ?? 'Item', quantity, subtotal: sum, total: sum });
}

/** By price; what rounding leaves over goes to the last. */
function withTax(lines: readonly EventLine[], tax: number, sum: number): EventLine[] {
  let left = tax;
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    const share = isLast ? left : sum === 0 ? 0 : Math.floor((tax * line.total.amount) / sum);
    left -= share;
    const { currency, amount } = line.total;
    return { ...line, tax: { amount: share, currency }, total: { amount: amount + share, currency } };
  });
}

/** Nothing where nothing stands. */
export function sumAt(value: unknown, pointer: string, currency: string): number {
  const text = textIn(value, pointer);
  const amount = text === undefined ? 0 : readDecimal(text, decimalsOf(currency));
  if (amount === undefined || amount < 0) throw unreadable(`"${text ?? ''}" at ${pointer} is no sum in ${currency}`);
  return amount;
}

function firstOf(texts: readonly (string | undefined)[]): string | undefined {
  return texts.map((text) => text?.trim()).find((text) => text !== undefined && text !== '');
}
