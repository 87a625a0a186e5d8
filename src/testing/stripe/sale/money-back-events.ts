import type { EventOptions, StripeCallback } from '../events.ts';
import { isBefore } from '../versions.ts';
import type { Dispute } from '../wire.ts';
import { dispute, disputeOf, failRefund, refund, refundOf, type DisputeTerms, type RefundTerms } from './money-back.ts';
import { tellOf, type SaleState } from './state.ts';

/** What happens when money goes back. */
export interface MoneyBackEvents {
  /**
   * Refunds, and gives all that Stripe sends about it: `refund.created`, `refund.updated` (only when it has succeeded) and
   * `charge.refunded`. API versions before 2024-10-28 send `charge.refunded` alone. An `id` goes to the first of them.
   */
  refunded(options?: EventOptions & RefundTerms): StripeCallback[];
  /** `refund.updated`: a pending refund has succeeded. `refund` is its id, by default the latest. */
  refundSettled(options?: EventOptions & { refund?: string }): StripeCallback;
  /** `refund.failed` (before 2024-10-28 `charge.refund.updated`): the money came back to the seller. */
  refundFailed(options?: EventOptions & { refund?: string }): StripeCallback;
  /** `charge.dispute.created`. */
  disputed(options?: EventOptions & DisputeTerms): StripeCallback;
  /** `charge.dispute.updated`, in a new status. */
  disputeUpdated(status: Dispute['status'], options?: EventOptions): StripeCallback;
  /** `charge.dispute.funds_withdrawn`: the moment the money leaves. */
  fundsWithdrawn(options?: EventOptions): StripeCallback;
  /** `charge.dispute.funds_reinstated`. */
  fundsReinstated(options?: EventOptions): StripeCallback;
  /** `charge.dispute.closed`. */
  disputeClosed(status: 'won' | 'lost' | 'warning_closed', options?: EventOptions): StripeCallback;
}

export function moneyBackEvents(state: SaleState): MoneyBackEvents {
  const sendsRefundEvents = () => !isBefore(state.terms.apiVersion, '2024-10-28');
  const ofDispute = (type: string, options: EventOptions) => tellOf(state, `charge.dispute.${type}`, disputeOf(state), options);

  return {
    refunded(options = {}) {
      const made = refund(state, options, options.at);
      const rest = { ...options, id: undefined };
      if (!sendsRefundEvents()) return [tellOf(state, 'charge.refunded', made.charge, options)];
      const created = tellOf(state, 'refund.created', made.refund, options);
      const updated = made.refund.status === 'succeeded' ? [tellOf(state, 'refund.updated', made.refund, rest)] : [];
      return [created, ...updated, tellOf(state, 'charge.refunded', made.charge, rest)];
    },
    refundSettled(options = {}) {
      const found = refundOf(state, options.refund);
      const previous = { status: found.status };
      found.status = 'succeeded';
      return tellOf(state, sendsRefundEvents() ? 'refund.updated' : 'charge.refund.updated', found, options, previous);
    },
    refundFailed(options = {}) {
      const found = failRefund(state, options.refund);
      return tellOf(state, sendsRefundEvents() ? 'refund.failed' : 'charge.refund.updated', found, options);
    },
    disputed(options = {}) {
      dispute(state, options, options.at);
      return ofDispute('created', options);
    },
    disputeUpdated(status, options = {}) {
      disputeOf(state).status = status;
      return ofDispute('updated', options);
    },
    fundsWithdrawn: (options = {}) => ofDispute('funds_withdrawn', options),
    fundsReinstated: (options = {}) => ofDispute('funds_reinstated', options),
    disputeClosed(status, options = {}) {
      disputeOf(state).status = status;
      return ofDispute('closed', options);
    },
  };
}
