import { decimalsOf, formatMoney, type Money } from '../contract/money.ts';

/** How a site writes numbers and dates. */
export interface Locale {
  /** BCP 47. @default 'en' */
  readonly language?: string;
  /** IANA name. @default 'UTC' */
  readonly timeZone?: string;
}

/** `{ amount: 4900, currency: 'EUR' }` as the language writes it, e.g. `€49.00`. Unknown currencies as `49.00 XYZ`. */
export function showMoney(money: Money, { language }: Locale): string {
  const plain = formatMoney(money);
  try {
    const digits = decimalsOf(money.currency);
    const style = { style: 'currency', currency: money.currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
    const format = made(
      'number',
      language,
      style,
      (languages) => new Intl.NumberFormat(languages, style as Intl.NumberFormatOptions),
    );
    return format.format(plain.slice(0, plain.lastIndexOf(' ')) as Intl.StringNumericLiteral);
  } catch {
    return plain;
  }
}

/** An ISO 8601 instant as a day in the site's language and zone, e.g. `3 May 2026`; empty when it is none. */
export function showDate(at: string, locale: Locale): string {
  return showInstant(at, locale, { dateStyle: 'long' });
}

/** Day, hour and zone, for notices to staff. */
export function showTime(at: string, locale: Locale): string {
  return showInstant(at, locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

function showInstant(at: string, { language, timeZone }: Locale, style: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  try {
    const whole = { ...style, timeZone: timeZone ?? 'UTC' };
    return made('date', language, whole, (languages) => new Intl.DateTimeFormat(languages, whole)).format(date);
  } catch {
    return date.toISOString().slice(0, 10);
  }
}

/** Making a format takes a hundred times as long as using it, and a site has few. */
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
const mostFormats = 200;

function made<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(
  kind: 'number' | 'date',
  language: string | undefined,
  style: object,
  make: (languages: string[]) => Format,
): Format {
  const name = JSON.stringify([kind, language, style]);
  const known = formats.get(name);
  if (known) return known as Format;
  if (formats.size >= mostFormats) formats.clear();
  const format = make([language ?? 'en', 'en']);
  formats.set(name, format);
  return format;
}

/** "A", "A and B", "A, B and C". */
export function listInWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
