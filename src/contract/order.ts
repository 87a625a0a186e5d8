import type { EventLine, PaymentEvent, Person } from './event.ts';
import type { Money } from './money.ts';

/**
 * Where a purchase stands, derived from its events alone. `started`: begun through us, nothing heard since; `abandoned`: for too
 * long. `pending`: the bank has not decided. `held`: something does not add up, nothing is granted until staff decide.
 */
export type OrderStatus =
  | 'started'
  | 'abandoned'
  | 'pending'
  | 'paid'
  | 'declined'
  | 'expired'
  | 'refunded'
  | 'partlyRefunded'
  | 'disputed'
  | 'disputeLost'
  | 'ended'
  | 'held';

/** One purchase. Everything but `events` is derived from them. */
export interface Order {
  /** Our public order number, e.g. `K3M9-2QXT-7BHD`; made from gateway and purchase, so any process computes the same. */
  readonly id: string;
  readonly gateway: string;
  readonly purchase: string;
  readonly status: OrderStatus;
  readonly mode: 'live' | 'test';
  readonly lines: readonly OrderLine[];
  readonly total?: Money;
  readonly buyer: Person;
  /** As the gateway told it, where staff corrected the buyer. */
  readonly buyerAsTold?: Person;
  readonly language?: string;
  /** Why it is held, one entry per thing that does not add up. Empty unless `status` is `held`. */
  readonly holds: readonly Hold[];
  /** Why it was declined or refunded, in the gateway's words. */
  readonly reason?: string;
  readonly payments: readonly Payment[];
  /** Money that went back without taking a whole payment with it. */
  readonly refunds: readonly Refund[];
  /** A running contract is paused: access is closed until it goes on. */
  readonly paused?: boolean;
  /** The configuration the order was accepted under. */
  readonly configVersion: string;
  readonly createdAt: string;
  /** When it was first paid. */
  readonly paidAt?: string;
  readonly references: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly events: readonly PaymentEvent[];
}

/** One SKU and its quantity. `line` counts from 1 and never changes. */
export interface OrderLine extends EventLine {
  readonly line: number;
  /** `open`: a product file describes it. `parked`: its SKU has no product file yet. `foreign`: listed as not ours. */
  readonly state: 'open' | 'parked' | 'foreign';
  /** It came with a change of plan: since when, and by which event. */
  readonly joined?: { readonly at: string; readonly by: string };
  /** A change of plan took it out. */
  readonly left?: { readonly at: string; readonly by: string };
}

/** Part of a payment that went back. */
export interface Refund {
  /** The gateway's id of the refund. */
  readonly reversal: string;
  readonly payment: string;
  readonly amount: Money;
  readonly at: string;
  readonly by: string;
  /**
   * What it was for: by the gateway's word, by the sum, or by staff. `units`: so many of the line, the last ones first.
   * Undefined: nobody can tell, staff are asked. Empty: for none of the lines (shipping, goodwill).
   */
  readonly lines?: readonly { readonly line: number; readonly units: number }[];
}

/** One movement of money in, with what was taken back of it since. */
export interface Payment {
  readonly reference: string;
  readonly amount: Money;
  readonly at: string;
  readonly refunded: number;
  readonly dispute: 'none' | 'open' | 'won' | 'lost';
  readonly period?: { readonly from: string; readonly until: string };
}

/** Nothing of this payment is left: wholly refunded, or lost in a dispute. */
export function isTakenBack({ amount, refunded, dispute }: Payment): boolean {
  return dispute === 'lost' || (refunded > 0 && refunded >= amount.amount);
}

/** How many units of a line a payment no longer pays for. */
export function unitsReturned(refunds: readonly Refund[], payment: string, line: number): number {
  const shares = refunds.filter((refund) => refund.payment === payment).flatMap(({ lines }) => lines ?? []);
  return shares.filter((share) => share.line === line).reduce((sum, { units }) => sum + units, 0);
}

/** How many units of a line are paid for and not paid back. */
export function unitsPaid({ payments, refunds }: Order, line: OrderLine): number {
  const standing = payments.filter((payment) => !isTakenBack(payment));
  if (standing.length === 0) return 0;
  const returned = standing.map(({ reference }) => unitsReturned(refunds, reference, line.line));
  return Math.max(0, line.quantity - Math.min(...returned));
}

/** Who was named for a unit: by the latest decision about it, else by the order. Undefined: nobody. */
export function namedLearner({ events }: Order, line: OrderLine, unit: number): Person | undefined {
  const assigned = events.findLast(
    ({ kind, staff }) =>
      kind === 'learner.assigned' && staff?.lines?.includes(line.line) && (staff.unit === undefined || staff.unit === unit),
  );
  return assigned ? assigned.staff?.person : line.learner;
}

/** Who learns, where that is not the buyer as the gateway told it. */
export function learnerOf(order: Order, line: OrderLine, unit: number): Person | undefined {
  const { buyer, buyerAsTold } = order;
  const learner = namedLearner(order, line, unit) ?? (buyerAsTold ? buyer : undefined);
  return learner?.email?.toLowerCase() === (buyerAsTold ?? buyer).email?.toLowerCase() ? undefined : learner;
}

/** Names what is given to whom, the same for every order that gives it: the action, the thing it names, the learner. */
export function resourceName(action: string, thing: string, email: string): string {
  return `${action} ${thing} ${email.toLowerCase()}`;
}

/** Something that does not add up, for staff. */
export interface Hold {
  readonly code: string;
  readonly message: string;
}

/**
 * One thing given: (order line, unit, grant name). It lists why it stands; when no reason is left, it is taken back.
 */
export interface Grant {
  /** `<order id>/<line>/<unit>/<name>` */
  readonly id: string;
  readonly orderId: string;
  readonly line: number;
  readonly unit: number;
  readonly name: string;
  readonly action: string;
  /** What is given at the other side: the same for every order that gives this thing to this person. */
  readonly resource?: string;
  readonly reasons: readonly Reason[];
  /** What the reasons ask for now. */
  readonly wanted: GrantState;
}

export type GrantState = 'granted' | 'suspended' | 'revoked';

/** Why a grant stands: a payment, a gift, a decision of staff. */
export interface Reason {
  readonly kind: 'payment' | 'gift' | 'hand';
  /** The payment's reference at the gateway, or who decided. */
  readonly reference: string;
  readonly since: string;
  readonly until?: string;
  /** Set when the reason fell away: by which event, when, and which outcome's rule for grants that asks for. */
  readonly withdrawn?: { readonly by: string; readonly at: string; readonly rule: 'refunded' | 'ended' };
  /** A dispute is open, or the contract is paused: the reason counts only for keeping, not for access. */
  readonly suspended?: 'disputed' | 'paused';
}
