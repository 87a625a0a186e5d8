import { parseMoney, type Money } from '../contract/money.ts';
import type { Input } from './command.ts';
import { UsageError } from './usage-error.ts';

/** `--amount "49.00 EUR"`. Throws a `UsageError` for what is no sum. */
export function readMoney(input: Input, option: string): Money | undefined {
  const text = input.value(option);
  if (text === undefined) return undefined;
  const money = parseMoney(text.replace(/^([\d.]+)([A-Z]{3})$/, '$1 $2'));
  if (money) return money;
  throw new UsageError('OPTION_VALUE', `--${option} takes a sum with its currency, not "${text}": --${option} "49.00 EUR"`);
}
