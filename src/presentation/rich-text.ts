/** Text as pages and mails print it: paragraphs of lines of runs. A run with `href` is a link. */
export type Paragraph = readonly Line[];
export type Line = readonly Run[];
export interface Run {
  readonly text: string;
  readonly href?: string;
  /** Not to be broken over two lines. */
  readonly solid?: boolean;
}

const webAddress = /https?:\/\/[^\s<>"']+/g;

/** Plain text in paragraphs (an empty line parts them). Web addresses become links, `solid` stays in one line; nothing else is markup. */
export function richText(text: string, solid = ''): Paragraph[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/^\n+|\s+$/g, ''))
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => paragraph.split('\n').map((line) => runsOf(line).flatMap((run) => keepSolid(run, solid))));
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const found of line.matchAll(webAddress)) {
    const address = withoutPunctuation(found[0]);
    if (!safeLink(address)) continue;
    if (found.index > end) runs.push({ text: line.slice(end, found.index) });
    runs.push({ text: address, href: address });
    end = found.index + address.length;
  }
  if (end < line.length || runs.length === 0) runs.push({ text: line.slice(end) });
  return runs;
}

function keepSolid(run: Run, solid: string): Run[] {
  if (solid === '' || run.href !== undefined || !run.text.includes(solid)) return [run];
  const parts = run.text.split(solid).flatMap((text) => [{ text: solid, solid: true }, { text }]);
  return parts.slice(1).filter(({ text }) => text !== '');
}

/** "(see https://example.org/a)." links to `https://example.org/a`. */
function withoutPunctuation(address: string): string {
  const bare = address.replace(/[.,;:!?]+$/, '');
  return bare.endsWith(')') && !bare.includes('(') ? withoutPunctuation(bare.slice(0, -1)) : bare;
}

/** The text when it is an `http(s)` or `mailto` address, else undefined: nothing else may become a link. */
export function safeLink(text: string | undefined): string | undefined {
  const link = (text ?? '').trim();
  if (!/^(https?:\/\/|mailto:)[^\s<>"']+$/i.test(link)) return undefined;
  return URL.canParse(link) ? link : undefined;
}
