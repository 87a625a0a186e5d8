import { giveUp, type StepError } from '../../contract/errors.ts';
import { decimalsOf } from '../../contract/money.ts';
import { readDecimal } from '../decimal-amount.ts';
import { valuesAt, type Scope } from './place.ts';

/** How a sender writes amounts. */
export type Amounts = 'minor' | 'decimal';

/** Adds up what an expression such as `/total + /tax` names, in minor units. Undefined when nothing of it is there. */
export function sumAt(scope: Scope, expression: string | undefined, currency: string, amounts: Amounts): number | undefined {
  if (expression === undefined) return undefined;
  let sum: number | undefined;
  let sign = 1;
  for (const word of expression.split(' ')) {
    if (word === '+' || word === '-') {
      sign = word === '-' ? -1 : 1;
      continue;
    }
    for (const value of valuesAt(scope, word)) sum = (sum ?? 0) + sign * minorOf(value, currency, amounts, word);
    sign = 1;
  }
  return sum;
}

function minorOf(value: unknown, currency: string, amounts: Amounts, pointer: string): number {
  const minor =
    typeof value === 'string' ? (amounts === 'minor' ? readWhole(value) : readDecimal(value, decimalsOf(currency))) : undefined;
  if (minor === undefined)
    throw unreadable(
      `"${pointer}" is no amount in ${currency}, written as ${amounts === 'minor' ? 'a whole number of the smallest unit' : 'a decimal number'}`,
    );
  return minor;
}

function readWhole(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** To throw: the callback is genuine, but lacks something that the profile says is there. */
export function unreadable(what: string): StepError {
  return giveUp('SIGNED_CALLBACK_UNREADABLE', `The callback cannot be read: ${what}.`, {
    hint: 'Compare "fields" of the gateway with a callback in the sender\'s own log; correct them, then retry the callback.',
  });
}
