import type { QuietHours } from '../config/types.ts';

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** How long until the quiet hours are over, in milliseconds; undefined outside of them. */
export function quietForMs(now: Date, { from, until }: QuietHours, timeZone: string): number | undefined {
  const [begin, end, minute] = [minutesOf(from), minutesOf(until), minuteIn(now, timeZone)];
  const length = (end - begin + dayMinutes) % dayMinutes;
  const since = (minute - begin + dayMinutes) % dayMinutes;
  return since < length ? (length - since) * minuteMs : undefined;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function minuteIn(now: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now);
  return minutesOf(shown);
}
