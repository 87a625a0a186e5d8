import { decimalsOf, formatMoney, type Money } from '../contract/money.ts';

/**
 * A decimal number as minor units, never through floating point: with two decimals `49.9` and `49.9000` are 4990, and
 * `49.999` is nothing that can be paid. Undefined then.
 */
export function readDecimal(text: string, decimals: number): number | undefined {
  const [, minus = '', whole = '', fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || /[1-9]/.test(fraction.slice(decimals))) return undefined;
  return Number(minus + whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

/** The same as money. Undefined when the text or the currency is missing, or it is no sum. */
export function readDecimalMoney(text: string | undefined, currency: string | undefined): Money | undefined {
  if (text === undefined || currency === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const amount = readDecimal(text, decimalsOf(currency));
  return amount === undefined ? undefined : { amount, currency };
}

/** `49.00`, without the currency. */
export function writeDecimal(money: Money): string {
  return formatMoney(money).split(' ')[0] ?? '';
}
