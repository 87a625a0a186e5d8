import { latestInstant, type EventKind, type PaymentEvent, type Person } from '../contract/event.ts';
import { isTakenBack, type Order, type OrderStatus, type Payment } from '../contract/order.ts';
import { linesOf } from './lines.ts';
import { orderNumber } from './order-number.ts';
import { paymentsOf } from './payments.ts';
import { refundsOf } from './refunds.ts';

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
  const telling = tellingOf(events);
  const language = events.find((event) => event.language)?.language;
  const reason = events.findLast((event) => event.reason)?.reason;
  const total = totalOf(payments, events) ?? telling?.amount;
  const started = events.find(({ kind }) => kind === 'checkout.started');
  const lines = linesOf(telling, events, started);
  return {
    id: orderNumber(gateway, purchase),
    gateway,
    purchase,
    status: statusOf(events, payments),
    mode: first.mode,
    lines,
    ...(total && { total }),
    ...buyersOf(events),
    ...(language !== undefined && { language }),
    holds: [],
    ...(reason !== undefined && { reason }),
    payments,
    refunds: refundsOf(events, payments, lines),
    ...(isPaused(events) && { paused: true }),
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
  if (hasEnded(events)) return 'ended';
  return payments.some(({ refunded }) => refunded > 0) ? 'partlyRefunded' : 'paid';
}

/** A contract that is cancelled for later runs until then. */
function hasEnded(events: readonly PaymentEvent[]): boolean {
  const now = latestInstant(events);
  return events.some(({ kind, at, until }) => kind === 'subscription.ended' && Date.parse(until ?? at) <= now);
}

/** Several payments for one purchase are its sum together; what is paid for later periods is not. */
function totalOf(payments: readonly Payment[], events: readonly PaymentEvent[]): Payment['amount'] | undefined {
  const [first] = payments;
  const parts = new Set(events.flatMap(({ part, payment }) => (part ? [payment] : [])));
  if (!first || !parts.has(first.reference)) return first?.amount;
  const sum = payments.filter(({ reference }) => parts.has(reference)).reduce((total, { amount }) => total + amount.amount, 0);
  return { ...first.amount, amount: sum };
}

function isPaused(events: readonly PaymentEvent[]): boolean {
  return events.findLast(({ kind }) => /^subscription\.(paused|resumed|renewed)$/.test(kind))?.kind === 'subscription.paused';
}

function beforePayment(events: readonly PaymentEvent[]): OrderStatus {
  const last = events.findLast(
    ({ kind }) => kind === 'payment.pending' || kind === 'payment.failed' || kind === 'payment.expired',
  );
  const begun = last ?? events.findLast(({ kind }) => kind === 'checkout.started');
  const isOver = begun?.until !== undefined && latestInstant(events) >= Date.parse(begun.until);
  if (begun?.kind === 'checkout.started') return isOver ? 'abandoned' : 'started';
  if (last?.kind === 'payment.pending' && isOver) return 'expired';
  if (last?.kind === 'payment.failed') return 'declined';
  return last?.kind === 'payment.expired' ? 'expired' : 'pending';
}

/** What was bought: by the payment, else by the cart we made for it, else by whatever names items. A refund names what went back. */
function tellingOf(events: readonly PaymentEvent[]): PaymentEvent | undefined {
  const naming = events.filter(
    ({ kind, lines }) => lines && !kind.startsWith('payment.refund') && kind !== 'subscription.changed',
  );
  return (
    naming.findLast(({ kind }) => kind === 'payment.completed') ??
    naming.find(({ kind }) => kind === 'checkout.started') ??
    naming[0]
  );
}

function buyersOf(events: readonly PaymentEvent[]): Pick<Order, 'buyer' | 'buyerAsTold'> {
  const told = buyerOf(events);
  const corrections = events.flatMap(({ kind, staff }) => (kind === 'buyer.corrected' && staff?.person ? [staff.person] : []));
  return corrections.length === 0
    ? { buyer: told }
    : { buyer: Object.assign({}, told, ...corrections) as Person, buyerAsTold: told };
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
