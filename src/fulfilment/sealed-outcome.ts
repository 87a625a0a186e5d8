import type { Action } from '../contract/connector.ts';

/** Seals texts for the store and opens them again. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}

type Fields = Readonly<Record<string, unknown>>;

/** An outcome as it is stored: each text that the action's `output` declares secret is sealed. */
export function sealOutcome(outcome: Fields, output: Action['output'], sealer: Sealer): Record<string, unknown> {
  return changeSecrets(outcome, output, (text) => sealer.seal(text));
}

/** The outcome as the action returned it. */
export function openOutcome(stored: Fields, output: Action['output'], sealer: Sealer): Record<string, unknown> {
  return changeSecrets(stored, output, (sealed) => sealer.open(sealed));
}

/** Memos are sealed whole: an action may remember a key before it is announced. */
export function sealMemo(memo: Fields, sealer: Sealer): Record<string, unknown> {
  return { sealed: sealer.seal(JSON.stringify(memo)) };
}

export function openMemo(stored: Fields | undefined, sealer: Sealer): Record<string, unknown> | undefined {
  const sealed = stored?.['sealed'];
  return typeof sealed === 'string' ? (JSON.parse(sealer.open(sealed)) as Record<string, unknown>) : undefined;
}

function changeSecrets(fields: Fields, output: Action['output'], change: (text: string) => string): Record<string, unknown> {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value);
    return Array.isArray(value) ? value.map(changed) : value;
  };
  const isSecret = (name: string): boolean => Object.hasOwn(output, name) && output[name]?.secret === true;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isSecret(name) ? changed(value) : value]));
}
