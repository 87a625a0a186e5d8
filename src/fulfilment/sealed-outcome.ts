import type { Action } from '../contract/connector.ts';

/** Seals texts for the store and opens them again. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}

/** A value that is kept sealed. */
export interface Sealed {
  readonly sealed: string;
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Sealed>).sealed === 'string';
}

/** An outcome as it is stored: what the action's `output` declares secret is sealed. */
export function sealOutcome(outcome: Readonly<Record<string, unknown>>, output: Action['output'], sealer: Sealer): Record<string, unknown> {
  return mapValues(outcome, (value, name) => {
    const isSecret = Object.hasOwn(output, name) && output[name]?.secret === true;
    return isSecret && value !== undefined ? { sealed: sealer.seal(JSON.stringify(value)) } : value;
  });
}

/** The outcome as the action returned it. */
export function openOutcome(stored: Readonly<Record<string, unknown>>, sealer: Sealer): Record<string, unknown> {
  return mapValues(stored, (value) => (isSealed(value) ? (JSON.parse(sealer.open(value.sealed)) as unknown) : value));
}

/** Memos are sealed whole: an action may remember a key before it is announced. */
export function sealMemo(memo: Readonly<Record<string, unknown>>, sealer: Sealer): Record<string, unknown> {
  return { sealed: sealer.seal(JSON.stringify(memo)) };
}

export function openMemo(stored: Readonly<Record<string, unknown>> | undefined, sealer: Sealer): Record<string, unknown> | undefined {
  return isSealed(stored) ? (JSON.parse(sealer.open(stored.sealed)) as Record<string, unknown>) : undefined;
}

function mapValues(record: Readonly<Record<string, unknown>>, change: (value: unknown, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
