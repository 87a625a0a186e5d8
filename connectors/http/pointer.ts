/** What stands at a JSON pointer (RFC 6901); undefined: nothing. */
export function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of pointer.split('/').slice(1)) {
    const member = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, member)) return undefined;
    if (Array.isArray(found) && !/^(0|[1-9]\d*)$/.test(member)) return undefined;
    found = (found as Record<string, unknown>)[member];
  }
  return found;
}
