import type { Logger } from '../contract/log.ts';

export type Hide = (text: string) => string;

/** Shorter ones would be found inside ordinary words. */
const shortest = 6;

/** Puts `[secret]` in the place of each of these texts, as they are or as they stand in an address. */
export function hideTexts(secrets: readonly string[]): Hide {
  const forms = new Set(secrets.filter(({ length }) => length >= shortest).flatMap((text) => [text, encodeURIComponent(text)]));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
}

/** The same log; what it is told, the words of others included, holds none of the secrets. Looks at texts, not inside lists. */
export function hideInLog(log: Logger, hide: Hide): Logger {
  const hidden = (fields: object): object =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? hide(value) : (value as unknown)]),
    );
  const at = (level: keyof Logger) => (fields: object, message: string) => log[level](hidden(fields), hide(message));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
