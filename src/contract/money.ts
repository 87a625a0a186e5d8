/** A sum in the currency's smallest unit, as integer: 49.00 EUR is `{ amount: 4900, currency: 'EUR' }`, 500 JPY is `{ amount: 500, currency: 'JPY' }`. */
export interface Money {
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF UGX ISK'.split(' '));
const withThreeDecimals = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** How many decimals a currency is written with (ISO 4217). A gateway that counts differently converts in its own file. */
export function decimalsOf(currency: string): number {
  if (withoutDecimals.has(currency)) return 0;
  return withThreeDecimals.has(currency) ? 3 : 2;
}

/** Reads `"49.00 EUR"`, `"49 EUR"` or `"500 JPY"`. Never through floating point. Undefined when it is not such a text. */
export function parseMoney(text: string): Money | undefined {
  const found = /^(\d{1,12})(?:\.(\d{1,3}))? ([A-Z]{3})$/.exec(text.trim());
  if (!found) return undefined;
  const [, whole = '', fraction = '', currency = ''] = found;
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals) return undefined;
  const amount = Number(whole + fraction.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? { amount, currency } : undefined;
}

/** `{ amount: 4900, currency: 'EUR' }` as `"49.00 EUR"`; the inverse of `parseMoney`. */
export function formatMoney({ amount, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const sign = amount < 0 ? '-' : '';
  if (decimals === 0) return `${sign}${digits} ${currency}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}
