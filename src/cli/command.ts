import type { Terminal } from './terminal.ts';

/** One command: what it is called, what it takes, what it does. */
export interface Command {
  /** One word, or two as in `keys import`: what is typed after `handover`. */
  readonly name: string;
  /** One line for the list of all commands. */
  readonly summary: string;
  /** What its own help says beside that, a paragraph each. */
  readonly details: readonly string[];
  readonly operands: readonly Operand[];
  readonly options: Options;
  /** Whole lines as somebody would type them. */
  readonly examples: readonly string[];
  /** Gives the exit code; nothing means 0. */
  run(input: Input, terminal: Terminal): Promise<number | undefined>;
}

/** A word that is no option, by its place. */
export interface Operand {
  readonly name: string;
  readonly optional?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

/** With `value` it takes one, which its help calls by that name; without, it is a switch. */
export interface Option {
  readonly summary: string;
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeatable?: boolean;
}

/** What was typed after the command. */
export interface Input {
  readonly operands: readonly string[];
  /** Whether a switch is on. */
  has(option: string): boolean;
  /** The value of an option; undefined when it was not given. Of several the last. */
  value(option: string): string | undefined;
  values(option: string): readonly string[];
}

/** Every command takes these. */
export const commonOptions: Options = {
  config: { value: 'FOLDER', summary: "The shop's folder. Default: HANDOVER_SHOP, else ./shop" },
  store: { value: 'PATH', summary: 'The store. Default: HANDOVER_STORE, else handover.db in the folder' },
  with: {
    value: 'FILE',
    repeatable: true,
    summary: 'A module that exports "gateways" or "connectors" of your own. Default: HANDOVER_WITH',
  },
  help: { summary: 'Says what the command does and takes' },
};

export const jsonOption: Option = { summary: 'Prints JSON for machines instead of text for people' };
export const byOption: Option = { value: 'NAME', summary: 'Who does it, for the history. Default: your name on this machine' };
export const becauseOption: Option = { value: 'TEXT', summary: 'Why, for the history. Required' };
