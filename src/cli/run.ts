import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArguments, type Request } from './arguments.ts';
import { commandGroups, commands } from './commands.ts';
import { describeAll, describeCommand } from './help.ts';
import { printError } from './print-error.ts';
import { endQuietlyWithoutReader, terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Carries out what was typed after `handover` and gives the exit code: 0 done, 1 failed, 2 not understood. Never throws. */
export async function runCommandLine(typed: readonly string[]): Promise<number> {
  endQuietlyWithoutReader();
  try {
    return await carryOut(readArguments(typed, commands));
  } catch (error) {
    printError(error, terminal);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function carryOut(request: Request): Promise<number> {
  if (request.kind === 'run') return (await request.command.run(request.input, terminal)) ?? 0;
  if (request.kind === 'version') {
    terminal.print(version());
    return 0;
  }
  terminal.print(request.command ? describeCommand(request.command) : describeAll(commandGroups, version()));
  return request.wasAsked ? 0 : 2;
}

function version(): string {
  const path = fileURLToPath(import.meta.resolve('handover/package.json'));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
