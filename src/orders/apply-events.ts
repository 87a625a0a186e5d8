import type { EventKind, PaymentEvent, Person } from '../contract/event.ts';
import { isTakenBack, type Order, type OrderLine, type OrderStatus, type Payment } from '../contract/order.ts';
import { orderNumber } from './order-number.ts';
import { paymentsOf } from './payments.ts';

/** Events of one instant are read in this order, so that any arrival order gives the same sequence. */
const sequence: readonly EventKind[] = [
  'checkout.started',
  'payment.pending',
  'payment.failed',
  'payment.expired',
  'payment.completed',
  'subscription.renewed',
  'subscription.renewalFailed',
  'payment.disputed',
  'payment.disputeWon',
  'payment.disputeLost',
  'payment.refunded',
  'payment.refundFailed',
  'subscription.changed',
  'subscription.paused',
  'subscription.resumed',
  'subscription.ended',
  'clock.passed',
  'order.released',
  'refund.assigned',
  'grant.given',
  'grant.extended',
  'grant.reissued',
  'grant.decided',
  'learner.assigned',
  'buyer.corrected',
];

/**
 * What the events of one purchase amount to. Pure, and a function of the *set* of events: neither their order of arrival
 * nor repetition changes the result. Lines are not yet compared with product files; `matchOrder` does that.
 */
export function applyEvents(gateway: string, purchase: string, known: readonly PaymentEvent[]): Order {
  const events = inSequence(known);
  const first = events[0];
  if (!first) throw new Error(`Purchase ${purchase} has no events, so there is no order to make.`);
  const payments = paymentsOf(events);
  const telling =
    events.findLast((event) => event.kind === 'payment.completed' && event.lines) ?? events.find((event) => event.lines);
  const language = events.find((event) => event.language)?.language;
  const reason = events.findLast((event) => event.reason)?.reason;
  const total = payments[0]?.amount ?? telling?.amount;
  return {
    id: orderNumber(gateway, purchase),
    gateway,
    purchase,
    status: statusOf(events, payments),
    mode: first.mode,
    lines: linesOf(telling),
    ...(total && { total }),
    buyer: buyerOf(events),
    ...(language !== undefined && { language }),
    holds: [],
    ...(reason !== undefined && { reason }),
    payments,
    configVersion: '',
    createdAt: first.at,
    ...(payments[0] && { paidAt: payments[0].at }),
    references: [...new Set([purchase, ...events.flatMap((event) => [event.payment, ...(event.references ?? [])])])],
    metadata: metadataOf(events),
    events,
  };
}

function inSequence(known: readonly PaymentEvent[]): PaymentEvent[] {
  const unique = new Map(known.map((event) => [event.id, event]));
  return [...unique.values()].sort(
    (a, b) =>
      Date.parse(a.at) - Date.parse(b.at) ||
      sequence.indexOf(a.kind) - sequence.indexOf(b.kind) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

function statusOf(events: readonly PaymentEvent[], payments: readonly Payment[]): OrderStatus {
  if (payments.length === 0) return beforePayment(events);
  const alive = payments.filter((payment) => !isTakenBack(payment));
  if (alive.length === 0) return payments.some(({ dispute }) => dispute === 'lost') ? 'disputeLost' : 'refunded';
  if (alive.some(({ dispute }) => dispute === 'open')) return 'disputed';
  if (events.some(({ kind }) => kind === 'subscription.ended')) return 'ended';
  return payments.some(({ refunded }) => refunded > 0) ? 'partlyRefunded' : 'paid';
}

function beforePayment(events: readonly PaymentEvent[]): OrderStatus {
  const last = events.findLast(
    ({ kind }) => kind === 'payment.pending' || kind === 'payment.failed' || kind === 'payment.expired',
  );
  if (last?.kind === 'payment.failed') return 'declined';
  return last?.kind === 'payment.expired' ? 'expired' : 'pending';
}

function linesOf(event: PaymentEvent | undefined): OrderLine[] {
  return (event?.lines ?? []).map((line, index) => ({ ...line, line: index + 1, state: 'open' as const }));
}

function buyerOf(events: readonly PaymentEvent[]): Person {
  const told = [...events.filter(({ kind }) => kind === 'payment.completed'), ...events].flatMap(({ buyer }) =>
    buyer ? [buyer] : [],
  );
  const buyer: Record<string, string> = {};
  for (const person of told) {
    for (const [key, value] of Object.entries(person) as [string, string | undefined][]) {
      if (value !== undefined && value.trim() !== '') buyer[key] ??= value.trim();
    }
  }
  return buyer;
}

function metadataOf(events: readonly PaymentEvent[]): Record<string, string> {
  const metadata = Object.create(null) as Record<string, string>;
  for (const event of events) {
    for (const [key, value] of Object.entries(event.metadata ?? {})) metadata[key] ??= value;
  }
  return metadata;
}
