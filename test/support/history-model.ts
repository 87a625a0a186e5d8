import type { PaymentEvent } from '../../src/contract/index.ts';
import { ada, line } from './events.ts';

/*
 * What must stand at the end of a purchase's history, written down without looking at how Handover gets there. Each model knows
 * the events that may happen and says from the set of those that did who has what at a given day.
 */

export const dayMs = 86_400_000;
const begin = Date.UTC(2026, 5, 1, 12);

export interface Model {
  readonly name: string;
  readonly events: readonly PaymentEvent[];
  /** Who must have access: `<line>/<unit>/<grant> <holder> <edition>`. */
  granted(events: readonly PaymentEvent[], now: number): string[];
  /** What nobody may have in any state: it was paid back. */
  gone(events: readonly PaymentEvent[]): string[];
}

function happens(day: number, kind: PaymentEvent['kind'], more: Partial<PaymentEvent> = {}): PaymentEvent {
  const at = new Date(begin + day * dayMs).toISOString();
  const payment = more.payment ?? 'pi_1';
  const id = `${kind}:${payment}:${more.reversal ?? ''}:${day}`;
  return { kind, gateway: 'stripe', id, at, purchase: 'cs_1', payment, mode: 'live', ...more };
}

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const staff = { by: 'bo', because: 'Agreed by phone.' };
export const orderId = (order: string, place: string): string => `${order}/${place}`;

/** A course, and two booklets: refunds of parts, disputes, and what staff do. */
export function cartModel(order: string): Model {
  const all = ['1/1/course', '2/1/course', '2/2/course'];
  const events = [
    happens(0, 'payment.pending'),
    happens(0.1, 'payment.failed'),
    happens(1, 'payment.completed', { lines: [line('TS-101'), line('BOOK-1', 1900, 2)], amount: euros(8700), buyer: ada }),
    happens(2, 'payment.disputed', { reversal: 'dp_1', amount: euros(8700) }),
    happens(3, 'payment.disputeWon', { reversal: 'dp_1' }),
    happens(4, 'payment.refunded', { reversal: 're_course', amount: euros(4900) }),
    happens(5, 'payment.refunded', { reversal: 're_book', amount: euros(1900) }),
    happens(6, 'payment.refundFailed', { reversal: 're_course' }),
    happens(7, 'payment.refunded', { reversal: 're_part', amount: euros(700) }),
    happens(8, 'refund.assigned', { reversal: 're_part', payment: 'cs_1', staff: { ...staff, lines: [1] } }),
    happens(9, 'learner.assigned', { payment: 'cs_1', staff: { ...staff, lines: [1], person: { email: 'bo@example.org' } } }),
    happens(10, 'grant.reissued', { payment: 'cs_1', staff: { ...staff, grantId: `${order}/2/1/course` } }),
    happens(11, 'grant.given', { payment: 'cs_1', staff: { ...staff, grantId: `${order}/2/2/course` } }),
    happens(12, 'payment.disputed', { reversal: 'dp_2', amount: euros(8700) }),
    happens(13, 'payment.disputeLost', { reversal: 'dp_2' }),
  ];
  const has = (known: readonly PaymentEvent[], kind: string, reversal?: string): boolean =>
    known.some((each) => each.kind === kind && (reversal === undefined || each.reversal === reversal));
  const isPaid = (known: readonly PaymentEvent[]): boolean => has(known, 'payment.completed');
  const isLost = (known: readonly PaymentEvent[]): boolean => has(known, 'payment.disputeLost', 'dp_2');
  const paidBack = (known: readonly PaymentEvent[]): string[] => {
    if (isLost(known)) return all;
    const course = has(known, 'payment.refunded', 're_course') && !has(known, 'payment.refundFailed', 're_course');
    const part = has(known, 'payment.refunded', 're_part') && has(known, 'refund.assigned');
    return [...(course || part ? ['1/1/course'] : []), ...(has(known, 'payment.refunded', 're_book') ? ['2/2/course'] : [])];
  };
  const holder = (known: readonly PaymentEvent[], place: string): string => {
    if (place === '1/1/course') return has(known, 'learner.assigned') ? `${place} bo@example.org 0` : `${place} buyer 0`;
    return `${place} buyer ${place === '2/1/course' && has(known, 'grant.reissued') ? 1 : 0}`;
  };
  return {
    name: 'a course and two booklets',
    events,
    granted(known) {
      if (!isPaid(known)) return [];
      const byHand = has(known, 'grant.given') ? ['2/2/course'] : [];
      const isOpen =
        (has(known, 'payment.disputed', 'dp_1') && !has(known, 'payment.disputeWon', 'dp_1')) ||
        (has(known, 'payment.disputed', 'dp_2') && !isLost(known));
      const paid = isOpen ? [] : all.filter((place) => !paidBack(known).includes(place));
      return [...new Set([...paid, ...byHand])].map((place) => holder(known, place));
    },
    gone(known) {
      if (!isPaid(known)) return all;
      return paidBack(known).filter((place) => place !== '2/2/course' || !has(known, 'grant.given'));
    },
  };
}

