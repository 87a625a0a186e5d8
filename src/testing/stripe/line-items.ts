import type { Books } from './books.ts';
import { makePrice } from './catalog.ts';
import type { FullTerms, SaleLine } from './terms.ts';
import type { AmountItem, Item, Price } from './wire.ts';

/** A line with the price it was bought at. */
export interface CartLine {
  readonly line: SaleLine;
  readonly price: Price;
  readonly item: Item;
}

/** What is bought, with its sums in minor units. */
export interface Cart {
  readonly lines: readonly CartLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly total: number;
}

/** Lines at prices of their own, which are put in the books. */
export function makeCart(books: Books, terms: FullTerms): Cart {
  return sumUp(
    terms.lines.map((line) => cartLine(books, line, makePrice(books, line, terms), terms)),
    terms.shipping?.amount ?? 0,
  );
}

/** One line at a price that is in the books. */
export function cartLine(books: Books, line: SaleLine, price: Price, terms: FullTerms): CartLine {
  const subtotal = line.unitAmount * billedQuantity(line);
  const discount = line.discount ?? 0;
  const tax = line.tax ?? 0;
  const item: Item = {
    id: books.newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: tax,
    amount_total: subtotal - discount + (terms.taxInclusive ? 0 : tax),
    currency: terms.currency.toLowerCase(),
    description: line.title ?? line.sku,
    metadata: line.skuPlace === 'line-metadata' ? { sku: line.sku } : {},
    price,
    quantity: line.quantity === undefined ? 1 : line.quantity,
  };
  return { line, price, item };
}

/** The lines as a bare payment intent carries them. A product code has 12 characters at most; a longer SKU does not fit. */
export function amountItems(books: Books, cart: Cart): AmountItem[] {
  return cart.lines.map(({ line, item }) => ({
    id: books.newId('uli'),
    object: 'payment_intent_amount_details_line_item',
    discount_amount: item.amount_discount,
    payment_method_options: null,
    product_code: line.skuPlace === 'none' || line.sku.length > 12 ? null : line.sku,
    product_name: item.description ?? line.sku,
    quantity: item.quantity ?? 1,
    tax: { total_tax_amount: item.amount_tax },
    unit_cost: line.unitAmount,
    unit_of_measure: null,
  }));
}

export function sumUp(lines: readonly CartLine[], shipping: number): Cart {
  const sum = (field: 'amount_subtotal' | 'amount_discount' | 'amount_tax' | 'amount_total') =>
    lines.reduce((total, { item }) => total + item[field], 0);
  return {
    lines,
    subtotal: sum('amount_subtotal'),
    discount: sum('amount_discount'),
    tax: sum('amount_tax'),
    shipping,
    total: sum('amount_total') + shipping,
  };
}

function billedQuantity(line: SaleLine): number {
  const quantity = line.quantity ?? 1;
  const packages = line.transformQuantity;
  if (!packages) return quantity;
  return packages.round === 'up' ? Math.ceil(quantity / packages.divideBy) : Math.floor(quantity / packages.divideBy);
}
