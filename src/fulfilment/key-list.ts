/** A key and the line of the list it stood on, counted from 1. */
export interface ListedKey {
  readonly line: number;
  readonly key: string;
}

export interface KeyListProblem {
  readonly line: number;
  readonly message: string;
}

export interface KeyList {
  readonly keys: readonly ListedKey[];
  readonly problems: readonly KeyListProblem[];
  /** It was a table: only the first column was read. */
  readonly columnsLeftOut: boolean;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

const longestKey = 200;
const separators = ['\t', ';', ','];
const headings = /^(activation |licen[cs]e |serial |product )?(keys?|codes?|serials?|numbers?)$/i;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/**
 * Reads a key list: one key on each line, or a table (comma, semicolon or tab) with the keys in the first column. Blank lines,
 * lines that begin with `#` and a table's heading are left out. `auto` takes it for a table when every line has the same
 * separator, and refuses to guess when only some have. Problems tell lines, never keys.
 */
export function readKeyList(list: Uint8Array | string, format: 'auto' | 'lines' | 'table' = 'auto'): KeyList {
  const problems: KeyListProblem[] = [];
  const lines = linesOf(list, problems).filter(({ text }) => text.trim() !== '' && !text.trimStart().startsWith('#'));
  const common = separators.find((each) => lines.every(({ text }) => cut(text, each).more));
  const separator = lines.length === 0 || format === 'lines' ? undefined : (common ?? (format === 'table' ? ',' : undefined));
  if (separator === undefined && format === 'auto') refuseMixture(lines, problems);

  const keys: ListedKey[] = [];
  const firstLineOf = new Map<string, number>();
  for (const [index, { number, text }] of lines.entries()) {
    const key = (format === 'lines' ? text : cut(text, separator ?? ',').cell).trim();
    if (index === 0 && format !== 'lines' && headings.test(key)) continue;
    const isUnclosed = format !== 'lines' && key.startsWith('"');
    const problem = isUnclosed ? 'a quotation mark is not closed' : problemOf(key, firstLineOf.get(key));
    if (problem !== undefined) problems.push({ line: number, message: problem });
    else keys.push({ line: number, key });
    if (!firstLineOf.has(key)) firstLineOf.set(key, number);
  }
  if (keys.length === 0 && problems.length === 0) problems.push({ line: 1, message: 'the list holds no key' });
  problems.sort((a, b) => a.line - b.line);
  return { keys, problems, columnsLeftOut: separator !== undefined && lines.some(({ text }) => cut(text, separator).more) };
}

function problemOf(key: string, firstLine: number | undefined): string | undefined {
  if (key === '') return 'the first column is empty';
  if (key.length > longestKey) return `the key has ${key.length} characters; at most ${longestKey} are possible`;
  if (invisible.test(key)) return 'the key holds a control character or an invisible one';
  return firstLine === undefined ? undefined : `the same key stands on line ${firstLine}`;
}

/** Half a table is a key with a comma in it, or a damaged table: either way a guess would give out cut keys. */
function refuseMixture(lines: readonly Line[], problems: KeyListProblem[]): void {
  for (const { number, text } of lines) {
    if (!separators.some((each) => cut(text, each).more)) continue;
    const message = 'a comma, semicolon or tab stands here, but not the same one on every line; say whether it is a table';
    problems.push({ line: number, message });
  }
}

/** The first cell of a line, and whether more cells follow. A cell in double quotes may hold the separator. */
function cut(text: string, separator: string): { cell: string; more: boolean } {
  const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(text);
  const rest = quoted ? text.slice(quoted[0].length) : undefined;
  if (quoted && (rest === '' || rest?.startsWith(separator))) {
    return { cell: (quoted[1] ?? '').replaceAll('""', '"'), more: rest !== '' };
  }
  const end = text.indexOf(separator);
  return end < 0 ? { cell: text, more: false } : { cell: text.slice(0, end), more: true };
}

function linesOf(list: Uint8Array | string, problems: KeyListProblem[]): Line[] {
  if (typeof list === 'string')
    return list
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\n|\r/)
      .map((text, index) => ({ number: index + 1, text }));
  const bytes = Buffer.from(list.buffer, list.byteOffset, list.byteLength);
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!wide) return linesOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes), problems);
  } catch {
    // Told below, with the line.
  }
  problems.push({ line: wide ? 1 : badLine(bytes), message: 'the list is not UTF-8; save it as UTF-8 text and import it again' });
  return [];
}

/** The first line that does not decode. A line feed is one byte in UTF-8 and part of no other character. */
function badLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}
