import { HandoverError } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import { formatMoney, parseMoney, type Money } from '../../contract/money.ts';
import type { Order } from '../../contract/order.ts';
import type { OfflineOptions } from './options.ts';

/** Money that staff say has come. */
export interface Receipt {
  readonly amount: Money;
  /** The bank's or the cash book's name of this movement: the same one twice is one. */
  readonly reference: string;
  readonly by: string;
  readonly because: string;
  readonly at: Date;
}

/** `known`: it counted before. `waiting`: the same person said so before, a second one must. `first`, `counts`: record `event`. */
export type ReceiptDecision =
  { readonly kind: 'known' | 'waiting' } | { readonly kind: 'first' | 'counts'; readonly event: PaymentEvent };

/** What a receipt makes of an order. Throws `RECEIPT_…` for what cannot be. Pure; record the event and ask again after a `first`. */
export function decideReceipt(order: Order, receipt: Receipt, options: Pick<OfflineOptions, 'confirmAbove'>): ReceiptDecision {
  const { amount, reference } = receipt;
  const id = `${order.purchase}:received:${reference}`;
  const known = order.events.find((event) => event.id === id);
  if (known && !isSameSum(known.amount, amount)) throw conflict(order, receipt, known);
  if (known) return { kind: 'known' };
  const due = dueOf(order);
  if (amount.amount < 1) throw wrongSum(`A payment of ${formatMoney(amount)} is none.`);
  if (due && due.currency !== amount.currency) {
    throw wrongSum(`Order ${order.id} is in ${due.currency}; ${formatMoney(amount)} cannot pay for it.`);
  }
  if (!needsTwo([amount, ...(due ? [due] : [])], options))
    return { kind: 'counts', event: received(order, receipt, id, receipt.by) };

  const earlier = confirmationsOf(order).filter((event) => event.metadata?.['confirmed'] === reference);
  const other = earlier.find((event) => !isSameSum(event.amount, amount));
  if (other) throw conflict(order, receipt, other);
  const first = earlier.find(({ staff }) => staff && !isSamePerson(staff.by, receipt.by));
  if (first?.staff) return { kind: 'counts', event: received(order, receipt, id, `${first.staff.by} and ${receipt.by}`) };
  return earlier.length > 0 ? { kind: 'waiting' } : { kind: 'first', event: confirmation(order, receipt) };
}

/** What is to be paid in all: the sum of what was ordered, whatever came since. */
export function dueOf(order: Order): Money | undefined {
  return order.events.find(({ kind, lines }) => kind === 'payment.pending' && lines)?.amount;
}

/** What is still missing; nothing when everything is paid, undefined when the sum is unknown. */
export function openSum(order: Order): Money | undefined {
  const due = dueOf(order);
  const paid = order.payments.reduce((sum, { amount, refunded }) => sum + amount.amount - refunded, 0);
  return due && { ...due, amount: Math.max(0, due.amount - paid) };
}

/** What single people have confirmed. */
export function confirmationsOf({ events }: Order): PaymentEvent[] {
  return events.filter(
    ({ kind, staff, metadata }) => kind === 'payment.pending' && staff && metadata?.['confirmed'] !== undefined,
  );
}

function needsTwo(sums: readonly Money[], { confirmAbove }: Pick<OfflineOptions, 'confirmAbove'>): boolean {
  if (confirmAbove === undefined) return false;
  const limits = [confirmAbove].flat().flatMap((text) => parseMoney(text) ?? []);
  return sums.some(({ amount, currency }) => {
    const limit = limits.find((each) => each.currency === currency);
    return !limit || amount > limit.amount;
  });
}

function received(order: Order, receipt: Receipt, id: string, by: string): PaymentEvent {
  const { amount, reference, because, at } = receipt;
  return {
    kind: 'payment.completed',
    ...about(order, at),
    id,
    payment: `${order.purchase}/${reference}`,
    amount,
    part: true,
    references: [reference],
    staff: { by, because },
    ...linesOf(order),
  };
}

function confirmation(order: Order, { amount, reference, by, because, at }: Receipt): PaymentEvent {
  return {
    kind: 'payment.pending',
    ...about(order, at),
    id: `${order.purchase}:confirmed:${reference}:${spelt(by)}`,
    payment: order.purchase,
    amount,
    staff: { by, because },
    metadata: { confirmed: reference },
  };
}

function about({ gateway, purchase, mode }: Order, at: Date): Pick<PaymentEvent, 'gateway' | 'purchase' | 'mode' | 'at'> {
  return { gateway, purchase, mode, at: at.toISOString() };
}

function linesOf({ events }: Order): Pick<PaymentEvent, 'lines'> {
  const lines = events.find((event) => event.kind === 'payment.pending' && event.lines)?.lines;
  return lines ? { lines } : {};
}

function isSamePerson(one: string, other: string): boolean {
  return spelt(one) === spelt(other);
}

function spelt(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

function isSameSum(one: Money | undefined, other: Money): boolean {
  return one?.amount === other.amount && one.currency === other.currency;
}

function wrongSum(message: string): HandoverError {
  return new HandoverError('RECEIPT_SUM', message, {
    hint: 'Give the sum that came, in the currency of the order: --amount "49.00 EUR"',
  });
}

function conflict(order: Order, { amount, reference }: Receipt, known: PaymentEvent): HandoverError {
  const before = known.amount ? formatMoney(known.amount) : 'another sum';
  return new HandoverError(
    'RECEIPT_CONFLICT',
    `"${reference}" was confirmed for order ${order.id} with ${before}, not with ${formatMoney(amount)}.`,
    { hint: 'Is it another payment? Then give its own --reference. A wrong entry is put right by a refund of it.' },
  );
}
