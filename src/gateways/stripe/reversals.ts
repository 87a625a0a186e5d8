import type { EventKind, PaymentEvent } from '../../contract/event.ts';
import { factOf, told, type Desk, type Reader } from './desk.ts';
import { idAt, namesOf, needId, textAt, wholeAt, type Fields } from './fields.ts';
import { moneyAt } from './money.ts';
import type { Notice } from './notice.ts';
import { findPlace, type Place } from './place.ts';

/** Only `succeeded` is money back. `failed` means that it did not arrive, also after it had been called succeeded. */
export const readRefund: Reader = async (refund, notice, desk) => {
  const id = needId(refund, 'id');
  const status = textAt(refund, 'status');
  if (status === 'succeeded') return { events: [refundEvent(refund, await placeOf(refund, desk), notice, desk)] };
  if (status === 'failed') return { events: [await failedRefund(refund, notice, desk)] };
  return { ignored: `Refund ${id} is ${status ?? 'in an unknown state'}: no money is back yet.` };
};

/**
 * Tells a refund by its sum over the whole charge, so it is taken apart into the refunds that Stripe lists. Then it tells the
 * same facts as the refunds' own events, which older API versions do not send.
 */
export const readRefundedCharge: Reader = async (charge, notice, desk) => {
  const id = needId(charge, 'id');
  const refunds = await desk.api.refundsOfCharge(id);
  const succeeded = refunds.filter((refund) => textAt(refund, 'status') === 'succeeded');
  if (succeeded.length === 0) return { ignored: `No refund of ${id} has succeeded yet.` };
  const place = await findPlace(desk.api, { paymentIntent: idAt(charge, 'payment_intent'), charge: id });
  return { events: succeeded.map((refund) => refundEvent(refund, place, notice, desk)) };
};

function refundEvent(refund: Fields, place: Place, notice: Notice, desk: Desk): PaymentEvent {
  return reversalEvent('payment.refunded', 'succeeded', refund, place, notice, desk, words(textAt(refund, 'reason')));
}

async function failedRefund(refund: Fields, notice: Notice, desk: Desk): Promise<PaymentEvent> {
  const why = words(textAt(refund, 'failure_reason'));
  return reversalEvent('payment.refundFailed', 'failed', refund, await placeOf(refund, desk), notice, desk, why);
}

const disputes: Readonly<Record<string, readonly [kind: EventKind, change: string]>> = {
  needs_response: ['payment.disputed', 'disputed'],
  under_review: ['payment.disputed', 'disputed'],
  appeal_needs_response: ['payment.disputed', 'disputed'],
  appeal_under_review: ['payment.disputed', 'disputed'],
  won: ['payment.disputeWon', 'won'],
  lost: ['payment.disputeLost', 'lost'],
};

/** Read by the dispute's state, not by the event's name: the states tell whether money moved (https://docs.stripe.com/disputes). */
export const readDispute: Reader = async (dispute, notice, desk) => {
  const id = needId(dispute, 'id');
  const status = textAt(dispute, 'status') ?? 'in an unknown state';
  if (status.startsWith('warning_')) return { ignored: `Dispute ${id} is an inquiry (${status}): no money has moved.` };
  const meaning = Object.hasOwn(disputes, status) ? disputes[status] : undefined;
  if (!meaning) return { ignored: `Dispute ${id} is ${status}: it moves no money itself.` };
  const [kind, change] = meaning;
  const reason = words(textAt(dispute, 'reason'));
  return { events: [reversalEvent(kind, change, dispute, await placeOf(dispute, desk), notice, desk, reason)] };
};

function reversalEvent(
  kind: EventKind,
  change: string,
  reversal: Fields,
  place: Place,
  notice: Notice,
  desk: Desk,
  reason: string | undefined,
): PaymentEvent {
  const id = needId(reversal, 'id');
  return {
    ...factOf(notice, desk),
    kind,
    id: `${id}:${change}`,
    purchase: place.purchase,
    payment: place.payment,
    reversal: id,
    ...told({ amount: moneyAt(wholeAt(reversal, 'amount'), textAt(reversal, 'currency')), reason }),
    references: namesOf(id, ...place.references),
  };
}

function placeOf(reversal: Fields, { api }: Desk): Promise<Place> {
  return findPlace(api, { paymentIntent: idAt(reversal, 'payment_intent'), charge: idAt(reversal, 'charge') });
}

/** `requested_by_customer` for people. */
function words(code: string | undefined): string | undefined {
  return code?.replaceAll('_', ' ');
}
