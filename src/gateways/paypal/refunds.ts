import { StepError, tryLater } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { listAt, namesOf, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { factAt, type Desk, type Reader } from './desk.ts';
import { eventsOfDispute } from './disputes.ts';
import { isId, linkedId, needId, timeAt, words } from './fields.ts';
import { moneyAt, sizeOf } from './money.ts';
import { placeOf, unitOf, unlessUnknown } from './units.ts';

const halfADayMs = 12 * 60 * 60 * 1000;

/** A notice about a refund carries the refund, not the capture. Only `COMPLETED` is money back. */
export const readRefund: Reader = async (notice, desk) => {
  const refund = await desk.api.refund(needId(notice.resource, 'id'));
  const id = needId(refund, 'id');
  const status = textAt(refund, 'status');
  const about = { reversal: id, amount: sizeOf(moneyAt(refund, 'amount')), reason: textAt(refund, 'note_to_payer') };
  const capture = await desk.api.capture(captureOf(refund));
  const at = timeAt(refund, 'update_time') ?? timeAt(refund, 'create_time') ?? notice.at;
  switch (status) {
    case 'COMPLETED':
      return { events: [await backEvent('payment.refunded', capture, { ...about, at }, desk)] };
    case 'FAILED':
    case 'CANCELLED':
      return { events: [await backEvent('payment.refundFailed', capture, { ...about, at, reason: words(status) }, desk)] };
    default:
      throw refundUnderWay(id);
  }
};

/** Nobody tells when it is through, so it is asked about again. */
export function refundUnderWay(id: string): StepError {
  return tryLater('PAYPAL_REFUND_PENDING', `Refund ${id} is under way: no money is back yet.`, { retryAfterMs: halfADayMs });
}

/**
 * Money that PayPal itself took back: after a dispute, which tells of itself, or for the bank. Whether the notice carries the
 * capture or the movement back is not documented, so both are understood.
 */
export const readReversal: Reader = async (notice, desk) => {
  const id = needId(notice.resource, 'id');
  const { api } = desk;
  const capture = await api.capture(linkedId(notice.resource, 'up', 'captures') ?? id);
  const payment = needId(capture, 'id');
  const disputes = await disputesOf(payment, desk);
  if (disputes.length > 0) return eventsOfDispute(disputes[0] ?? '', notice, desk);
  const movement = id === payment ? undefined : await api.refund(id).catch(unlessUnknown);
  const amount = sizeOf(moneyAt(movement, 'amount')) ?? moneyAt(capture, 'amount');
  const reason = 'PayPal took the money back.';
  return {
    events: [await backEvent('payment.refunded', capture, { reversal: `${id}:reversed`, amount, reason, at: notice.at }, desk)],
  };
};

/** Names of the disputes about a payment. An app that may not see disputes has none. */
async function disputesOf(payment: string, { api }: Desk): Promise<string[]> {
  try {
    const disputes = listAt(await api.disputesOf(payment), 'items').map((item) => textAt(item, 'dispute_id'));
    return disputes.filter((id) => isId(id));
  } catch (error) {
    if (error instanceof StepError && error.code === 'PAYPAL_FORBIDDEN') return [];
    throw error;
  }
}

interface Back {
  readonly reversal: string;
  readonly at: string;
  readonly amount: Money | undefined;
  readonly reason?: string | undefined;
}

/** Money that left a capture again, or came back to it. */
export async function backEvent(kind: PaymentEvent['kind'], capture: Fields, back: Back, desk: Desk): Promise<PaymentEvent> {
  const place = placeOf(capture, await unitOf(capture, desk));
  return {
    ...factAt(back.at, desk),
    ...place,
    kind,
    id: `${back.reversal}:${kind.slice('payment.'.length)}`,
    reversal: back.reversal,
    ...told({ amount: back.amount, reason: back.reason }),
    references: namesOf(...place.references, back.reversal),
  };
}

function captureOf(refund: Fields): string {
  return linkedId(refund, 'up', 'captures') ?? needId(refund, 'capture_id');
}
