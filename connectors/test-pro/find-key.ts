/** Where an answer holds the key. At most one; none means that the whole text is the key. */
export interface AnswerPlace {
  /** RFC 6901, e.g. `/data/key`. */
  readonly jsonPointer?: string;
  /** The first element of that name. */
  readonly xmlElement?: string;
  /** The first group of the first match, or the match. */
  readonly regex?: string;
}

/** `empty`: the source answered, and has no key. `unreadable`: it said something else, so a key may exist. */
export type FoundKey =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly why: string };

const longestAnswer = 64 * 1024;
const longestKey = 2000;

/** Reads the key out of an answer. Never quotes the answer: it may hold the key. */
export function findKey(text: string, place: AnswerPlace = {}): FoundKey {
  if (text.trim() === '') return { kind: 'empty' };
  if (text.length > longestAnswer) return { kind: 'unreadable', why: 'it is longer than 64 KB' };
  const found = look(text, place);
  if (typeof found !== 'string') return found;
  const key = found.trim();
  if (key === '') return { kind: 'empty' };
  if (key.length > longestKey) return { kind: 'unreadable', why: `the key would have more than ${longestKey} characters` };
  if (/[\p{Cc}\u2028\u2029]/u.test(key))
    return { kind: 'unreadable', why: 'the key would have several lines or control characters' };
  return { kind: 'key', key };
}

function look(text: string, { jsonPointer, xmlElement, regex }: AnswerPlace): string | FoundKey {
  if (jsonPointer !== undefined) return fromJson(text, jsonPointer);
  if (xmlElement !== undefined) return fromXml(text, xmlElement);
  if (regex !== undefined) return fromMatch(text, regex);
  return text.trimStart().startsWith('<') ? { kind: 'unreadable', why: 'it is a page or XML, not a key' } : text;
}

function fromJson(text: string, pointer: string): string | FoundKey {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'it is not JSON' };
  }
  for (const name of pointer.split('/').slice(1)) {
    const member = name.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, member)) {
      return { kind: 'unreadable', why: `it has nothing at ${pointer}` };
    }
    value = (value as Record<string, unknown>)[member];
  }
  if (value === null) return { kind: 'empty' };
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return { kind: 'unreadable', why: `what stands at ${pointer} is no text` };
}

/** Enough for an answer with one key in it: no namespaces, no nesting of the same name. */
function fromXml(text: string, name: string): string | FoundKey {
  const plain = text.replace(/<!--[^]*?-->/g, '');
  const start = new RegExp(`<${name.replaceAll('.', '\\.')}(?:\\s[^<>]*)?/?>`, 'u').exec(plain);
  if (start?.[0].endsWith('/>')) return { kind: 'empty' };
  const from = start ? start.index + start[0].length : -1;
  const to = plain.indexOf(`</${name}`, from);
  if (start === null || to < 0) return { kind: 'unreadable', why: `it has no element <${name}>` };
  const inner = plain.slice(from, to).trim();
  const literal = /^<!\[CDATA\[([^]*)\]\]>$/.exec(inner)?.[1];
  if (literal !== undefined) return literal;
  return inner.includes('<') ? { kind: 'unreadable', why: `<${name}> holds further elements` } : withoutEntities(inner);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
    (_, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? '';
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
    },
  );
}

function fromMatch(text: string, regex: string): string | FoundKey {
  let found: RegExpExecArray | null;
  try {
    found = new RegExp(regex, 'u').exec(text);
  } catch {
    return { kind: 'unreadable', why: `${regex} is not a regular expression` };
  }
  return found ? (found[1] ?? found[0]) : { kind: 'unreadable', why: 'the regular expression matches nothing in it' };
}
