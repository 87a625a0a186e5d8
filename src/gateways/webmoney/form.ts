/** The fields of a form post. Those that are ours or WebMoney's occur once; any other name is kept with its first value. */
export type Form = ReadonlyMap<string, string>;

const mostFields = 300;

/**
 * Reads `application/x-www-form-urlencoded` in UTF-8 or windows-1251: the plain form address of WebMoney sends the one, its
 * `payment_utf.asp` the other, and neither says so reliably. Undefined when a field that counts occurs twice, or there are
 * absurdly many.
 */
export function readForm(body: Uint8Array): Form | undefined {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    .toString('latin1')
    .replace(/[\r\n]+$/, '');
  const form = new Map<string, string>();
  if (text.trim() === '') return form;
  const pairs = text.split('&');
  if (pairs.length > mostFields) return undefined;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const isKnown = form.has(name);
    if (isKnown && /^(LMI|HANDOVER)_/.test(name)) return undefined;
    if (!isKnown) form.set(name, equals === -1 ? '' : decode(pair.slice(equals + 1)));
  }
  return form;
}

/** Bytes that are not UTF-8 are windows-1251, in which every sequence of bytes is a text. */
function decode(encoded: string): string {
  const plain = encoded
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  const bytes = Buffer.from(plain, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
