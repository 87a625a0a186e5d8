import { giveUp } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { listAt, namesOf, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { factAt, type Desk, type Reader } from './desk.ts';
import { isId, needId, timeAt, words } from './fields.ts';
import { moneyAt } from './money.ts';
import type { Notice } from './notice.ts';
import { placeOfSale } from './sale-place.ts';
import { placeOf, unitOf, unlessUnknown } from './units.ts';

/**
 * How a dispute can end, and who has the money then. With a payout PayPal bears the loss itself; a partial refund that settles
 * it is told as a refund (https://developer.paypal.com/docs/api/customer-disputes/v1/).
 */
const outcomes: Readonly<Record<string, 'Won' | 'Lost'>> = {
  RESOLVED_BUYER_FAVOUR: 'Lost',
  ACCEPTED: 'Lost',
  RESOLVED_SELLER_FAVOUR: 'Won',
  RESOLVED_WITH_PAYOUT: 'Won',
  CANCELED_BY_BUYER: 'Won',
  DENIED: 'Won',
  NONE: 'Won',
};

export const readDispute: Reader = async (notice, desk) => eventsOfDispute(needId(notice.resource, 'dispute_id'), notice, desk);

/** One dispute can be about several payments. Each gets a fact of its own, named after the dispute. */
export async function eventsOfDispute(id: string, notice: Notice, desk: Desk): Promise<Reading> {
  const dispute = await desk.api.dispute(id);
  const transactions = listAt(dispute, 'disputed_transactions').filter((each) => isId(textAt(each, 'seller_transaction_id')));
  if (transactions.length === 0) return { ignored: `Dispute ${id} names no payment of ours.` };
  const events: PaymentEvent[] = [];
  for (const transaction of transactions) {
    const amount = transactions.length === 1 ? moneyAt(dispute, 'dispute_amount') : moneyAt(transaction, 'gross_amount');
    const payment = textAt(transaction, 'seller_transaction_id') ?? '';
    const place = await placeOfPayment(payment, desk);
    const change = await changeOf(dispute, place.paid);
    events.push({
      ...factAt(timeOf(dispute, change, notice), desk),
      kind: `payment.dispute${change}`,
      id: `${id}:${payment}:dispute${change}`,
      purchase: place.purchase,
      payment: place.payment,
      reversal: id,
      ...told({ amount: amount ?? place.paid, reason: reasonOf(dispute) }),
      references: namesOf(...place.references, id),
    });
  }
  return { events };
}

type Change = 'd' | 'Won' | 'Lost';

async function changeOf(dispute: Fields, paid: { readonly amount: number } | undefined): Promise<Change> {
  if (textAt(dispute, 'status') !== 'RESOLVED') return 'd';
  const code = textAt(dispute, 'dispute_outcome', 'outcome_code') ?? 'NONE';
  const outcome = Object.hasOwn(outcomes, code) ? outcomes[code] : undefined;
  if (!outcome) {
    throw giveUp(
      'PAYPAL_DISPUTE_UNCLEAR',
      `Dispute ${textAt(dispute, 'dispute_id')} ended with ${code}, which is not documented.`,
      {
        hint: 'See in the resolution centre who kept the money, and refund or keep the order by hand.',
      },
    );
  }
  const back = moneyAt(dispute, 'dispute_outcome', 'amount_refunded');
  return outcome === 'Lost' && back && paid && back.amount < paid.amount ? 'Won' : outcome;
}

function timeOf(dispute: Fields, change: Change, notice: Notice): string {
  return timeAt(dispute, change === 'd' ? 'create_time' : 'update_time') ?? notice.at;
}

function reasonOf(dispute: Fields): string | undefined {
  const outcome = textAt(dispute, 'dispute_outcome', 'outcome_code');
  return [words(textAt(dispute, 'reason')), words(outcome)].filter((each) => each !== undefined).join('; ') || undefined;
}

/** The disputed payment is a capture of an order, or a sale of a subscription. */
async function placeOfPayment(id: string, desk: Desk) {
  const capture = await desk.api.capture(id).catch(unlessUnknown);
  if (capture) return { ...placeOf(capture, await unitOf(capture, desk)), paid: moneyAt(capture, 'amount') };
  const sale = await desk.api.sale(id);
  return { ...placeOfSale(sale), paid: moneyAt(sale, 'amount') };
}
