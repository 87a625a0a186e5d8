import { makeDispute } from '../objects/dispute.ts';
import { makeRefund } from '../objects/refund.ts';
import { idOf, type Charge, type Dispute, type Refund } from '../wire.ts';
import { need, paidCharge, type SaleState } from './state.ts';

/** What a refund is of. */
export interface RefundTerms {
  /** Minor units. @default all that is left of the charge */
  amount?: number;
  /** @default 'succeeded' */
  status?: 'succeeded' | 'pending' | 'requires_action';
  /** Id of the charge. @default the latest that went through */
  charge?: string;
}

/** Adds to the charge's `amount_refunded`, which is cumulative; `refunded` is true once nothing is left. */
export function refund(state: SaleState, terms: RefundTerms, at?: Date): { refund: Refund; charge: Charge } {
  const charge = paidCharge(state, terms.charge);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = terms.amount ?? left;
  if (amount <= 0 || amount > left) throw new Error(`The charge has ${left} left to refund, not ${amount}.`);
  const { books } = state;
  const made = makeRefund(books.newId('re'), books.seconds(at), charge, amount, terms.status ?? 'succeeded');
  state.refunds.push(books.put('refund', made, state.terms.account));
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  return { refund: made, charge };
}

/** The bank could not take the money: it is back with the seller, and the charge counts it as not refunded. */
export function failRefund(state: SaleState, id?: string): Refund {
  const found = refundOf(state, id);
  const charge = paidCharge(state, idOf(found.charge));
  if (found.status !== 'failed') {
    charge.amount_refunded -= found.amount;
    charge.refunded = false;
  }
  found.status = 'failed';
  found.failure_reason = 'expired_or_canceled_card';
  return found;
}

/** The refund asked for, else the latest. */
export function refundOf(state: SaleState, id?: string): Refund {
  const found = id === undefined ? state.refunds.at(-1) : state.refunds.find((each) => each.id === id);
  return need(found, id === undefined ? 'refund' : `refund ${id}`, 'Call refunded() first.');
}

/** What a dispute is about. */
export interface DisputeTerms {
  /** `warning_…` is an inquiry, which moves no money. @default 'needs_response' */
  status?: Dispute['status'];
  /** Minor units. @default the whole charge */
  amount?: number;
  /** @default 'fraudulent' */
  reason?: string;
  /** Id of the charge. @default the latest that went through */
  charge?: string;
}

export function dispute(state: SaleState, terms: DisputeTerms, at?: Date): Dispute {
  const charge = paidCharge(state, terms.charge);
  const { books } = state;
  const status = terms.status ?? 'needs_response';
  const made = makeDispute(books.newId('dp'), books.seconds(at), charge, terms.amount ?? charge.amount, status);
  if (terms.reason !== undefined) made.reason = terms.reason;
  charge.disputed = true;
  state.dispute = books.put('dispute', made, state.terms.account);
  return made;
}

export function disputeOf(state: SaleState): Dispute {
  return need(state.dispute, 'dispute', 'Call disputed() first.');
}
