import { parseArgs } from 'node:util';
import { didYouMean } from '../config/problems.ts';
import { commonOptions, type Command, type Input, type Option, type Options } from './command.ts';
import { UsageError } from './usage-error.ts';

/** What was asked for. */
export type Request =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: Command | undefined; readonly wasAsked: boolean }
  | { readonly kind: 'run'; readonly command: Command; readonly input: Input };

interface Given {
  /** As typed, e.g. `--limit`. */
  readonly rawName: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

/** Reads what was typed after `handover`. Throws a `UsageError` that names what was most likely meant. */
export function readArguments(typed: readonly string[], commands: readonly Command[]): Request {
  const { words, given } = split(typed, commands);
  if (given.some(({ name }) => name === 'version')) return { kind: 'version' };
  const wantsHelp = words[0] === 'help' || given.some(({ name }) => name === 'help');
  const named = words[0] === 'help' ? words.slice(1) : words;
  const command = findCommand(named, commands);
  const options = command ? { ...commonOptions, ...command.options } : allOptions(commands);
  for (const option of given) requireKnown(option, options, command);
  if (!command && named.length > 0) throw unknownCommand(named, commands);
  if (wantsHelp || !command) return { kind: 'help', command, wasAsked: wantsHelp };
  const operands = named.slice(command.name.split(' ').length);
  for (const option of given) requireValue(option, options[option.name], command);
  requireOperands(operands, command);
  return { kind: 'run', command, input: inputOf(operands, given) };
}

function split(typed: readonly string[], commands: readonly Command[]): { words: string[]; given: Given[] } {
  const options = Object.fromEntries(
    Object.entries(allOptions(commands)).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(name === 'help' && { short: 'h' }) },
    ]),
  );
  const known = { ...options, version: { type: 'boolean' as const, short: 'v' } };
  const { tokens } = parseArgs({ args: [...typed], options: known, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const given: Given[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    else if (token.kind === 'option') {
      given.push({ rawName: token.rawName, name: token.name, value: token.value, isInline: token.inlineValue === true });
    }
  }
  return { words, given };
}

function allOptions(commands: readonly Command[]): Options {
  return Object.assign({}, commonOptions, ...commands.map(({ options }) => options)) as Options;
}

/** Two words first: `keys import` is a command, `keys` is none. */
function findCommand([first = '', second = '']: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
}

function unknownCommand([first = '', second]: readonly string[], commands: readonly Command[]): UsageError {
  const group = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  const [typed, names] =
    group.length > 0 ? [[first, second].filter(Boolean).join(' '), group] : [first, commands.map(({ name }) => name)];
  const known =
    group.length > 0 && second === undefined ? ` It needs one more word: ${group.join(', ')}.` : didYouMean(typed, names);
  return new UsageError('COMMAND_UNKNOWN', `"${typed}" is not a command.${known}`, 'All commands: npx handover --help');
}

function requireKnown({ name, rawName }: Given, options: Options, command: Command | undefined): void {
  if (Object.hasOwn(options, name)) return;
  const asked = rawName.startsWith('--') ? `--${name}` : rawName;
  const whose = command ? `an option of "${command.name}"` : 'an option';
  const near = didYouMean(
    asked,
    Object.keys(options).map((each) => `--${each}`),
  );
  throw new UsageError('OPTION_UNKNOWN', `"${asked}" is not ${whose}.${near}`, seeHelp(command));
}

function requireValue({ name, value, isInline }: Given, option: Option | undefined, command: Command): void {
  const fail = (message: string): UsageError => new UsageError('OPTION_VALUE', message, seeHelp(command));
  if (option?.value === undefined) {
    if (value !== undefined) throw fail(`--${name} takes no value.`);
    return;
  }
  const isForgotten = value === undefined || (!isInline && /^--?[a-z]/i.test(value)) || value.trim() === '';
  if (isForgotten) throw fail(`--${name} needs a value: --${name} ${option.value}`);
  if (option.choices && !option.choices.includes(value)) {
    const near = didYouMean(value, option.choices);
    throw fail(`"${value}" is not a value of --${name}.${near || ` It takes ${option.choices.join(', ')}.`}`);
  }
}

function requireOperands(given: readonly string[], { name, operands, ...command }: Command): void {
  const missing = operands.find(({ optional }, place) => optional !== true && given[place] === undefined);
  const help = seeHelp({ name, operands, ...command });
  if (missing) throw new UsageError('ARGUMENT_MISSING', `"${name}" needs ${missing.name}.`, help);
  const extra = given[operands.length];
  if (extra !== undefined) throw new UsageError('ARGUMENT_UNKNOWN', `"${name}" does not know what to do with "${extra}".`, help);
}

function seeHelp(command: Command | undefined): string {
  return `See: npx handover ${command ? `${command.name} ` : ''}--help`;
}

function inputOf(operands: readonly string[], given: readonly Given[]): Input {
  const values = (option: string): string[] =>
    given.flatMap(({ name, value }) => (name === option && value !== undefined ? [value] : []));
  return {
    operands,
    has: (option) => given.some(({ name }) => name === option),
    value: (option) => values(option).at(-1),
    values,
  };
}
