import type { Input } from './command.ts';
import { UsageError } from './usage-error.ts';

/** `--until 2027-06-30` (the end of that day, UTC) or an ISO 8601 instant, as ISO 8601 in UTC. Throws a `UsageError`. */
export function readUntil(input: Input): string | undefined {
  const text = input.value('until');
  if (text === undefined) return undefined;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = isDay ? Date.parse(`${text}T00:00:00Z`) + 86_400_000 : /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new UsageError('OPTION_VALUE', `--until takes a day as 2027-06-30, not "${text}".`);
}
