import type { OrderView } from './order-view.ts';

/** The order in figures, as a receipt has it. */
export interface Summary {
  readonly number: string;
  readonly date: string;
  readonly items: readonly { readonly title: string; readonly quantity: number; readonly price: string; readonly note: string }[];
  readonly extras: readonly { readonly label: string; readonly price: string }[];
  /** Empty while the sum is unknown. */
  readonly total: string;
  /** `Paid`, `Not charged` … */
  readonly totalLabel: string;
  /** Empty when nothing was refunded. */
  readonly refunded: string;
  readonly buyer: string;
}

export function summarize(view: OrderView): Summary {
  const { items, shipping, refunded, total, buyer } = view;
  return {
    number: view.number,
    date: view.date,
    items: items.map(({ title, quantity, total: price, discount }) => ({
      title,
      quantity,
      price: price.text,
      note: discount ? `${discount.text} discount included` : '',
    })),
    extras: shipping ? [{ label: 'Shipping', price: shipping.text }] : [],
    total: total?.text ?? '',
    totalLabel: totalLabel(view),
    refunded: refunded?.text ?? '',
    buyer: [buyer.name, buyer.email].filter(Boolean).join(', '),
  };
}

function totalLabel({ status }: OrderView): string {
  if (status === 'pending') return 'To be paid';
  return status === 'declined' || status === 'expired' ? 'Not charged' : 'Paid';
}
