import type { EventLine, PaymentEvent } from '../../contract/event.ts';
import type { StripeApi } from './api.ts';
import { told, type Desk } from './desk.ts';
import { fieldsAt, idAt, isTrueAt, listAt, needId, textAt, timeAt, wholeAt, type Fields } from './fields.ts';
import { moneyOf } from './money.ts';
import { defaultSkuFrom } from './options.ts';
import { findSku, productOf } from './sku.ts';

/** All lines of an invoice; a callback carries the first page only. */
export async function linesOf(invoice: Fields, api: StripeApi): Promise<Fields[]> {
  const complete = fieldsAt(invoice, 'lines') !== undefined && !isTrueAt(invoice, 'lines', 'has_more');
  return complete ? listAt(invoice, 'lines') : await api.invoiceLines(needId(invoice, 'id'));
}

/** The period of a subscription that these lines pay for. Prorations are left out: they mend an earlier one. */
export function periodOf(lines: readonly Fields[]): PaymentEvent['period'] {
  const regular = lines.filter((line) => isOfSubscription(line) && !isProration(line));
  const from = regular.flatMap((line) => timeAt(line, 'period', 'start') ?? []).sort()[0];
  const until = regular
    .flatMap((line) => timeAt(line, 'period', 'end') ?? [])
    .sort()
    .at(-1);
  return from !== undefined && until !== undefined ? { from, until } : undefined;
}

/** A period of a subscription that costs nothing, and not by a discount. */
export function isTrial(lines: readonly Fields[]): boolean {
  const regular = lines.filter((line) => isOfSubscription(line) && !isProration(line));
  return regular.length > 0 && regular.every((line) => wholeAt(line, 'amount') === 0);
}

/** The kind of line moved with API version 2025-03-31: from `type` and `proration` into `parent`. */
function isOfSubscription(line: Fields): boolean {
  return fieldsAt(line, 'parent', 'subscription_item_details') !== undefined || textAt(line, 'type') === 'subscription';
}

function isProration(line: Fields): boolean {
  return isTrueAt(line, 'parent', 'subscription_item_details', 'proration') || isTrueAt(line, 'proration');
}

/** The lines in our terms. They name price and product by id only, so each price is asked for once. */
export async function readInvoiceLines(
  lines: readonly Fields[],
  currency: string,
  metadata: Readonly<Record<string, string>>,
  { api, options }: Desk,
  isSubscription: boolean,
): Promise<EventLine[]> {
  const skuFrom = options.skuFrom ?? defaultSkuFrom;
  const prices = new Map<string, Fields>();
  for (const id of new Set(lines.flatMap((line) => priceIdOf(line) ?? []))) prices.set(id, await api.price(id));
  const payment = lines.length === 1 ? metadata : undefined;
  return lines.map((line) => {
    const price = prices.get(priceIdOf(line) ?? '');
    const product = productOf(price);
    const sku = findSku(skuFrom, { line, price, product, payment });
    const title = textAt(product, 'name') ?? textAt(line, 'description') ?? 'Item';
    return told({
      sku,
      title,
      quantity: wholeAt(line, 'quantity') ?? 1,
      ...sumsOf(line, currency),
      once: isSubscription && !isOfSubscription(line) ? true : undefined,
    });
  });
}

function priceIdOf(line: Fields): string | undefined {
  return idAt(line, 'pricing', 'price_details', 'price') ?? idAt(line, 'price');
}

/** `amount` is before discounts and contains included tax. Taxes are `taxes` since 2025-03-31, `tax_amounts` before. */
function sumsOf(line: Fields, currency: string) {
  const subtotal = wholeAt(line, 'amount') ?? 0;
  const discount = add(listAt(line, 'discount_amounts'));
  const taxes = [...listAt(line, 'taxes'), ...listAt(line, 'tax_amounts')];
  const onTop = taxes.filter((tax) => textAt(tax, 'tax_behavior') !== 'inclusive' && !isTrueAt(tax, 'inclusive'));
  const sum = (amount: number) => moneyOf(amount, textAt(line, 'currency') ?? currency);
  const part = (amount: number) => (amount === 0 ? undefined : sum(amount));
  return {
    subtotal: sum(subtotal),
    discount: part(discount),
    tax: part(add(taxes)),
    total: sum(subtotal - discount + add(onTop)),
  };
}

function add(parts: readonly Fields[]): number {
  return parts.reduce((total, part) => total + (wholeAt(part, 'amount') ?? 0), 0);
}
