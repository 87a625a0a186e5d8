import { HandoverError } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import { formatMoney, type Money } from '../../contract/money.ts';
import type { Order } from '../../contract/order.ts';

/** Who decided, when and why. */
export interface StaffWord {
  readonly by: string;
  readonly because: string;
  readonly at: Date;
}

/** Staff give up waiting for the money. Undefined: they did before. Throws `ORDER_PAID`: what is paid is refunded, not cancelled. */
export function cancelEvent(order: Order, { by, because, at }: StaffWord): PaymentEvent | undefined {
  if (order.payments.length > 0) {
    throw new HandoverError('ORDER_PAID', `Money has come for order ${order.id}, so it cannot be cancelled.`, {
      hint: `Give it back first: npx handover refund ${order.id} --because "..."`,
    });
  }
  const id = `${order.purchase}:cancelled`;
  if (order.events.some((event) => event.id === id)) return undefined;
  const { gateway, purchase, mode } = order;
  return {
    kind: 'payment.expired',
    gateway,
    id,
    at: at.toISOString(),
    purchase,
    payment: purchase,
    mode,
    reason: because,
    staff: { by, because },
  };
}

export interface PayBack extends StaffWord {
  /** All that is left, when absent. */
  readonly amount?: Money;
  /** The bank's name of the transfer back: the same one twice is one. */
  readonly reference: string;
}

/**
 * Staff have sent money back. The newest payments are paid back first, one event for each. Empty: it is known. Throws
 * `REFUND_IMPOSSIBLE`.
 */
export function refundEvents(order: Order, { amount, reference, by, because, at }: PayBack): PaymentEvent[] {
  const name = `${order.purchase}:refunded:${reference}`;
  if (order.events.some(({ reversal }) => reversal === name || reversal?.startsWith(`${name}:`))) return [];
  const standing = order.payments.filter((payment) => payment.amount.amount > payment.refunded).toReversed();
  const currency = standing[0]?.amount.currency;
  const left = standing.reduce((sum, payment) => sum + payment.amount.amount - payment.refunded, 0);
  if (currency === undefined) throw impossible(`Order ${order.id} has no money left to give back.`);
  if (amount && (amount.currency !== currency || amount.amount < 1 || amount.amount > left)) {
    throw impossible(
      `Order ${order.id} has ${formatMoney({ amount: left, currency })} left; that is no room for ${formatMoney(amount)}.`,
    );
  }
  let open = amount?.amount ?? left;
  const events: PaymentEvent[] = [];
  for (const payment of standing) {
    const part = Math.min(open, payment.amount.amount - payment.refunded);
    if (part === 0) continue;
    open -= part;
    const reversal = events.length === 0 ? name : `${name}:${events.length + 1}`;
    events.push({
      kind: 'payment.refunded',
      gateway: order.gateway,
      id: reversal,
      at: at.toISOString(),
      purchase: order.purchase,
      payment: payment.reference,
      mode: order.mode,
      amount: { amount: part, currency },
      reversal,
      reason: because,
      staff: { by, because },
    });
  }
  return events;
}

function impossible(message: string): HandoverError {
  return new HandoverError('REFUND_IMPOSSIBLE', message, { hint: 'What was paid and given back: npx handover order ORDER' });
}
