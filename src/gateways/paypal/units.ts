import { StepError } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import { listAt, metadataOf, namesOf, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { buyerOfOrder } from './buyer.ts';
import type { Desk } from './desk.ts';
import { isId, linkedId } from './fields.ts';
import { goodsOf } from './order-lines.ts';

/** A part of an order with its own items, receiver and captures. Nearly all orders have one. */
export interface Unit {
  readonly order: Fields;
  readonly fields: Fields;
  /** The order, or where it has several units, this one of it: each is paid by captures of its own. */
  readonly purchase: string;
}

export function unitsOf(order: Fields): Unit[] {
  const id = textAt(order, 'id') ?? '';
  const units = listAt(order, 'purchase_units');
  return units.map((fields, index) => {
    const name = textAt(fields, 'reference_id') ?? String(index + 1);
    return { order, fields, purchase: units.length === 1 ? id : `${id}:${name}`.slice(0, 250) };
  });
}

export function capturesOf({ fields }: Unit): Fields[] {
  return listAt(fields['payments'], 'captures');
}

/** What an order says of one of its units, on whatever event. */
export function saleOf({ order, fields, purchase }: Unit, { context }: Desk) {
  const { lines, shipping } = goodsOf(fields);
  return {
    purchase,
    ...told({
      receiver: textAt(fields, 'payee', 'merchant_id') ?? context.options.merchantId,
      lines,
      shipping,
      buyer: buyerOfOrder(order),
    }),
    references: namesOf(textAt(order, 'id'), ...ownNames(fields)),
    metadata: metadataOf(told({ custom_id: textAt(fields, 'custom_id'), invoice_id: textAt(fields, 'invoice_id') })),
  } satisfies Partial<PaymentEvent>;
}

/** What a shop may have called the payment. */
function ownNames(resource: Fields): (string | undefined)[] {
  return [textAt(resource, 'custom_id'), textAt(resource, 'invoice_id')];
}

/**
 * The unit that a capture or authorization pays. Undefined when PayPal no longer knows the order, or names none: then there
 * are no items and no buyer, and the payment is held.
 */
export async function unitOf(payment: Fields, desk: Desk): Promise<Unit | undefined> {
  const id = await orderOf(payment, desk);
  const order = id === undefined ? undefined : await desk.api.order(id).catch(unlessUnknown);
  if (!order) return undefined;
  const units = unitsOf(order);
  const own = textAt(payment, 'id');
  const named = units.find(({ fields }) =>
    ['captures', 'authorizations'].some((kind) => listAt(fields['payments'], kind).some((each) => textAt(each, 'id') === own)),
  );
  return named ?? (units.length === 1 ? units[0] : undefined);
}

/** A capture names its order; an older one only links to it, or to the authorization it came from. */
async function orderOf(payment: Fields, { api }: Desk): Promise<string | undefined> {
  const id = textAt(payment, 'supplementary_data', 'related_ids', 'order_id') ?? linkedId(payment, 'up', 'orders');
  if (isId(id)) return id;
  const authorization = linkedId(payment, 'up', 'authorizations');
  if (authorization === undefined) return undefined;
  const parent = await api.authorization(authorization);
  const named = textAt(parent, 'supplementary_data', 'related_ids', 'order_id') ?? linkedId(parent, 'up', 'orders');
  return isId(named) ? named : undefined;
}

/** For what may be gone. */
export function unlessUnknown(error: unknown): undefined {
  if (error instanceof StepError && error.code === 'PAYPAL_OBJECT_UNKNOWN') return undefined;
  throw error;
}

/** The purchase a capture belongs to, and all names of it. Without an order the capture stands for itself. */
export function placeOf(
  capture: Fields,
  unit: Unit | undefined,
): Pick<PaymentEvent, 'purchase' | 'payment'> & { readonly references: string[] } {
  const id = textAt(capture, 'id') ?? '';
  return {
    purchase: unit?.purchase ?? id,
    payment: id,
    references: namesOf(textAt(unit?.order, 'id'), id, ...ownNames(capture), ...ownNames(unit?.fields ?? {})),
  };
}
