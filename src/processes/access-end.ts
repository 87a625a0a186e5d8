import type { ProductAccess } from '../config/types.ts';
import type { Payment } from '../contract/order.ts';

const dayMs = 86_400_000;
const usualGraceDays = 3;

/**
 * Until when a payment gives access, its grace included; undefined: for ever. The period that the payment covers decides, else
 * the product's fixed length, counted on from `previous`, the end of what was paid before, where that has not come yet.
 */
export function accessEnd(
  { at, period }: Payment,
  access: ProductAccess | undefined,
  timeZone: string,
  previous: number | undefined,
): number | undefined {
  if (period) return Date.parse(period.until) + (access?.graceDays ?? usualGraceDays) * dayMs;
  const graceMs = (access?.graceDays ?? 0) * dayMs;
  const from = Math.max(Date.parse(at), previous === undefined ? 0 : previous - graceMs);
  const ends = [
    ...(access?.days === undefined ? [] : [from + access.days * dayMs]),
    ...(access?.months === undefined ? [] : [addMonths(from, access.months)]),
    ...(access?.until === undefined ? [] : [endOfDay(access.until, timeZone)]),
  ];
  return ends.length === 0 ? undefined : Math.min(...ends) + graceMs;
}

/** The same day and time so many months later; the month's last day where it has no such day. */
function addMonths(from: number, months: number): number {
  const start = new Date(from);
  const end = new Date(from);
  end.setUTCDate(1);
  end.setUTCMonth(start.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(start.getUTCDate(), lastDay));
  return end.getTime();
}

/** The first instant of the day after, by the clocks of that zone. */
export function endOfDay(day: string, timeZone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + dayMs;
  const first = wanted - offsetAt(wanted, timeZone);
  return wanted - offsetAt(first, timeZone);
}

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
    .formatToParts(instant)
    .map(({ type, value }) => [type, Number(value)] as const);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = Object.fromEntries(parts) as Record<string, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
