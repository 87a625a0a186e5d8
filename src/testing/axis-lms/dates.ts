/** Eight digits that name a day which exists: `20260301`. The dashed form and 31 February are none. */
export function isDate8(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCDate() === day;
}

/** `2026-03-01 14:05:09` as the clock on the wall shows it in that zone. The text does not tell the zone. */
export function wallClock(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value])) as Record<string, string>;
  const date = [part['year'], part['month'], part['day']].join('-');
  return `${date} ${[part['hour'], part['minute'], part['second']].join(':')}`;
}

/** The calendar day in that zone, as date8. */
export function date8(at: Date, timeZone: string): string {
  return wallClock(at, timeZone).slice(0, 10).replaceAll('-', '');
}
