import type { Param } from './parameters.ts';
import { Refusal } from './refusal.ts';

/** Reads one parameter, or refuses with `invalidparameter`. Undefined: it was not sent. */
export type Check<T> = (value: Param | undefined) => T;

export function invalid(debug: string): Refusal {
  return new Refusal('invalidparameter', { debug });
}

export const raw: Check<string> = (value) => {
  if (typeof value !== 'string') throw invalid('Scalar type expected, array or nothing received.');
  return value;
};

export const int: Check<number> = (value) => {
  const text = raw(value);
  if (!/^-?\d+$/.test(text)) throw invalid('Invalid external api parameter: the value is no integer');
  return Number(text);
};

export const bool: Check<boolean> = (value) => {
  const text = raw(value);
  if (text !== '0' && text !== '1') throw invalid('Invalid external api parameter: the value is no boolean');
  return text === '1';
};

/** Lower case, letters, digits and the signs `-_.@`. */
export const username: Check<string> = (value) => {
  const text = raw(value);
  if (!/^[-_.@a-z0-9]*$/.test(text)) throw invalid('Invalid external api parameter: the value is no user name');
  return text;
};

/** Text without HTML tags. A sign that begins none is fine. */
export const noTags: Check<string> = (value) => {
  const text = raw(value);
  if (/<[^\s<]/.test(text)) throw invalid('Invalid external api parameter: the value holds tags');
  return text;
};

export const email: Check<string> = (value) => raw(value).trim();

export const word: Check<string> = (value) => {
  const text = raw(value);
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw invalid('Invalid external api parameter: the value is no name');
  return text;
};

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => (value === undefined ? undefined : check(value));
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value) => {
    if (typeof value !== 'object') throw invalid('Only arrays accepted.');
    return Object.values(value).map(check);
  };
}

/** Every key is known, and what is not optional is there. */
export function record<S extends Readonly<Record<string, Check<unknown>>>>(
  shape: S,
): Check<{ readonly [K in keyof S]: ReturnType<S[K]> }> {
  return (value) => {
    if (typeof value !== 'object') throw invalid('Only arrays accepted.');
    const unexpected = Object.keys(value).filter((name) => !Object.hasOwn(shape, name));
    if (unexpected.length > 0) throw invalid(`Unexpected keys (${unexpected.join(', ')}) detected in parameter array.`);
    const entries = Object.entries(shape).map(([name, check]) => [name, check(value[name])]);
    return Object.fromEntries(entries) as { readonly [K in keyof S]: ReturnType<S[K]> };
  };
}
