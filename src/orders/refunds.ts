import type { PaymentEvent } from '../contract/event.ts';
import { isTakenBack, type OrderLine, type Payment, type Refund } from '../contract/order.ts';

interface Return {
  readonly reversal: string;
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly at: string;
  readonly by: string;
  readonly told?: PaymentEvent['lines'];
}

type Share = NonNullable<Refund['lines']>[number];

/**
 * What came back of payments that were not taken back whole, and for which lines. A decision of staff goes before what the
 * gateway says, its lines before the sum; a sum counts only where it fits one line, or so many pieces of one line, and no other.
 */
export function refundsOf(events: readonly PaymentEvent[], payments: readonly Payment[], lines: readonly OrderLine[]): Refund[] {
  const shipping = events.find((event) => event.shipping)?.shipping?.amount ?? 0;
  const decisions = new Map(
    events.flatMap(({ kind, reversal, staff }) =>
      kind === 'refund.assigned' && reversal !== undefined ? [[reversal, staff?.lines ?? []] as const] : [],
    ),
  );
  return payments
    .filter((payment) => payment.refunded > 0 && !isTakenBack(payment))
    .flatMap((payment) => {
      const left = new Map(lines.map((line) => [line.line, line.quantity]));
      return returnsOf(events, payment).map(({ told, ...back }): Refund => {
        const decided = decisions.get(back.reversal);
        const shares = decided
          ? decided.map((line) => ({ line, units: left.get(line) ?? 0 }))
          : (toldShares(told, lines) ?? fittingShares(back.amount, lines, left, shipping));
        for (const { line, units } of shares ?? []) left.set(line, Math.max(0, (left.get(line) ?? 0) - units));
        return { ...back, payment: payment.reference, ...(shares && { lines: shares.filter(({ units }) => units > 0) }) };
      });
    });
}

/** The refunds of one payment that stand, oldest first. Where a gateway reports only running totals, each step up is one. */
function returnsOf(events: readonly PaymentEvent[], { reference, refunded }: Payment): Return[] {
  const mine = events.filter((event) => event.payment === reference);
  const failed = new Set(mine.filter(({ kind }) => kind === 'payment.refundFailed').map(({ reversal }) => reversal));
  const single = new Map<string, Return>();
  const totals: PaymentEvent[] = [];
  for (const event of mine) {
    if (event.kind !== 'payment.refunded' || !event.amount) continue;
    if (event.cumulative) totals.push(event);
    else if (!failed.has(event.reversal)) {
      const reversal = event.reversal ?? event.id;
      const told = event.lines ?? single.get(reversal)?.told;
      single.set(reversal, { reversal, amount: event.amount, at: event.at, by: event.id, ...(told && { told }) });
    }
  }
  const returns = [...single.values()];
  const known = returns.reduce((sum, { amount }) => sum + amount.amount, 0);
  if (known >= refunded) return returns;
  return returns.length === 0 ? stepsUp(totals) : [...returns, remainder(totals, known, refunded)];
}

function stepsUp(totals: readonly PaymentEvent[]): Return[] {
  const returns: Return[] = [];
  let before = 0;
  for (const { id, at, amount, reversal, lines } of totals.toSorted(
    (a, b) => (a.amount?.amount ?? 0) - (b.amount?.amount ?? 0),
  )) {
    if (!amount || amount.amount <= before) continue;
    const step = { amount: amount.amount - before, currency: amount.currency };
    returns.push({ reversal: reversal ?? id, amount: step, at, by: id, ...(lines && { told: lines }) });
    before = amount.amount;
  }
  return returns;
}

function remainder(totals: readonly PaymentEvent[], known: number, refunded: number): Return {
  const last = totals.reduce((a, b) => ((a.amount?.amount ?? 0) >= (b.amount?.amount ?? 0) ? a : b));
  const amount = { amount: refunded - known, currency: last.amount?.currency ?? '' };
  return { reversal: last.reversal ?? last.id, amount, at: last.at, by: last.id };
}

/** The lines a gateway names. Undefined unless each is one of ours. */
function toldShares(told: PaymentEvent['lines'], lines: readonly OrderLine[]): Share[] | undefined {
  if (!told || told.length === 0) return undefined;
  const shares: Share[] = [];
  for (const { sku, quantity } of told) {
    const fits = lines.filter((line) => line.sku === sku);
    const [line] = fits;
    if (sku === undefined || !line || fits.length > 1) return undefined;
    shares.push({ line: line.line, units: Math.min(quantity, line.quantity) });
  }
  return shares;
}

/** The one reading of a sum, if there is just one. */
function fittingShares(
  sum: { readonly amount: number; readonly currency: string },
  lines: readonly OrderLine[],
  left: ReadonlyMap<number, number>,
  shipping: number,
): Share[] | undefined {
  const readings: Share[][] = shipping > 0 && sum.amount === shipping ? [[]] : [];
  for (const { line, quantity, total } of lines) {
    const remaining = left.get(line) ?? 0;
    if (total.currency !== sum.currency || total.amount <= 0 || total.amount % quantity !== 0) {
      if (total.currency === sum.currency && total.amount === sum.amount && remaining === quantity)
        readings.push([{ line, units: quantity }]);
      continue;
    }
    const each = total.amount / quantity;
    const units = sum.amount / each;
    if (Number.isInteger(units) && units >= 1 && units <= remaining) readings.push([{ line, units }]);
  }
  return readings.length === 1 ? readings[0] : undefined;
}
