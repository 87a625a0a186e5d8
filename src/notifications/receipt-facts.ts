import type { ItemView, OrderView } from '../presentation/order-view.ts';
import { summarize } from '../presentation/summary.ts';
import type { Fact } from './letter.ts';

/** The order in figures. The sum is left out where the mail speaks of a part of it only. */
export function receiptFacts(view: OrderView, items: readonly ItemView[]): Fact[] {
  const { number, date, buyer, total, totalLabel, refunded, extras } = summarize(view);
  const isWhole = items.length === 0 || items.length === view.items.length;
  return [
    { label: 'Number', value: number },
    { label: 'Date', value: date },
    { label: 'Buyer', value: buyer },
    ...items.map(({ title, quantity, total: price }) => ({
      label: quantity > 1 ? `${title} × ${quantity}` : title,
      value: price.text,
    })),
    ...(isWhole ? extras.map(({ label, price }) => ({ label, value: price })) : []),
    ...(isWhole ? [{ label: totalLabel, value: total }] : []),
    { label: 'Returned to you', value: refunded },
  ].filter(({ value }) => value !== '');
}
