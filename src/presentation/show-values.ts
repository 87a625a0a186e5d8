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
    const format = new Intl.NumberFormat([language ?? 'en', 'en'], {
      style: 'currency',
      currency: money.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
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
    return new Intl.DateTimeFormat([language ?? 'en', 'en'], { ...style, timeZone: timeZone ?? 'UTC' }).format(date);
  } catch {
    return date.toISOString().slice(0, 10);
  }
}

/** "A", "A and B", "A, B and C". */
export function listInWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
