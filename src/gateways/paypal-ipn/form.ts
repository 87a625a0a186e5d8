/** The fields of a message, decoded by the charset it names. */
export type Form = ReadonlyMap<string, string>;

const mostFields = 500;
const longestBody = 100_000;

/**
 * Reads `application/x-www-form-urlencoded` whose values are in the charset that the field `charset` names, windows-1252 when it
 * names none or one nobody knows (https://developer.paypal.com/api/nvp-soap/ipn/IPNandPDTVariables/). Undefined when it is no
 * such form, is absurdly long, or has a field twice.
 */
export function readForm(body: Uint8Array): Form | undefined {
  if (body.length === 0 || body.length > longestBody) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  if (/[^\x21-\x7e]/.test(text.trimEnd())) return undefined;
  const pairs = text.trimEnd().split('&');
  if (pairs.length > mostFields) return undefined;
  const raw = new Map<string, Buffer>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = unescape(equals === -1 ? pair : pair.slice(0, equals)).toString('latin1');
    if (name === '' || raw.has(name)) return undefined;
    raw.set(name, equals === -1 ? Buffer.alloc(0) : unescape(pair.slice(equals + 1)));
  }
  const decode = decoderFor(raw.get('charset')?.toString('latin1'));
  return new Map([...raw].map(([name, bytes]) => [name, decode(bytes)]));
}

function unescape(text: string): Buffer {
  const plain = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(plain, 'latin1');
}

function decoderFor(charset: string | undefined): (bytes: Buffer) => string {
  try {
    const decoder = new TextDecoder(charset?.trim() || 'windows-1252');
    return (bytes) => decoder.decode(bytes);
  } catch {
    return decoderFor(undefined);
  }
}
