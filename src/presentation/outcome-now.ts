import type { EventKind } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';
import type { OutcomeName } from './config-shapes.ts';
import type { ItemState } from './item-state.ts';

const attempts: readonly EventKind[] = ['payment.pending', 'payment.failed'];

/** Events of a paid order that its page speaks of, the newest of them, until something else happens. */
const told: Partial<Record<EventKind, OutcomeName>> = {
  'payment.completed': 'paid',
  'payment.disputeWon': 'disputeWon',
  'subscription.renewed': 'renewed',
  'subscription.renewalFailed': 'renewalFailed',
};

/** The outcome an order's page shows now. `partly`: paid, but something of it is late or parked. */
export function outcomeNow(order: Order, items: readonly ItemState[]): OutcomeName {
  switch (order.status) {
    case 'paid': {
      if (isOpen(items)) return 'partly';
      const last = order.events.findLast(({ kind }) => kind in told);
      return (last && told[last.kind]) ?? 'paid';
    }
    case 'started':
      return 'pending';
    case 'disputeLost':
      return 'refunded';
    case 'expired':
      return order.events.some(({ kind }) => attempts.includes(kind)) ? 'expired' : 'abandoned';
    default:
      return order.status;
  }
}

/** What a single item of several goes by: one of three courses can be ready while the order is `partly`. */
export function outcomeOfItem(outcome: OutcomeName, state: ItemState): OutcomeName {
  if (state === 'late' || state === 'parked') return 'partly';
  if (outcome === 'partly' || outcome === 'partlyRefunded') {
    if (state === 'ready') return 'paid';
    if (state === 'takenBack') return 'refunded';
    if (state === 'suspended') return 'disputed';
  }
  return outcome;
}

export function isOpen(items: readonly ItemState[]): boolean {
  return items.some((state) => state === 'late' || state === 'parked');
}
