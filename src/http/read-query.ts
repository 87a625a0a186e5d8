/** The query's single text values, whatever query parser the host has set. A name sent twice, or a very long value, is nobody's order. */
export function readQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  const sent = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, value] of sent) {
    if (value.length <= 500 && sent.getAll(name).length === 1) texts[name] = value;
  }
  return texts;
}
