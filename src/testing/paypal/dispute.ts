import type { Desk } from './api/call.ts';
import type { Json } from './books.ts';
import type { PaypalCallback } from './events.ts';
import type { Money } from './money.ts';

export interface PaypalDisputeTerms {
  /** @default 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED' */
  reason?: string;
  /** Of the payment's currency. @default all of it */
  amount?: string;
}

export interface PaypalDispute {
  readonly id: string;
  readonly opened: PaypalCallback;
  updated(): PaypalCallback;
  /** `RESOLVED_BUYER_FAVOUR`, `RESOLVED_SELLER_FAVOUR` … `refunded`: what the buyer got back, where it is not all. */
  resolved(outcome: string, refunded?: string): PaypalCallback;
}

/** A dispute about a capture or a sale. */
export function disputeOf(
  payment: Json,
  { reason = 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED', amount }: PaypalDisputeTerms,
  desk: Desk,
): PaypalDispute {
  const { books, teller } = desk;
  const paid = moneyOf(payment);
  const id = `PP-D-${20_001 + books.all('disputes').length}`;
  const dispute = books.put(
    'disputes',
    {
      dispute_id: id,
      create_time: books.time(),
      update_time: books.time(),
      disputed_transactions: [
        {
          seller_transaction_id: payment['id'],
          gross_amount: paid,
          custom: payment['custom_id'],
          invoice_number: payment['invoice_id'],
        },
      ],
      reason,
      status: 'OPEN',
      dispute_amount: { ...paid, ...(amount !== undefined && { value: amount }) },
      dispute_life_cycle_stage: 'INQUIRY',
      dispute_channel: 'INTERNAL',
    },
    id,
  );
  const tell = (type: string) => teller.tell(`CUSTOMER.DISPUTE.${type}`, dispute);
  return {
    id,
    opened: tell('CREATED'),
    updated: () => tell('UPDATED'),
    resolved(outcome, refunded) {
      dispute['status'] = 'RESOLVED';
      dispute['update_time'] = books.time();
      dispute['dispute_outcome'] = {
        outcome_code: outcome,
        ...(refunded !== undefined && { amount_refunded: { ...paid, value: refunded } }),
      };
      return tell('RESOLVED');
    },
  };
}

function moneyOf(payment: Json): Money {
  const { currency_code, value, currency, total } = payment['amount'] as Record<string, string>;
  return { currency_code: currency_code ?? currency ?? '', value: value ?? total ?? '' };
}
