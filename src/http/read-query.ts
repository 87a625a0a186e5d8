/** The query's single text values, whatever query parser the host has set. A name sent twice, or a very long value, is nobody's order. */
export function readQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  const texts = Object.create(null) as Record<string, string>;
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : url.slice(start + 1))) {
    if (seen.has(name)) Reflect.deleteProperty(texts, name);
    else if (value.length <= 500) texts[name] = value;
    seen.add(name);
  }
  return texts;
}
