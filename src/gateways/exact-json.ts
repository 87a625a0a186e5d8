/**
 * The JSON of a callback, with every number as the text it was written in: an amount never becomes a floating-point number,
 * and an id of twenty digits keeps them all. Undefined when it is not an object.
 */
export function readMessage(body: Uint8Array): object | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const message: unknown = JSON.parse(text, keepNumbers);
    return typeof message === 'object' && message !== null && !Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** `source` is newer than the types of `JSON.parse`. */
function keepNumbers(_key: string, value: unknown, ...rest: unknown[]): unknown {
  return typeof value === 'number' ? (rest[0] as { readonly source: string }).source : value;
}
