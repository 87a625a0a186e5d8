import type { EventLine } from '../../contract/event.ts';
import { entriesAt, textAt, type Scope } from './place.ts';
import type { LineFields } from './profile.ts';
import { sumAt, unreadable, type Amounts } from './sum.ts';

/** What lines are read by. */
export interface LineTerms {
  readonly fields: LineFields;
  readonly currency: string;
  /** Money of the whole event, which a single line without a price of its own cost. */
  readonly amount: number | undefined;
  readonly amounts: Amounts;
  /** Whether the prices of the product files contain the tax. */
  readonly taxes: 'included' | 'added';
}

/** Undefined when the event has no list of items. */
export function readLines(event: unknown, terms: LineTerms): EventLine[] | undefined {
  const { each } = terms.fields;
  const entries = each === undefined ? [event] : entriesAt({ event }, each);
  return entries?.map((entry) => readLine({ event, entry }, entries.length, terms));
}

function readLine(scope: Scope, count: number, terms: LineTerms): EventLine {
  const { fields, currency } = terms;
  const quantity = quantityAt(scope, fields);
  const sku = textAt(scope, fields.sku);
  const { subtotal, discount, tax, total } = sumsOf(scope, quantity, count, terms);
  const money = (amount: number) => ({ amount, currency });
  return {
    ...(sku !== undefined && { sku }),
    title: textAt(scope, fields.title) ?? sku ?? 'Item',
    quantity,
    subtotal: money(subtotal),
    ...(discount > 0 && { discount: money(discount) }),
    ...(tax > 0 && { tax: money(tax) }),
    total: money(total),
  };
}

interface Sums {
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
}

/**
 * Senders give subtotals without tax even where prices contain it, so with `included` the subtotal is what was charged and
 * what was taken off; with `added` it is the sender's own.
 */
function sumsOf(scope: Scope, quantity: number, count: number, { fields, currency, amount, amounts, taxes }: LineTerms): Sums {
  const at = (expression: string | undefined): number | undefined => sumAt(scope, expression, currency, amounts);
  const price = at(fields.price);
  const discount = at(fields.discount) ?? 0;
  const tax = at(fields.tax) ?? 0;
  const charged = at(fields.total);
  const given = at(fields.subtotal) ?? (price === undefined ? undefined : price * quantity);
  const alone = count === 1 ? amount : undefined;
  if (taxes === 'included' && charged !== undefined) return { subtotal: charged + discount, discount, tax, total: charged };
  const subtotal = given ?? (charged === undefined ? alone : charged + discount - tax);
  if (subtotal === undefined) throw unreadable('no price stands at any of several items');
  return { subtotal, discount, tax, total: charged ?? subtotal - discount + (taxes === 'added' ? tax : 0) };
}

function quantityAt(scope: Scope, { quantity }: LineFields): number {
  const text = textAt(scope, quantity) ?? '1';
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw unreadable(`the quantity "${text.slice(0, 20)}" is no whole number`);
}
