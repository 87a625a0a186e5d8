import { readText } from './repository.ts';

export interface Fence {
  readonly file: string;
  /** The word after the backticks: `json`, `sh`. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown file. */
export function fencesOf(file: string): Fence[] {
  return [...readText(file).matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```$/gm)].map(([, , language = '', text = '']) => ({
    file,
    language,
    text,
  }));
}

/** What the links and images of a Markdown file lead to; addresses of the web and of mail are left out. */
export function relativeLinksOf(file: string): string[] {
  const prose = proseOf(file);
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]: +<?([^\s>]+)>?/gm)];
  return [...inline, ...named].map(([, target = '']) => target).filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

/** The anchors its headings have on the web: lower case, spaces as hyphens, other signs dropped. */
export function anchorsOf(file: string): string[] {
  return [...proseOf(file).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** Without code, in which brackets and number signs mean something else. */
function proseOf(file: string): string {
  return readText(file)
    .replace(/^( *)```[\s\S]*?^\1```$/gm, '')
    .replace(/`([^`\n]*)`/g, (_, code: string) => code.replace(/[[\]()]/g, ''));
}
