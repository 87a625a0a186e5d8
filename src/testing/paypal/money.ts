import { issue, type Issue } from './api/errors.ts';

/** Version 2's money. */
export interface Money {
  currency_code: string;
  value: string;
}

/** https://developer.paypal.com/reference/currency-codes/ */
const currencies = 'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(' ');
const whole = ['HUF', 'JPY', 'TWD'];

/** In the smallest unit PayPal knows of the currency: forints, not fillers. */
export function unitsOf({ currency_code, value }: Money): number {
  const [digits = '0', fraction = ''] = value.split('.');
  return Number(digits + (whole.includes(currency_code) ? '' : fraction.padEnd(2, '0')));
}

export function moneyOf(units: number, currency: string): Money {
  if (whole.includes(currency)) return { currency_code: currency, value: String(units) };
  const digits = String(Math.abs(units)).padStart(3, '0');
  return { currency_code: currency, value: `${units < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

/** What PayPal has against a sum. */
export function faultOf(money: unknown, field: string): Issue | undefined {
  const { currency_code, value } = (money ?? {}) as Partial<Money>;
  if (typeof currency_code !== 'string' || typeof value !== 'string') return issue('MISSING_REQUIRED_PARAMETER', field);
  if (!currencies.includes(currency_code)) return issue('CURRENCY_NOT_SUPPORTED', `${field}/currency_code`);
  if (!/^\d{1,10}(\.\d{1,3})?$/.test(value)) return issue('CANNOT_BE_ZERO_OR_NEGATIVE', `${field}/value`);
  const decimals = value.split('.')[1]?.length ?? 0;
  if (whole.includes(currency_code) && decimals > 0) return issue('DECIMALS_NOT_SUPPORTED', `${field}/value`);
  return decimals > 2 ? issue('DECIMAL_PRECISION', `${field}/value`) : undefined;
}
