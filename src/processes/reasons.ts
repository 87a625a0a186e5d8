import { latestInstant, type PaymentEvent } from '../contract/event.ts';
import { isTakenBack, unitsReturned, type Order, type OrderLine, type Payment, type Reason } from '../contract/order.ts';
import { accessEnd } from './access-end.ts';
import type { FoundProduct } from './find-product.ts';

/**
 * The ledger of one grant: each payment that covers its line, until it is taken back, its time is over, or the plan changes;
 * and what staff gave by hand.
 */
export function reasonsFor(
  order: Order,
  line: OrderLine,
  unit: number,
  units: number,
  grantId: string,
  found: FoundProduct,
): Reason[] {
  return [...paidReasons(order, line, unit, units, grantId, found), ...handReasons(order, grantId)];
}

function paidReasons(order: Order, line: OrderLine, unit: number, units: number, grantId: string, found: FoundProduct): Reason[] {
  const ending = order.events.findLast(({ kind }) => kind === 'subscription.ended');
  const extended = latestExtension(order.events, grantId);
  const parts = new Set(order.events.flatMap(({ part, payment }) => (part ? [payment] : [])));
  let previous: number | undefined;
  return order.payments
    .filter((payment) => covers(payment, line))
    .map((payment) => {
      const reason: Reason = {
        kind: order.gateway === 'hand' ? 'gift' : 'payment',
        reference: payment.reference,
        since: line.joined && line.joined.at > payment.at ? line.joined.at : payment.at,
      };
      const returned = unitsReturned(order.refunds, payment.reference, line.line);
      const isReturned = units === 1 ? returned >= line.quantity : unit > line.quantity - returned;
      if (isTakenBack(payment)) return { ...reason, withdrawn: takenBackBy(payment, order.events) };
      if (isReturned) return { ...reason, withdrawn: returnedBy(payment, line, order) };
      const ends = accessEnd(
        payment,
        found.product.access,
        found.catalogue.site.site.timeZone,
        parts.has(payment.reference) ? undefined : previous,
      );
      previous = ends ?? previous;
      const until = earliest(latest(ends, extended), endOf(ending));
      return atItsTime(
        {
          ...reason,
          ...(until !== undefined && { until: new Date(until).toISOString() }),
          ...(payment.dispute === 'open' ? { suspended: 'disputed' as const } : order.paused && { suspended: 'paused' as const }),
        },
        order,
        { at: line.left?.at, by: line.left?.by ?? ending?.id ?? 'clock' },
      );
    });
}

/** A reason whose time is over, or whose line left the contract, has fallen away. */
function atItsTime(reason: Reason, order: Order, leaving: { at: string | undefined; by: string }): Reason {
  if (leaving.at !== undefined) return { ...reason, withdrawn: { by: leaving.by, at: leaving.at, rule: 'ended' } };
  const { until } = reason;
  if (until === undefined) return reason;
  const isPast = Date.parse(until) <= latestInstant(order.events);
  return isPast ? { ...reason, withdrawn: { by: leaving.by, at: until, rule: 'ended' } } : reason;
}

function handReasons(order: Order, grantId: string): Reason[] {
  return order.events
    .filter(({ kind, staff }) => kind === 'grant.given' && staff?.grantId === grantId)
    .map(({ at, until, staff }) =>
      atItsTime({ kind: 'hand', reference: staff?.by ?? '', since: at, ...(until !== undefined && { until }) }, order, {
        at: undefined,
        by: 'clock',
      }),
    );
}

/** A payment pays for the lines there were; for a line that joined later only if its period reaches that far. */
function covers({ at, period }: Payment, { joined, left }: OrderLine): boolean {
  if (left && at >= left.at) return false;
  return !joined || at >= joined.at || (period !== undefined && period.until > joined.at);
}

function endOf(ending: PaymentEvent | undefined): number | undefined {
  return ending && Date.parse(ending.until ?? ending.at);
}

function latestExtension(events: readonly PaymentEvent[], grantId: string): number | undefined {
  const until = events.findLast(({ kind, staff }) => kind === 'grant.extended' && staff?.grantId === grantId)?.until;
  return until === undefined ? undefined : Date.parse(until);
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

function takenBackBy(payment: Payment, events: readonly PaymentEvent[]): NonNullable<Reason['withdrawn']> {
  const kind = payment.dispute === 'lost' ? 'payment.disputeLost' : 'payment.refunded';
  const last = events.findLast((event) => event.payment === payment.reference && event.kind === kind);
  return { by: last?.id ?? kind, at: last?.at ?? payment.at, rule: 'refunded' };
}

function returnedBy(payment: Payment, line: OrderLine, { refunds }: Order): NonNullable<Reason['withdrawn']> {
  const last = refunds.findLast(
    (refund) => refund.payment === payment.reference && refund.lines?.some((share) => share.line === line.line),
  );
  return { by: last?.by ?? 'payment.refunded', at: last?.at ?? payment.at, rule: 'refunded' };
}
