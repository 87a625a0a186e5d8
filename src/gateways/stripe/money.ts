import { decimalsOf, type Money } from '../../contract/money.ts';

/** Currencies without decimals at Stripe. UGX and ISK have none either, but Stripe counts them in hundredths (https://docs.stripe.com/currencies). */
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));

function stripeDecimalsOf(currency: string): number {
  if (withoutDecimals.has(currency)) return 0;
  return withThreeDecimals.has(currency) ? 3 : 2;
}

/** Stripe's integer as ours, which follows ISO 4217. */
export function moneyOf(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const shift = decimalsOf(code) - stripeDecimalsOf(code);
  return { amount: shift < 0 ? Math.round(amount / 10 ** -shift) : amount * 10 ** shift, currency: code };
}

export function moneyAt(amount: number | undefined, currency: string | undefined): Money | undefined {
  return amount === undefined || currency === undefined ? undefined : moneyOf(amount, currency);
}

/** Ours as Stripe's integer: the inverse of `moneyOf`. */
export function unitsOf({ amount, currency }: Money): number {
  const shift = stripeDecimalsOf(currency) - decimalsOf(currency);
  return shift < 0 ? Math.round(amount / 10 ** -shift) : amount * 10 ** shift;
}
