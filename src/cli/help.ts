import { commonOptions, type Command, type Option, type Options } from './command.ts';
import type { CommandGroup } from './commands.ts';

/** What `npx handover --help` prints. */
export function describeAll(groups: readonly CommandGroup[], version: string): string {
  const width = Math.max(...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)));
  return [
    `handover ${version}: turns a payment callback into what was paid for`,
    '',
    'Usage: npx handover COMMAND [options]',
    '',
    ...groups.flatMap(({ title, commands }) => [
      title,
      ...columns(
        commands.map(({ name, summary }) => [name, summary]),
        width,
      ),
      '',
    ]),
    'Options of every command',
    ...columns(describeOptions(commonOptions)),
    '',
    'What one of them does: npx handover COMMAND --help',
    'Which version this is: npx handover --version',
    'Exit codes: 0 done, 1 something is wrong or failed, 2 the command was not understood',
  ].join('\n');
}

/** What `npx handover COMMAND --help` prints. */
export function describeCommand({ name, summary, details, operands, options, examples }: Command): string {
  const words = operands.map((operand) => (operand.optional ? `[${operand.name}]` : operand.name));
  const own = describeOptions(options);
  return [
    `${summary}.`,
    '',
    `Usage: npx handover ${[name, ...words, '[options]'].join(' ')}`,
    ...details.flatMap((paragraph) => ['', paragraph]),
    ...(own.length > 0 ? ['', 'Options', ...columns(own)] : []),
    '',
    'Options of every command',
    ...columns(describeOptions(commonOptions)),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function describeOptions(options: Options): [string, string][] {
  return Object.entries(options).map(([name, option]) => [spell(name, option), summarize(option)]);
}

function spell(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function summarize({ summary, choices, repeatable }: Option): string {
  return [summary, ...(choices ? [`one of ${choices.join(', ')}`] : []), ...(repeatable ? ['may be repeated'] : [])].join('; ');
}

function columns(rows: readonly (readonly [string, string])[], width = Math.max(...rows.map(([left]) => left.length))): string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
