import { entriesAt, textAt } from './signed/place.ts';

/**
 * JSON with every number as the text it was written in: an amount never becomes a floating-point number, and an id of twenty
 * digits keeps them all. A byte order mark in front is passed over. Undefined when it is not an object.
 */
export function readExactJson(body: Uint8Array | string): object | undefined {
  try {
    const text = typeof body === 'string' ? body.replace(/^\uFEFF/, '') : new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text, keepNumbers);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `source` is newer than the types of `JSON.parse`. */
function keepNumbers(_key: string, value: unknown, ...rest: unknown[]): unknown {
  return typeof value === 'number' ? (rest[0] as { readonly source: string }).source : value;
}

/** The text at a JSON pointer into what `readExactJson` gave. Undefined for the empty text too. */
export function textIn(value: unknown, pointer: string): string | undefined {
  return textAt({ event: value }, pointer);
}

/** The entries of the list at a JSON pointer; none where there is no list. */
export function listIn(value: unknown, pointer: string): unknown[] {
  return entriesAt({ event: value }, pointer) ?? [];
}
