/** What `api_result` holds: its children in their order. A plain value or a list are children named `result`. */
export type LegacyAnswer = readonly { readonly name: string; readonly text: string }[];

const space = /[\s\uFEFF]*/y;
const declaration = /<\?xml[^<>]*\?>/y;
const opening = /<([A-Za-z_][\w.-]*)\s*(\/?)>/y;
const closing = /<\/api_result\s*>/y;

/**
 * Reads the answer of the Legacy API: one root `api_result`, children of text only. Undefined when it is anything else, so a
 * maintenance page is not taken for an answer. A child's text may hold loose markup; it is kept as text.
 * Source: https://www.atrixware.com/docs/manual.php?id=9&page=80&
 */
export function readLegacyAnswer(xml: string): LegacyAnswer | undefined {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(xml);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  const isAtEnd = () => xml.slice(at).trim() === '';

  take(space);
  take(declaration);
  take(space);
  const root = take(opening);
  if (root?.[1] !== 'api_result') return undefined;
  const children: { name: string; text: string }[] = [];
  if (root[2] === '/') return isAtEnd() ? children : undefined;
  for (;;) {
    take(space);
    if (take(closing)) return isAtEnd() ? children : undefined;
    const child = take(opening);
    if (!child) return undefined;
    const name = child[1] ?? '';
    if (child[2] === '/') {
      children.push({ name, text: '' });
      continue;
    }
    const end = xml.indexOf(`</${name}>`, at);
    if (end === -1) return undefined;
    children.push({ name, text: decode(xml.slice(at, end)) });
    at = end + name.length + 3;
  }
}

function decode(raw: string): string {
  const parts = raw.split(/(<!\[CDATA\[[\s\S]*?\]\]>)/);
  return parts
    .map((part) => (part.startsWith('<![CDATA[') ? part.slice(9, -3) : part.replace(/&(#x?[0-9a-f]+|\w+);/gi, entity)))
    .join('');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return named[name] ?? whole;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
