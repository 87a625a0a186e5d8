/** The little of ASN.1's distinguished encoding that a certificate needs (ITU-T X.690). */

function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts);
export const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes);
export const bits = (bytes: Uint8Array): Buffer => element(0x03, Buffer.from([0]), bytes);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const truth = (): Buffer => element(0x01, Buffer.from([0xff]));
export const nothing = (): Buffer => element(0x05);
/** `[n]` around whole elements. */
export const context = (n: number, ...parts: readonly Uint8Array[]): Buffer => element(0xa0 | n, ...parts);
/** `[n]` in place of a text's own tag. */
export const contextText = (n: number, text: string): Buffer => element(0x80 | n, Buffer.from(text));

/** Not negative. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return element(0x02, ...(first >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const septets = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift(0x80 | (left & 0x7f));
    return septets;
  });
  return element(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

/** To the second, in UTC. */
export function time(at: Date): Buffer {
  return element(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')));
}
