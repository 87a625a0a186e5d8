/** What is wrong with a text as JSON. `keys` lead to a repeated or forbidden name; without them the text itself is broken. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly keys?: readonly (string | number)[];
}

/** Names that mean something to JavaScript itself. They are refused wherever they stand. */
export const forbiddenNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const deepest = 40;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordForm = /true|false|null/y;
const escapeForm = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Broken extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * Looks for what `JSON.parse` does not tell, or tells without a place: syntax by line and column, names that stand twice,
 * names that are forbidden, and nesting without end. Messages hold names, never values.
 */
export function findJsonFaults(text: string): JsonFault[] {
  const faults: JsonFault[] = [];
  let at = 0;

  const space = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at] ?? 'x')) at += 1;
  };
  const match = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const value = (keys: readonly (string | number)[]): void => {
    space();
    const char = text[at];
    if (keys.length > deepest) throw new Broken(at, `Objects and lists stand more than ${deepest} deep in each other.`);
    if (char === '{') object(keys);
    else if (char === '[') list(keys);
    else if (char === '"') string();
    else if (match(wordForm) === undefined && match(numberForm) === undefined) throw new Broken(at, whatIsThere(text, at));
  };
  const string = (): string => {
    const begin = at;
    at += 1;
    for (let char = text[at]; char !== '"'; char = text[at]) {
      if (char === undefined || char < ' ') {
        throw new Broken(begin, 'This text has no closing quote on its line. Write a line break inside a text as \\n.');
      }
      if (char !== '\\') at += 1;
      else if (match(escapeForm) === undefined)
        throw new Broken(at, 'This backslash means nothing in JSON. Write it twice: \\\\');
    }
    at += 1;
    return JSON.parse(text.slice(begin, at)) as string;
  };
  /** The members of an object or list, up to its end. */
  const members = (end: string, member: (index: number) => void): void => {
    at += 1;
    space();
    for (let index = 0; text[at] !== end; index += 1) {
      if (index > 0) {
        if (text[at] !== ',')
          throw new Broken(at, at < text.length ? 'A comma is missing before this.' : `The closing "${end}" is missing.`);
        const comma = at;
        at += 1;
        space();
        if (text[at] === end) throw new Broken(comma, 'There is a comma too many: nothing follows it.');
      }
      member(index);
      space();
    }
    at += 1;
  };
  const object = (keys: readonly (string | number)[]): void => {
    const seen = new Set<string>();
    members('}', () => {
      const begin = at;
      if (text[at] !== '"')
        throw new Broken(at, at < text.length ? whatIsThere(text, at, 'A name in double quotes') : 'The closing "}" is missing.');
      const name = string();
      const path = [...keys, name];
      if (seen.has(name))
        faults.push({
          ...place(text, begin),
          keys: path,
          message: 'This name stands twice in the same object. Keep one of them.',
        });
      if (forbiddenNames.includes(name))
        faults.push({ ...place(text, begin), keys: path, message: 'This name may not be used. Choose another one.' });
      seen.add(name);
      space();
      if (text[at] !== ':') throw new Broken(at, 'A colon is missing before this.');
      at += 1;
      value(path);
    });
  };
  const list = (keys: readonly (string | number)[]): void => members(']', (index) => value([...keys, index]));

  try {
    value([]);
    space();
    if (at < text.length) throw new Broken(at, 'The text goes on after its end. One bracket may be closed too early.');
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    faults.push({ ...place(text, error.at), message: error.message });
  }
  return faults;
}

function whatIsThere(text: string, at: number, wanted = 'A value'): string {
  const rest = text.slice(at, at + 2);
  if (rest === '') return `${wanted} is missing: the text ends here.`;
  if (rest.startsWith("'")) return 'Texts stand in double quotes in JSON, not in single ones.';
  if (rest === '//' || rest === '/*' || rest.startsWith('#')) return 'JSON has no comments. Take this out.';
  return `${wanted} must stand here. Texts need double quotes.`;
}

function place(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}
