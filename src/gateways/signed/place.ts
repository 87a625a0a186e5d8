import type { Place } from './profile.ts';

/** What pointers lead into: an event, and in a list the entry at hand. */
export interface Scope {
  readonly event: unknown;
  readonly entry?: unknown;
}

/** All values a JSON pointer (RFC 6901) leads to: several only where it has `*`. Follows own properties only. */
export function valuesAt(scope: Scope, pointer: string): unknown[] {
  const isOfEntry = pointer.startsWith('@');
  let values: unknown[] = [isOfEntry ? scope.entry : scope.event];
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    values = values.flatMap((value) => (step === '*' ? (Array.isArray(value) ? (value as unknown[]) : []) : inside(value, key)));
  }
  return values.filter((value) => value !== undefined && value !== null);
}

function inside(value: unknown, key: string): unknown[] {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? [(value as Record<string, unknown>)[key]]
    : [];
}

/** A text, or a boolean as text; numbers are texts already. Undefined for the empty text and for everything else. */
export function textAt(scope: Scope, place: Place | undefined): string | undefined {
  for (const pointer of placesOf(place)) {
    const text = textOf(valuesAt(scope, pointer)[0]);
    if (text !== undefined) return text;
  }
  return undefined;
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The entries of a list; undefined when there is none. */
export function entriesAt(scope: Scope, pointer: string): unknown[] | undefined {
  const [list] = valuesAt(scope, pointer);
  return Array.isArray(list) ? (list as unknown[]) : undefined;
}

/** The texts of an object of texts. A null-prototype record: any key is data. */
export function recordAt(scope: Scope, place: Place | undefined): Record<string, string> | undefined {
  for (const pointer of placesOf(place)) {
    const [found] = valuesAt(scope, pointer);
    if (typeof found !== 'object' || found === null || Array.isArray(found)) continue;
    const texts = Object.entries(found).flatMap(([key, value]): [string, string][] => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text]];
    });
    const record = Object.create(null) as Record<string, string>;
    for (const [key, text] of texts) record[key] = text;
    return record;
  }
  return undefined;
}

export function placesOf(place: Place | undefined): readonly string[] {
  if (place === undefined) return [];
  return typeof place === 'string' ? [place] : place;
}
