import type { EventLine } from '../contract/event.ts';
import type { Cart, CartLine } from '../contract/gateway.ts';

/** The lines of a cart as a bill of ours has them: whole quantities, no discount, no tax on top. */
export function billed({ lines }: Pick<Cart, 'lines'>): EventLine[] {
  return lines.map(billedLine);
}

function billedLine({ sku, title, quantity, price, learner }: CartLine): EventLine {
  const total = { ...price, amount: price.amount * quantity };
  return { sku, title, quantity, subtotal: total, total, ...(learner && { learner }) };
}
