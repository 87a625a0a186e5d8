import type { OwnEventKind, PaymentEvent, StaffDecision } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';

type Place = Pick<Order, 'id' | 'gateway' | 'purchase' | 'mode'>;

/** The fact that an instant has come; the same one however often it is told. */
export function clockPassed(order: Place, atMs: number): PaymentEvent {
  const at = new Date(atMs).toISOString();
  return { ...factOf(order, 'clock.passed', at), id: `clock/${order.id}/${at}` };
}

/**
 * A decision of staff as a fact about the order. Its name holds order and instant: names are unique per gateway, and two orders
 * may be decided on in one instant. `more` adds what the kind carries besides, such as `reversal` or `until`.
 */
export function decided(
  order: Place,
  kind: OwnEventKind,
  staff: StaffDecision,
  now: Date,
  more: Pick<PaymentEvent, 'reversal' | 'until'> = {},
): PaymentEvent {
  const at = now.toISOString();
  const about = staff.grantId ?? more.reversal ?? staff.lines?.join('+') ?? '';
  return { ...factOf(order, kind, at), ...more, id: `${kind}/${order.id}/${about}/${at}`, staff };
}

function factOf({ gateway, purchase, mode }: Place, kind: OwnEventKind, at: string) {
  return { kind, gateway, at, purchase, payment: purchase, mode };
}
