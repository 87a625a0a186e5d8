import { escapeText, xmlReply, type DoubleReply } from '../double-server.ts';

/** A word or text is one `result`, a list is several, a record has named children. Content type and empty list are invented. */
export type LegacyResult = boolean | string | readonly string[] | Readonly<Record<string, string>>;

/** Source: https://www.atrixware.com/docs/manual.php?id=9&page=80& */
export function legacyReply(result: LegacyResult): DoubleReply {
  return xmlReply(`<api_result>${children(result)}</api_result>`);
}

function children(result: LegacyResult): string {
  if (isList(result)) return result.map((text) => element('result', text)).join('');
  if (typeof result !== 'object') return element('result', String(result));
  return Object.entries(result)
    .map(([name, text]) => element(name, text))
    .join('');
}

function isList(result: LegacyResult): result is readonly string[] {
  return Array.isArray(result);
}

function element(name: string, text: string): string {
  return `<${name}>${escapeText(text)}</${name}>`;
}
