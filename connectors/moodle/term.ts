/** How long access lasts. Of the three at most one; none: without end. */
export interface Term {
  readonly days?: number;
  readonly months?: number;
  /** A fixed last day, `2026-12-31`. */
  readonly until?: string;
}

/** Unix seconds, as Moodle has them. `end` 0: no end. */
export interface AccessWindow {
  readonly start: number;
  readonly end: number;
}

/** The same for every attempt: it depends on the purchase and the product only. */
export function windowOf(
  since: Date,
  term: Term,
  rules: { readonly timeZone: string; readonly startEarlySeconds: number },
): AccessWindow {
  return { start: secondsOf(since) - rules.startEarlySeconds, end: endOf(since, term, rules.timeZone) };
}

/** Days and months keep the time of day, also where clocks change in between. `until` is the last day, to its end. */
function endOf(since: Date, { days, months, until }: Term, timeZone: string): number {
  if (until !== undefined) return secondsOf(instantAt(addDays(until, 1), 0, timeZone));
  if (days === undefined && months === undefined) return 0;
  const { day, secondsIn } = localTime(since, timeZone);
  const last = days === undefined ? addMonths(day, months ?? 0) : addDays(day, days);
  return secondsOf(instantAt(last, secondsIn, timeZone));
}

/** The day in words of the calendar, `2026-12-31`, on which the last second of access falls. Empty: no end. */
export function lastDay(end: number, timeZone: string): string {
  return end === 0 ? '' : dayOf(end - 1, timeZone);
}

export function dayOf(seconds: number, timeZone: string): string {
  return localTime(new Date(seconds * 1000), timeZone).day;
}

export function secondsOf(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

function addDays(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** 31 January plus one month is the last day of February. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate))).toISOString().slice(0, 10);
}

/** What calendar and clock on the wall show. Throws a RangeError for a zone that does not exist. */
function localTime(moment: Date, timeZone: string): { day: string; secondsIn: number } {
  const shown = new Date(Math.floor(moment.getTime() / 1000) * 1000 + offsetMs(moment, timeZone));
  const day = shown.toISOString().slice(0, 10);
  return { day, secondsIn: (shown.getTime() - Date.parse(`${day}T00:00:00Z`)) / 1000 };
}

/** The instant at which a clock in the zone shows this. An hour that is left out in spring counts as the one after it. */
function instantAt(day: string, secondsIn: number, timeZone: string): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + secondsIn * 1000;
  const guess = shown - offsetMs(new Date(shown), timeZone);
  return new Date(shown - offsetMs(new Date(guess), timeZone));
}

/** By zone: an account has one, and making a format takes long. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  clocks.set(timeZone, clock);
  return clock;
}

function offsetMs(moment: Date, timeZone: string): number {
  const part = Object.fromEntries(
    clockIn(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment.getTime() / 1000) * 1000;
}
