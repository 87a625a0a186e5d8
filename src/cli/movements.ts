import type { PaymentEvent } from '../contract/event.ts';
import type { Money } from '../contract/money.ts';
import type { Order } from '../contract/order.ts';

/** Money that came or went. `amount` is less than nothing where it went. */
export interface Movement {
  readonly kind: 'payment' | 'refund' | 'chargeback' | 'fee';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly payment: string;
  /** The gateway's id of the refund or dispute. */
  readonly reference?: string;
  readonly amount: Money;
  readonly skus: readonly string[];
  readonly tax?: Money;
}

/** All movements of an order by their time; of the same instant payments first. The same for the same set of events. */
export function movementsOf({ events }: Pick<Order, 'events'>): Movement[] {
  const known = events.toSorted((a, b) => compare(a.at, b.at) || compare(a.id, b.id));
  const all = [...Map.groupBy(known, ({ payment }) => payment).values()].flatMap((mine) => [
    ...paymentsIn(mine),
    ...refundsIn(mine),
    ...chargebacksIn(mine),
    ...feesIn(mine),
  ]);
  return all.sort((a, b) => compare(a.at, b.at) || ranks[a.kind] - ranks[b.kind] || compare(keyOf(a), keyOf(b)));
}

const ranks: Readonly<Record<Movement['kind'], number>> = { payment: 0, fee: 1, refund: 2, chargeback: 3 };

/** Two notices of one payment are one movement. */
function paymentsIn(mine: readonly PaymentEvent[]): Movement[] {
  const paid = mine.find(({ kind, amount }) => (kind === 'payment.completed' || kind === 'subscription.renewed') && amount);
  if (!paid?.amount || paid.amount.amount === 0) return [];
  const lines = mine.find((event) => event.lines && event.kind === paid.kind)?.lines ?? [];
  const taxes = lines.flatMap(({ tax }) => (tax ? [tax.amount] : []));
  return [
    {
      kind: 'payment',
      at: paid.at,
      payment: paid.payment,
      amount: paid.amount,
      skus: lines.flatMap(({ sku }) => (sku === undefined ? [] : [sku])),
      ...(taxes.length > 0 && { tax: { amount: sum(taxes), currency: paid.amount.currency } }),
    },
  ];
}

/** Single refunds that did not come back; where a gateway tells running totals, what they add to those. */
function refundsIn(mine: readonly PaymentEvent[]): Movement[] {
  const failed = new Set(mine.filter(({ kind }) => kind === 'payment.refundFailed').map(({ reversal }) => reversal));
  const refunds = mine.filter(({ kind, amount }) => kind === 'payment.refunded' && amount);
  const single = new Map(
    refunds
      .filter(({ cumulative, reversal }) => cumulative !== true && !failed.has(reversal))
      .map((event) => [event.reversal ?? event.id, event]),
  );
  const movements = [...single.values()].flatMap((event) => goingOut('refund', event, event.amount?.amount ?? 0));
  const totals = refunds
    .filter(({ cumulative }) => cumulative === true)
    .sort((a, b) => (a.amount?.amount ?? 0) - (b.amount?.amount ?? 0));
  let told = sum([...single.values()].map(({ amount }) => amount?.amount ?? 0));
  if (failed.size > 0) return movements;
  for (const event of totals) {
    const total = event.amount?.amount ?? 0;
    if (total <= told) continue;
    movements.push(...goingOut('refund', event, total - told));
    told = total;
  }
  return movements;
}

/** What a lost dispute took, at the latest word about it. */
function chargebacksIn(mine: readonly PaymentEvent[]): Movement[] {
  const disputes = mine.filter(({ kind }) => kind.startsWith('payment.dispute'));
  return [...Map.groupBy(disputes, ({ reversal = '' }) => reversal).values()].flatMap((words) => {
    const last = words.findLast(({ kind }) => kind !== 'payment.disputed');
    if (last?.kind !== 'payment.disputeLost') return [];
    const amount = words.find((event) => event.amount)?.amount ?? mine.find(({ kind }) => kind === 'payment.completed')?.amount;
    return amount ? goingOut('chargeback', { ...last, amount }, amount.amount) : [];
  });
}

function feesIn(mine: readonly PaymentEvent[]): Movement[] {
  const told = new Map(mine.flatMap((event) => (event.fee ? [[event.reversal ?? event.kind, event] as const] : [])));
  return [...told.values()].flatMap((event) =>
    event.fee ? goingOut('fee', { ...event, amount: event.fee }, event.fee.amount) : [],
  );
}

function goingOut(kind: Movement['kind'], event: PaymentEvent, cents: number): Movement[] {
  if (!event.amount || cents === 0) return [];
  const { at, payment, reversal, amount, lines = [] } = event;
  const skus = kind === 'refund' ? lines.flatMap(({ sku }) => (sku === undefined ? [] : [sku])) : [];
  return [
    {
      kind,
      at,
      payment,
      amount: { amount: -cents, currency: amount.currency },
      skus,
      ...(reversal !== undefined && { reference: reversal }),
    },
  ];
}

function keyOf({ payment, reference = '' }: Movement): string {
  return `${payment}\n${reference}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
