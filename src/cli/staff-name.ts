import { userInfo } from 'node:os';
import type { Input } from './command.ts';
import { oneLine } from './table.ts';
import { UsageError } from './usage-error.ts';

/** Who acts: `--by`, else the name of the user on this machine. */
export function readStaffName(input: Input): string {
  return oneLine(input.value('by') ?? userName()).slice(0, 100);
}

/** `--because`, which must be given. Throws a `UsageError`. */
export function readBecause(input: Input, command: string): string {
  const because = oneLine(input.value('because') ?? '').slice(0, 1000);
  if (because !== '') return because;
  throw new UsageError(
    'ARGUMENT_MISSING',
    `"${command}" needs a reason: --because TEXT`,
    'It is kept in the history of the order.',
  );
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'staff';
  }
}
