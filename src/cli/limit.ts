import type { Input } from './command.ts';
import { UsageError } from './usage-error.ts';

const most = 10_000;

/** `--limit`. Throws a `UsageError` for what is no number from 1 to 10 000. */
export function readLimit(input: Input, usual: number): number {
  const text = input.value('limit');
  if (text === undefined) return usual;
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw new UsageError('OPTION_VALUE', `--limit takes a whole number from 1 to ${most}, not "${text}".`);
}
