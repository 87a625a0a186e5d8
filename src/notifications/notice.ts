import type { OrderView } from '../presentation/order-view.ts';
import { listInWords } from '../presentation/show-values.ts';
import type { OrderRecord } from '../storage/store.ts';
import { commands } from './commands.ts';
import type { Fact } from './letter.ts';

/** A notice to staff: what happened, what was tried, what to do. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What a person is asked to do, in order. */
  readonly steps: readonly string[];
}

/** The order a notice is about. */
export interface NoticeOrder {
  readonly view: OrderView;
  readonly record: OrderRecord;
}

export function titlesOf({ items }: OrderView): string {
  return listInWords(items.map(({ title, quantity }) => (quantity > 1 ? `${title} × ${quantity}` : title)));
}

export function nameOf({ buyer }: OrderView): string {
  return buyer.name || buyer.email || 'Somebody';
}

export function factsOf({ view, record: { order } }: NoticeOrder): Fact[] {
  return [
    { label: 'Order', value: view.number },
    { label: 'Buyer', value: [view.buyer.name, view.buyer.email].filter(Boolean).join(', ') },
    ...view.items.map(({ title, sku, quantity, total }) => ({
      label: sku || title,
      value: `${title}${quantity > 1 ? ` × ${quantity}` : ''}, ${total.text}`,
    })),
    { label: 'Total', value: view.total?.text ?? '' },
    { label: 'Returned', value: view.refunded?.text ?? '' },
    { label: 'Paid by', value: [order.gateway, order.payments[0]?.reference].filter(Boolean).join(' ') },
    { label: 'More', value: commands.showOrder(view.number) },
  ];
}

/** A field of `about`, which may be of any kind, as text. */
export function word(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
