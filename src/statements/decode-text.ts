/** A bank's text: by its byte order mark, else UTF-8 where the bytes are that, else the old Windows code page. */
export function decodeText(bytes: Uint8Array, encoding?: 'utf-8' | 'windows-1252' | 'utf-16le'): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (encoding !== undefined) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export function looksLikeXml(text: string): boolean {
  return /^\s*<(\?xml|[A-Za-z])/.test(text);
}
