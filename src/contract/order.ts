import type { EventLine, PaymentEvent, Person } from './event.ts';
import type { Money } from './money.ts';

/**
 * Where a purchase stands, derived from its events alone.
 * `held`: something does not add up, nothing is granted until staff decide. `pending`: the bank has not decided.
 */
export type OrderStatus =
  'pending' | 'paid' | 'declined' | 'expired' | 'refunded' | 'partlyRefunded' | 'disputed' | 'disputeLost' | 'ended' | 'held';

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
  readonly language?: string;
  /** Why it is held, one entry per thing that does not add up. Empty unless `status` is `held`. */
  readonly holds: readonly Hold[];
  /** Why it was declined or refunded, in the gateway's words. */
  readonly reason?: string;
  readonly payments: readonly Payment[];
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
  /** Set when the reason fell away: by which event, and when. */
  readonly withdrawn?: { readonly by: string; readonly at: string };
  /** A dispute is open: the reason counts only for keeping, not for access. */
  readonly suspended?: boolean;
}
