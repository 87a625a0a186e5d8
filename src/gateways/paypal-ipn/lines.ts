import type { EventLine } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { told } from '../told.ts';
import { spread } from '../paypal/order-lines.ts';
import type { Form } from './form.ts';
import { sumOf, valueOf } from './message.ts';

/** What the message says was bought. */
export interface Bought {
  readonly lines: readonly EventLine[];
  readonly shipping: Money | undefined;
}

const mostItems = 200;

/**
 * One item (`item_number`) or a cart (`item_number1` …). An item's `mc_gross_n` includes its own shipping and handling; whether
 * it includes tax and discount differs, so what the cart's sum lacks or has too much is the tax or discount the message names.
 * Where that does not explain it, the lines do not add up and the order is held.
 */
export function boughtOf(form: Form, paid: Money): Bought {
  const count = Math.min(Number(valueOf(form, 'num_cart_items') ?? 0) || 0, mostItems);
  return count > 0 ? cart(form, paid, count) : single(form, paid);
}

function single(form: Form, paid: Money): Bought {
  const part = partOf(form);
  const [tax, discount] = [part('tax'), part('discount')];
  const shipping = shippingOf(form);
  const total = paid.amount - shipping;
  const line = lineOf(form, '', paid.currency, { total, tax, discount });
  return { lines: [line], shipping: shipping > 0 ? { ...paid, amount: shipping } : undefined };
}

function cart(form: Form, paid: Money, count: number): Bought {
  const part = partOf(form);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const carried = numbers.map((n) => part(`mc_shipping${n}`) + part(`mc_handling${n}`));
  const goods = numbers.map((n, index) => part(`mc_gross_${n}`) - (carried[index] ?? 0));
  const shipping = shippingOf(form) || carried.reduce((sum, each) => sum + each, 0);
  const missing = paid.amount - shipping - goods.reduce((sum, each) => sum + each, 0);
  const [tax, discount] = [part('tax'), part('discount')];
  const explained = missing === tax - discount;
  const taxes = explained
    ? taxesOf(
        numbers.map((n) => part(`tax${n}`)),
        tax,
        goods,
      )
    : goods.map(() => 0);
  const discounts = spread(explained ? discount : 0, goods);
  const lines = numbers.map((n, index) => {
    const [own = 0, tax = 0, discount = 0] = [goods[index], taxes[index], discounts[index]];
    return lineOf(form, String(n), paid.currency, { total: own + tax - discount, tax, discount });
  });
  return { lines, shipping: shipping > 0 ? { ...paid, amount: shipping } : undefined };
}

function taxesOf(own: readonly number[], total: number, goods: readonly number[]): readonly number[] {
  return own.reduce((sum, each) => sum + each, 0) === total ? own : spread(total, goods);
}

/** A donation says quantity 0: it is one all the same. */
function lineOf(
  form: Form,
  suffix: string,
  currency: string,
  { total, tax, discount }: { readonly total: number; readonly tax: number; readonly discount: number },
): EventLine {
  const sum = (amount: number): Money => ({ amount, currency });
  const sku = valueOf(form, `item_number${suffix}`);
  const quantity = valueOf(form, `quantity${suffix}`) ?? '1';
  return told({
    sku,
    title: valueOf(form, `item_name${suffix}`, 'product_name', 'transaction_subject') ?? sku ?? 'Item',
    quantity: /^\d{1,10}$/.test(quantity) ? Math.max(1, Number(quantity)) : 1,
    subtotal: sum(total - tax + discount),
    discount: discount === 0 ? undefined : sum(discount),
    tax: tax === 0 ? undefined : sum(tax),
    total: sum(total),
  });
}

function shippingOf(form: Form): number {
  const part = partOf(form);
  return (part('mc_shipping') || part('shipping')) + part('mc_handling');
}

function partOf(form: Form): (name: string) => number {
  return (name) => Math.max(0, sumOf(form, name)?.amount ?? 0);
}
