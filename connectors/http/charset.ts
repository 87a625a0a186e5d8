import type { Charset } from './options.ts';

/** What windows-1252 has from 0x80 to 0x9f, in its order; U+FFFD where it has nothing (the WHATWG Encoding Standard's index). */
const upper = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

/** A text's bytes. What the charset does not have becomes what `missing` makes of it. */
export function encodeText(text: string, charset: Charset, missing: (character: string) => string): Uint8Array {
  if (charset === 'utf-8') return new TextEncoder().encode(text.toWellFormed());
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOf(character, charset);
    if (byte === undefined) bytes.push(...Buffer.from(missing(character), 'latin1'));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** `&#9731;`, as browsers send what a form's charset does not have (the WHATWG URL and HTML Standards' error mode "html"). */
export function asReference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0xfffd};`;
}

function byteOf(character: string, charset: Charset): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  if (charset === 'iso-8859-1') return undefined;
  const index = character === '\ufffd' ? -1 : upper.indexOf(character);
  return index < 0 ? undefined : 0x80 + index;
}
