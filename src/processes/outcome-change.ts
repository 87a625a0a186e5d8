import type { OutcomeName } from '../config/types.ts';
import type { EventKind } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';

const changing: Partial<Record<OutcomeName, readonly EventKind[]>> = {
  refunded: ['payment.refunded', 'payment.disputeLost'],
  partlyRefunded: ['payment.refunded', 'payment.refundFailed'],
  disputed: ['payment.disputed'],
  disputeWon: ['payment.disputeWon'],
  renewed: ['subscription.renewed'],
  renewalFailed: ['subscription.renewalFailed'],
  ended: ['subscription.ended', 'clock.passed'],
};

/** What tells one coming of an outcome from an earlier one, as part of a step's key: such outcomes can come more than once. */
export function changeOf(order: Order, outcome: OutcomeName): string {
  const kinds = changing[outcome];
  const last = kinds && order.events.findLast(({ kind }) => kinds.includes(kind));
  return last ? `/${last.reversal ?? last.id}` : '';
}
