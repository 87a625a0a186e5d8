/** Reading JSON of others: every field may be absent, null, an id, or the object behind the id. */

export type Fields = Readonly<Record<string, unknown>>;

/** Follows own properties only. */
function at(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Fields)[key];
  }
  return current;
}

export function fieldsAt(value: unknown, ...path: string[]): Fields | undefined {
  const found = at(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Fields) : undefined;
}

/** Undefined also for the empty text. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function wholeAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : undefined;
}

export function isTrueAt(value: unknown, ...path: string[]): boolean {
  return at(value, path) === true;
}

/** The objects of an array; a list such as Stripe's (`{ data: […] }`) counts as its page. */
export function listAt(value: unknown, ...path: string[]): Fields[] {
  const found = at(value, path);
  const items: unknown = Array.isArray(found) ? found : at(found, ['data']);
  return Array.isArray(items) ? items.map((item) => fieldsAt(item)).filter((item) => item !== undefined) : [];
}

/** A reference: an id, or the object itself where it came expanded. */
export function idAt(value: unknown, ...path: string[]): string | undefined {
  return textAt(value, ...path) ?? textAt(value, ...path, 'id');
}

/** What the shop attached. Null prototype, so that `__proto__` is a name like any other. Later sources win. */
export function metadataOf(...sources: (Fields | undefined)[]): Record<string, string> {
  const metadata = Object.create(null) as Record<string, string>;
  for (const source of sources) {
    for (const [key, value] of Object.entries(source ?? {})) {
      if (typeof value === 'string') metadata[key] = value;
    }
  }
  return metadata;
}

/** The given names without gaps and repetitions. */
export function namesOf(...names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
