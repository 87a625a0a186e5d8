import { isEmailAddress } from '../contract/email-address.ts';
import type { Person } from '../contract/event.ts';
import type { Input } from './command.ts';
import { oneLine } from './table.ts';
import { UsageError } from './usage-error.ts';

/** A person from an address and `--name`. Throws a `UsageError`. */
export function readPerson(email: string, input: Input): Person {
  if (!isEmailAddress(email)) throw new UsageError('OPTION_VALUE', `"${email}" is no e-mail address.`);
  const name = oneLine(input.value('name') ?? '').slice(0, 200);
  return { email, ...(name !== '' && { name }) };
}
