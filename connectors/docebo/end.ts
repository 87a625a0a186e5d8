import type { Settings } from './options.ts';

/** The end of access as Docebo takes it, in the zone of the platform: the day that is still included, or the moment. */
export function endOf(until: Date, { timeZone, dateFormat }: Pick<Settings, 'timeZone' | 'dateFormat'>): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const last = dateFormat === 'date' ? new Date(until.getTime() - 1) : until;
  const part = Object.fromEntries(format.formatToParts(last).map(({ type, value }) => [type, value]));
  const day = `${part['year']}-${part['month']}-${part['day']}`;
  return dateFormat === 'date' ? day : `${day} ${part['hour']}:${part['minute']}:${part['second']}`;
}

/** Whether an end that Docebo names has gone by. An empty one never does, and a day lasts to its end. */
export function isOver(end: string, now: Date, settings: Pick<Settings, 'timeZone'>): boolean {
  return end !== '' && end < endOf(now, { ...settings, dateFormat: 'dateTime' }).slice(0, end.length);
}
