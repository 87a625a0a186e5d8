import type { OutcomeName } from '../config/types.ts';
import type { PaymentEvent } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';

/** The outcome that brought the order from `before` to where it stands; undefined when nothing changed that anyone should hear of. */
export function outcomeOf(before: Order | undefined, order: Order): OutcomeName | undefined {
  if (order.status === 'started') return undefined;
  if (before?.status === order.status && refundedTotal(before) === refundedTotal(order)) return renewalOutcome(before, order);
  if (order.status === 'disputeLost') return 'refunded';
  if (before?.status === 'disputed' && (order.status === 'paid' || order.status === 'partlyRefunded')) return 'disputeWon';
  if (before?.status === 'ended' && order.status === 'paid') return renewalOutcome(before, order) ?? 'paid';
  return order.status;
}

/** A running contract was paid for another period, or could not be. A failure that a payment has overtaken is none. */
function renewalOutcome(before: Order, order: Order): OutcomeName | undefined {
  if (order.status !== 'paid' && order.status !== 'partlyRefunded') return undefined;
  const [renewed, failed] = [latest(order, 'subscription.renewed'), latest(order, 'subscription.renewalFailed')];
  if (renewed && renewed.id !== latest(before, 'subscription.renewed')?.id) return 'renewed';
  const isNew = failed && failed.id !== latest(before, 'subscription.renewalFailed')?.id;
  return isNew && (!renewed || renewed.at < failed.at) ? 'renewalFailed' : undefined;
}

function latest({ events }: Order, kind: PaymentEvent['kind']): PaymentEvent | undefined {
  return events.findLast((event) => event.kind === kind);
}

function refundedTotal(order: Order): number {
  return order.payments.reduce((total, { refunded }) => total + refunded, 0);
}
