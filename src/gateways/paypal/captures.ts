import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { approvalOf, captureOrder } from './capture-order.ts';
import { factAt, type Desk, type Reader } from './desk.ts';
import { isId, needId, timeAt, words } from './fields.ts';
import { moneyAt } from './money.ts';
import type { Notice } from './notice.ts';
import { capturesOf, placeOf, saleOf, unitOf, unitsOf, type Unit } from './units.ts';

/** Money moves when a capture says so; the order's own status does not tell (`PENDING` captures belong to completed orders). */
const outcomes: Readonly<Record<string, 'completed' | 'pending' | 'failed'>> = {
  COMPLETED: 'completed',
  PARTIALLY_REFUNDED: 'completed',
  REFUNDED: 'completed',
  PENDING: 'pending',
  DECLINED: 'failed',
  DENIED: 'failed',
  FAILED: 'failed',
};

/** Approved means that the buyer agreed, not that money moved: it does when we capture. */
export const readOrder: Reader = async (notice, desk) => readOrderOf(needId(notice.resource, 'id'), notice, desk);

async function readOrderOf(id: string, notice: Notice, desk: Desk): Promise<Reading> {
  const order = await desk.api.order(id);
  const status = textAt(order, 'status') ?? 'in an unknown state';
  if (status === 'APPROVED') return readApproved(order, notice, desk);
  if (status === 'VOIDED') {
    return { events: unitsOf(order).map((unit) => orderEvent('expired', 'voided', unit, notice, desk)) };
  }
  return eventsOf(order, notice, desk, `Order ${id} is ${status}: no money has moved.`);
}

async function readApproved(order: Fields, notice: Notice, desk: Desk): Promise<Reading> {
  const id = needId(order, 'id');
  if (textAt(order, 'intent') !== 'CAPTURE')
    return { ignored: `Order ${id} is to be authorised first: the shop captures it itself.` };
  if (desk.context.options.capture === 'never')
    return { ignored: `Order ${id} is approved; "capture" leaves the capture to the shop.` };
  const result = await captureOrder(order, desk);
  if ('order' in result) return eventsOf(result.order, notice, desk, `Order ${id} was captured without a capture.`);
  const attempt = `declined:${approvalOf(order)}`;
  return { events: unitsOf(order).map((unit) => orderEvent('failed', attempt, unit, notice, desk, result.declined)) };
}

function eventsOf(order: Fields, notice: Notice, desk: Desk, otherwise: string): Reading {
  const events = unitsOf(order).flatMap((unit) =>
    capturesOf(unit).flatMap((capture) => captureEvent(capture, unit, notice, desk) ?? []),
  );
  return events.length > 0 ? { events } : { ignored: otherwise };
}

/** The buyer, or PayPal, took the approval back before it was captured. */
export const readWithdrawnApproval: Reader = async (notice, desk) => {
  const named = textAt(notice.resource, 'order_id') ?? textAt(notice.resource, 'id');
  const order = await desk.api.order(isId(named) ? named : needId(notice.resource, 'order_id'));
  const units = unitsOf(order);
  if (units.some((unit) => capturesOf(unit).length > 0))
    return eventsOf(order, notice, desk, 'The order was captured all the same.');
  const reason = 'The approval was withdrawn before the payment was made.';
  return { events: units.map((unit) => orderEvent('failed', 'withdrawn', unit, notice, desk, reason)) };
};

export const readCapture: Reader = async (notice, desk) => {
  const capture = await desk.api.capture(needId(notice.resource, 'id'));
  const event = captureEvent(capture, await unitOf(capture, desk), notice, desk);
  return event ? { events: [event] } : { ignored: `Capture ${textAt(capture, 'id')} is ${textAt(capture, 'status')}.` };
};

/** Money that is only promised: the shop still has to capture it, or lets it go. */
export const readAuthorization: Reader = async (notice, desk) => {
  const authorization = await desk.api.authorization(needId(notice.resource, 'id'));
  const id = needId(authorization, 'id');
  const status = textAt(authorization, 'status');
  const unit = await unitOf(authorization, desk);
  const outcome =
    status === 'VOIDED' || status === 'EXPIRED'
      ? 'expired'
      : status === 'CREATED' || status === 'PENDING'
        ? 'pending'
        : undefined;
  if (!outcome) return { ignored: `Authorization ${id} is ${status}: its captures tell what was paid.` };
  const about = { amount: moneyAt(authorization, 'amount'), reason: words(textAt(authorization, 'status_details', 'reason')) };
  const event = {
    ...factAt(notice.at, desk),
    kind: `payment.${outcome}`,
    id: `${id}:${outcome}`,
    ...(unit && saleOf(unit, desk)),
    ...placeOf(authorization, unit),
    ...told(about),
  } satisfies PaymentEvent;
  return { events: [event] };
};

/** One movement of money. A capture that was refunded since had been completed before. */
function captureEvent(capture: Fields, unit: Unit | undefined, notice: Notice, desk: Desk): PaymentEvent | undefined {
  const id = needId(capture, 'id');
  const status = textAt(capture, 'status') ?? '';
  const outcome = Object.hasOwn(outcomes, status) ? outcomes[status] : undefined;
  if (!outcome) return undefined;
  const changed = timeAt(capture, 'update_time');
  const created = timeAt(capture, 'create_time');
  const at = (status === 'COMPLETED' || outcome === 'failed' ? changed : undefined) ?? created ?? changed ?? notice.at;
  return {
    ...factAt(at, desk),
    kind: `payment.${outcome}`,
    id: `${id}:${outcome}`,
    ...(unit && saleOf(unit, desk)),
    ...placeOf(capture, unit),
    ...told({
      amount: moneyAt(capture, 'amount'),
      reason: outcome === 'completed' ? undefined : words(textAt(capture, 'status_details', 'reason')),
    }),
  };
}

/** What happened to an order before any capture, `fact` says which time. */
function orderEvent(
  outcome: 'failed' | 'expired',
  fact: string,
  unit: Unit,
  notice: Notice,
  desk: Desk,
  reason?: string,
): PaymentEvent {
  const order = textAt(unit.order, 'id') ?? '';
  return {
    ...factAt(notice.at, desk),
    kind: `payment.${outcome}`,
    id: `${unit.purchase}:${fact}`,
    ...saleOf(unit, desk),
    payment: order,
    ...told({ amount: moneyAt(unit.fields, 'amount'), reason }),
  };
}
