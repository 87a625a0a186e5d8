import { placesOf, textAt, type Scope } from './place.ts';
import type { Place, TimeUnit } from './profile.ts';

/** The first time at these places, as ISO 8601 in UTC. */
export function timeAt(scope: Scope, place: Place | undefined, unit: TimeUnit): string | undefined {
  for (const pointer of placesOf(place)) {
    const ms = readTime(textAt(scope, pointer), unit);
    if (ms !== undefined) return new Date(ms).toISOString();
  }
  return undefined;
}

/** Milliseconds since 1970. A text without a zone counts as UTC. Undefined for anything else than a time of that kind. */
export function readTime(text: string | undefined, unit: TimeUnit): number | undefined {
  if (text === undefined) return undefined;
  if (unit === 'iso') {
    if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined;
    const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
    return Number.isNaN(ms) ? undefined : ms;
  }
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const ms = Number(text) * (unit === 'seconds' ? 1000 : 1);
  return ms <= 8.64e15 ? ms : undefined;
}