/** A course by the month: renewals, one of them doubled and paid back, a pause, an end. Three days of grace. */
export function subscriptionModel(): Model {
  const period = (from: number) => ({
    from: new Date(begin + from * dayMs).toISOString(),
    until: new Date(begin + (from + 30) * dayMs).toISOString(),
  });
  const month = { lines: [line('MONTHLY', 2000)], amount: euros(2000), buyer: ada };
  const events = [
    happens(0, 'payment.completed', { payment: 'in_0', ...month, period: period(0) }),
    happens(29, 'subscription.renewalFailed', { payment: 'in_1' }),
    happens(30, 'subscription.renewed', { payment: 'in_1', ...month, period: period(30) }),
    happens(30.5, 'subscription.renewed', { payment: 'in_1b', ...month, period: period(30) }),
    happens(31, 'payment.refunded', { payment: 'in_1b', reversal: 're_double', amount: euros(2000) }),
    happens(40, 'subscription.paused', { payment: 'cs_1' }),
    happens(45, 'subscription.resumed', { payment: 'cs_1' }),
    happens(60, 'subscription.renewed', { payment: 'in_2', ...month, period: period(60) }),
    happens(61, 'payment.refunded', { payment: 'in_2', reversal: 're_last', amount: euros(2000) }),
    happens(70, 'subscription.ended', { payment: 'cs_1' }),
  ];
  const invoices = [
    { payment: 'in_0', until: 33 },
    { payment: 'in_1', until: 63 },
    { payment: 'in_1b', until: 63, refund: 're_double' },
    { payment: 'in_2', until: 93, refund: 're_last' },
  ];
  const isPaid = (known: readonly PaymentEvent[], payment: string): boolean =>
    known.some((each) => each.payment === payment && (each.kind === 'payment.completed' || each.kind === 'subscription.renewed'));
  const isReturned = (known: readonly PaymentEvent[], refund: string | undefined): boolean =>
    refund !== undefined && known.some(({ reversal }) => reversal === refund);
  return {
    name: 'a course by the month',
    events,
    granted(known, now) {
      const day = (Math.max(now, ...known.map(({ at }) => Date.parse(at))) - begin) / dayMs;
      const standing = invoices.filter(({ payment, refund, until }) => {
        const end = known.some(({ kind }) => kind === 'subscription.ended') ? Math.min(until, 70) : until;
        return isPaid(known, payment) && !isReturned(known, refund) && end > day;
      });
      const isPaused =
        known.some(({ kind }) => kind === 'subscription.paused') &&
        !known.some(({ kind }) => kind === 'subscription.resumed') &&
        !isPaid(known, 'in_2');
      return standing.length > 0 && !isPaused ? ['1/1/course buyer 0'] : [];
    },
    gone(known) {
      const paid = invoices.filter(({ payment }) => isPaid(known, payment));
      return paid.every(({ refund }) => isReturned(known, refund)) ? ['1/1/course'] : [];
    },
  };
}

/** Two seats that the buyer hands out, takes back and hands to another; one is paid back. */
export function seatsModel(): Model {
  const seat = (day: number, unit: number, email?: string) =>
    happens(day, 'learner.assigned', {
      payment: 'cs_1',
      staff: { by: 'buyer', because: 'Handed out.', lines: [1], unit, ...(email !== undefined && { person: { email } }) },
    });
  const [first, second] = [1, 2].map((unit) => `1/${unit}/course`) as [string, string];
  const events = [
    happens(1, 'payment.completed', { lines: [line('SEATS', 4900, 2)], amount: euros(9800), buyer: ada }),
    seat(2, 1, 'bo@example.org'),
    seat(3, 2, 'cy@example.org'),
    seat(4, 1),
    seat(5, 1, 'di@example.org'),
    happens(6, 'payment.refunded', { reversal: 're_seat', amount: euros(4900) }),
    happens(7, 'payment.disputed', { reversal: 'dp_1', amount: euros(9800) }),
    happens(8, 'payment.disputeWon', { reversal: 'dp_1' }),
    seat(9, 2, ada.email),
  ];
  const has = (known: readonly PaymentEvent[], kind: string): boolean => known.some((each) => each.kind === kind);
  /** The latest word about a seat. */
  const holderOf = (known: readonly PaymentEvent[], unit: number): string | undefined =>
    known
      .filter(({ kind, staff: decision }) => kind === 'learner.assigned' && decision?.unit === unit)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .at(-1)?.staff?.person?.email;
  return {
    name: 'two seats',
    events,
    granted(known) {
      if (!has(known, 'payment.completed')) return [];
      if (has(known, 'payment.disputed') && !has(known, 'payment.disputeWon')) return [];
      const units = has(known, 'payment.refunded') ? [1] : [1, 2];
      return units.flatMap((unit) => {
        const holder = holderOf(known, unit);
        if (holder === undefined) return [];
        return [`1/${unit}/course ${holder === ada.email ? 'buyer' : holder} 0`];
      });
    },
    gone(known) {
      if (!has(known, 'payment.completed')) return [first, second];
      return [...(has(known, 'payment.refunded') ? [second] : []), ...(holderOf(known, 1) === undefined ? [first] : [])];
    },
  };
}

/** A day on which nothing happens by itself, in milliseconds since 1970. */
export function middleOf(day: number): number {
  return begin + (Math.floor(day) + 0.77) * dayMs;
}
