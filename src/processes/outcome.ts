import type { OutcomeName } from '../config/types.ts';
import type { Order } from '../contract/order.ts';

/** The outcome that brought the order from `before` to where it stands; undefined when nothing changed that anyone should hear of. */
export function outcomeOf(before: Order | undefined, order: Order): OutcomeName | undefined {
  if (before?.status === order.status && refundedTotal(before) === refundedTotal(order)) return undefined;
  if (order.status === 'disputeLost') return 'refunded';
  if (before?.status === 'disputed' && (order.status === 'paid' || order.status === 'partlyRefunded')) return 'disputeWon';
  return order.status;
}

function refundedTotal(order: Order): number {
  return order.payments.reduce((total, { refunded }) => total + refunded, 0);
}
