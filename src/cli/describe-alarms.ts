import type { AlarmsConfig } from '../config/types.ts';
import type { Alarm } from '../storage/store.ts';
import { table } from './table.ts';
import { duration } from './times.ts';

/** The alarms the owner was mailed about and that are not over. */
export function describeAlarms(alarms: readonly Alarm[], now: number): string[] {
  const rows = alarms.map(({ name, since, calmSince }) => [
    name,
    titleOf(name),
    `since ${duration(now - since)}${calmSince === undefined ? '' : ', seems over'}`,
  ]);
  return table(rows, { indent: '  ' });
}

/** What is looked for, in one line at the end. Undefined settings: the configuration cannot be read. */
export function describeWatch(settings: AlarmsConfig | undefined): string[] {
  if (!settings) return [];
  const watched = [
    ...(settings.oldestMinutes > 0 ? [`work older than ${settings.oldestMinutes} min`] : []),
    ...Object.entries(settings.silenceHours).map(([gateway, hours]) => `${gateway} silent for ${hours} h`),
    ...(settings.clock ? ['a wrong clock'] : []),
  ];
  return ['', watched.length === 0 ? 'No alarms are set.' : `The owner is mailed about: ${watched.join(', ')}.`];
}

function titleOf(name: string): string {
  const [kind, gateway = ''] = name.split('/');
  if (kind === 'oldest') return 'something has been open for too long';
  if (kind === 'silence') return `nothing is heard from ${gateway}`;
  return kind === 'clock' ? `${gateway} is refused for its time stamps` : '';
}
