import assert from 'node:assert/strict';
import { ada } from '../../action-context.ts';

/** Nothing an action throws or logs may tell a secret, or who the learner is. */
export function assertSilent(uttered: readonly unknown[], secrets: readonly string[]): void {
  const text = uttered.map((value) => textOf(value)).join('\n');
  const told = secrets.filter((secret) => secret !== '' && text.includes(secret));
  assert.deepEqual(told.length, 0, `A secret stands in a log or an error: ${cut(text, told[0] ?? '')}`);
  const personal = [ada.email, ada.lastName].filter((part): part is string => part !== undefined);
  const named = personal.filter((part) => text.includes(part));
  assert.deepEqual(named, [], `Personal data stands in a log or an error: ${cut(text, named[0] ?? '')}`);
}

/** Everything a value says, its causes and hidden fields included. */
function textOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  const names = Object.getOwnPropertyNames(value).filter((name) => name !== 'stack');
  return names.map((name) => `${name} ${textOf((value as Record<string, unknown>)[name], seen)}`).join('\n');
}

/** The surroundings, with what must not be told left out. */
function cut(text: string, part: string): string {
  const at = text.indexOf(part);
  return text
    .slice(Math.max(at - 80, 0), at + part.length + 80)
    .replaceAll(part, '[…]')
    .replace(/\s+/g, ' ');
}
