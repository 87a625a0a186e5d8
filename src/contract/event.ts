import type { Money } from './money.ts';

/**
 * What a payment can do to an order. Money in: `completed`, `pending`, `failed` (one attempt, the buyer may try again),
 * `expired` (never finished). Money out: `refunded`, `refundFailed` (a refund that came back), `disputed`, `disputeWon`,
 * `disputeLost`. Running contracts: `renewed`, `renewalFailed`, `changed` (another plan: `lines` are what it is now), `paused`,
 * `resumed`, `ended`. `checkout.started` is a purchase begun through us. `clock.passed` says that an instant has come, so that
 * what ends by our own clock is a fact like any other. The rest are decisions of staff: `released` accepts a held order,
 * `refund.assigned` names the lines of a refund, `grant.*` and `learner.assigned` change single grants, `buyer.corrected` the
 * buyer.
 */
export type EventKind = GatewayEventKind | OwnEventKind;

/** What a gateway can tell. */
export type GatewayEventKind =
  | 'payment.pending'
  | 'payment.completed'
  | 'payment.failed'
  | 'payment.expired'
  | 'payment.refunded'
  | 'payment.refundFailed'
  | 'payment.disputed'
  | 'payment.disputeWon'
  | 'payment.disputeLost'
  | 'subscription.renewed'
  | 'subscription.renewalFailed'
  | 'subscription.changed'
  | 'subscription.paused'
  | 'subscription.resumed'
  | 'subscription.ended';

/** What only we can tell. */
export type OwnEventKind =
  | 'checkout.started'
  | 'clock.passed'
  | 'order.released'
  | 'refund.assigned'
  | 'grant.given'
  | 'grant.extended'
  | 'grant.reissued'
  | 'grant.decided'
  | 'learner.assigned'
  | 'buyer.corrected';

/** A proved fact about a payment, in our terms. An order's state depends on the set of these, not on their order or number. */
export interface PaymentEvent {
  readonly kind: EventKind;
  /** Name of the gateway that proved it. */
  readonly gateway: string;
  /** Names the fact, once per gateway: two deliveries of one fact carry the same id. */
  readonly id: string;
  /** When it happened, by the gateway's clock. ISO 8601, UTC. */
  readonly at: string;
  /** The gateway's name of the purchase; the same on all of its events. With the gateway it identifies our order. */
  readonly purchase: string;
  /** The gateway's name of the money movement. Two events about one movement (a session and its payment intent) share it. */
  readonly payment: string;
  readonly mode: 'live' | 'test';
  /** The account the money went to, where the gateway tells. */
  readonly receiver?: string;
  /** Money of this event: paid, refunded or disputed. */
  readonly amount?: Money;
  /** What the gateway kept of `amount` for itself, where it tells. */
  readonly fee?: Money;
  /** Refunds and disputes: the gateway's id of the refund or dispute, so that its later changes find it. */
  readonly reversal?: string;
  /** The refund's `amount` is all that was refunded of the payment so far, not this refund alone. */
  readonly cumulative?: boolean;
  /** `payment.completed`: one of several payments for the purchase; together they must come to its sum. */
  readonly part?: boolean;
  /** `payment.pending`: when the buyer is reminded. `until`: when the order expires by our own clock. ISO 8601, UTC. */
  readonly remindAt?: string;
  /** A free trial began: its lines may cost nothing, where the product accepts trials. */
  readonly trial?: boolean;
  /**
   * `subscription.ended`: access lasts until then. `checkout.started`: abandoned then. `payment.pending`: expired then.
   * `grant.given`, `grant.extended`: the new end. ISO 8601, UTC.
   */
  readonly until?: string;
  /** What was bought, on events that can tell. On `payment.refunded`: the lines that were refunded, with what was paid back of each. */
  readonly lines?: readonly EventLine[];
  readonly shipping?: Money;
  readonly buyer?: Person;
  /** BCP 47 language the buyer used at the gateway. */
  readonly language?: string;
  /** Why, in words for staff: a decline reason, a refund note. */
  readonly reason?: string;
  /** Subscription period this payment covers. ISO 8601, UTC. */
  readonly period?: { readonly from: string; readonly until: string };
  /** Further names of the payment at the gateway, so that staff find the order by any of them. */
  readonly references?: readonly string[];
  /** What the shop attached to the payment. A null-prototype record: any key is data. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Decisions of staff: who, and why. */
  readonly staff?: StaffDecision;
}

/** Who decided something about an order, why, and about what. Names are as in the order: lines and units count from 1. */
export interface StaffDecision {
  readonly by: string;
  readonly because: string;
  /** `order.released`: the codes of the holds that were accepted. */
  readonly codes?: readonly string[];
  /** `refund.assigned`, `learner.assigned`. */
  readonly lines?: readonly number[];
  /** `learner.assigned`: without it all units of the line. */
  readonly unit?: number;
  /** The grant it is about, `<order>/<line>/<unit>/<name>`. */
  readonly grantId?: string;
  /** `grant.decided`: what becomes of a grant that the product file leaves to a person. */
  readonly decision?: 'revoke' | 'suspend' | 'keep';
  /** `learner.assigned`: who learns. Without it the buyer again. `buyer.corrected`: what is right. */
  readonly person?: Person;
}

/** One bought item as the gateway reports it. Sums are for the whole quantity. */
export interface EventLine {
  /** What the item is called in our product files; undefined when the gateway names none. */
  readonly sku?: string;
  readonly title: string;
  readonly quantity: number;
  /** Before discount and before tax that comes on top. */
  readonly subtotal: Money;
  readonly discount?: Money;
  readonly tax?: Money;
  /** What was charged for the line. */
  readonly total: Money;
  /** Bought once beside a subscription: a change of plan leaves it alone. */
  readonly once?: boolean;
  /** Who gets it, when it is not the buyer: a gift, a seat for an employee. */
  readonly learner?: Person;
}

/** Who pays or who learns. */
export interface Person {
  readonly email?: string;
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

/** How far the clock is known to have come, in milliseconds since 1970: whatever happened, happened at some time. */
export function latestInstant(events: readonly PaymentEvent[]): number {
  return events.reduce((latest, { at }) => Math.max(latest, Date.parse(at)), 0);
}
