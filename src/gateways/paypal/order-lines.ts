import type { EventLine } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { fieldsAt, listAt, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { moneyAt } from './money.ts';

/** What one purchase unit sold. */
export interface Goods {
  /** Undefined: the shop named no items when it made the order. */
  readonly lines: readonly EventLine[] | undefined;
  readonly shipping: Money | undefined;
}

/**
 * Items with their share of the unit's discount. PayPal states a discount, and often the tax, for all items together, so both
 * are spread by the items' prices; the shares add up to the whole. Tax comes on top of an item's price
 * (https://developer.paypal.com/docs/api/orders/v2/, `amount.breakdown`).
 */
export function goodsOf(unit: Fields | undefined): Goods {
  const currency = textAt(unit, 'amount', 'currency_code') ?? '';
  const breakdown = fieldsAt(unit, 'amount', 'breakdown');
  const part = (name: string) => moneyAt(breakdown, name)?.amount ?? 0;
  const sum = (amount: number): Money => ({ amount, currency });
  const shipping = part('shipping') + part('handling') + part('insurance') - part('shipping_discount');
  const items = listAt(unit, 'items');
  const prices = items.map((item) => quantityOf(item) * (moneyAt(item, 'unit_amount')?.amount ?? 0));
  const taxes = taxesOf(items, prices, part('tax_total'));
  const discounts = spread(part('discount'), prices);
  const lines = items.map((item, index): EventLine => {
    const [price = 0, tax = 0, discount = 0] = [prices[index], taxes[index], discounts[index]];
    const sku = textAt(item, 'sku');
    return told({
      sku,
      title: textAt(item, 'name') ?? sku ?? 'Item',
      quantity: quantityOf(item),
      subtotal: sum(price),
      discount: discount === 0 ? undefined : sum(discount),
      tax: tax === 0 ? undefined : sum(tax),
      total: sum(price - discount + tax),
    });
  });
  return { lines: lines.length > 0 ? lines : undefined, shipping: shipping > 0 ? sum(shipping) : undefined };
}

/** PayPal writes quantities as text. What is no whole number stays one that no order accepts. */
function quantityOf(item: Fields): number {
  const text = textAt(item, 'quantity') ?? '1';
  return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}

/** An item's tax is for one piece. */
function taxesOf(items: readonly Fields[], prices: readonly number[], total: number): number[] {
  const own = items.map((item) => quantityOf(item) * (moneyAt(item, 'tax')?.amount ?? 0));
  return own.some((tax) => tax > 0) ? own : spread(total, prices);
}

/** Shares of a sum by weight, in whole units, that add up to it: each takes what the shares before it left. */
export function spread(sum: number, weights: readonly number[]): number[] {
  const all = weights.reduce((total, weight) => total + weight, 0);
  if (all === 0) return weights.map((_, index) => (index === 0 ? sum : 0));
  let [passed, given] = [0, 0];
  return weights.map((weight) => {
    passed += weight;
    const share = Number((BigInt(sum) * BigInt(passed)) / BigInt(all)) - given;
    given += share;
    return share;
  });
}
