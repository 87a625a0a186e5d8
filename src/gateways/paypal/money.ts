import { giveUp } from '../../contract/errors.ts';
import { decimalsOf, formatMoney, type Money } from '../../contract/money.ts';
import { readDecimal } from '../decimal-amount.ts';
import { textAt } from '../json-fields.ts';

/** PayPal takes and gives these without decimals, ISO 4217 or not (https://developer.paypal.com/reference/currency-codes/). */
const withoutDecimals = new Set(['HUF', 'JPY', 'TWD']);

function paypalDecimalsOf(currency: string): number {
  return withoutDecimals.has(currency) ? 0 : 2;
}

/** PayPal's decimal text as our minor units, which follow ISO 4217. Undefined when it is no sum. The sign is kept. */
export function moneyOf(value: string | undefined, currency: string | undefined): Money | undefined {
  if (value === undefined || currency === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const decimals = Math.min(paypalDecimalsOf(currency), decimalsOf(currency));
  const amount = readDecimal(value, decimals);
  return amount === undefined ? undefined : { amount: amount * 10 ** (decimalsOf(currency) - decimals), currency };
}

/** `{ value, currency_code }` of version 2, or `{ total, currency }` of version 1. */
export function moneyAt(resource: unknown, ...path: string[]): Money | undefined {
  const value = textAt(resource, ...path, 'value') ?? textAt(resource, ...path, 'total');
  return moneyOf(value, textAt(resource, ...path, 'currency_code') ?? textAt(resource, ...path, 'currency'));
}

/** Money that went back: PayPal writes it with a minus in some places and without in others. */
export function sizeOf(money: Money | undefined): Money | undefined {
  return money && { ...money, amount: Math.abs(money.amount) };
}

/** For a request. Throws `giveUp` when PayPal cannot express the sum: 10.50 HUF, or a currency with three decimals. */
export function writeMoney(money: Money): { readonly currency_code: string; readonly value: string } {
  const { currency } = money;
  const surplus = decimalsOf(currency) - paypalDecimalsOf(currency);
  const text = formatMoney(money).split(' ')[0] ?? '';
  if (surplus <= 0) return { currency_code: currency, value: text + padding(text, -surplus) };
  if (money.amount % 10 ** surplus !== 0) {
    throw giveUp('PAYPAL_AMOUNT_UNSUPPORTED', `PayPal cannot charge ${formatMoney(money)}: it has too many decimals for it.`, {
      hint: 'PayPal takes HUF, JPY and TWD in whole units and nothing with three decimals. Round the price in the product file.',
    });
  }
  return { currency_code: currency, value: text.slice(0, -surplus).replace(/\.$/, '') };
}

function padding(text: string, zeros: number): string {
  return zeros === 0 ? '' : `${text.includes('.') ? '' : '.'}${'0'.repeat(zeros)}`;
}
