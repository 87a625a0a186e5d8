import { giveUp } from 'handover/contract';
import type { Values } from './names.ts';
import type { Plain } from './options.ts';

const placeholder = /\{\{ ?([\w.-]+) ?\}\}/g;
const alone = /^\{\{ ?([\w.-]+) ?\}\}$/;

/** The names a text uses. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** Braces that are no placeholder; undefined when there are none. */
export function strayBraces(text: string): string | undefined {
  return /\{\{[^{}]*\}?\}?|\}\}/.exec(text.replace(placeholder, ''))?.[0];
}

/** A text with its placeholders filled in, each value put through `encode`. A name without a value gives nothing. */
export function fillText(text: string, values: Values, encode: (value: string) => string = String): string {
  return text.replace(placeholder, (_, name: string) => encode(String(values(name) ?? '')));
}

/** A lone placeholder keeps the type of its value, and is undefined where it has none. */
export function fillValue(text: Plain, values: Values): Plain | undefined {
  if (typeof text !== 'string') return text;
  const name = alone.exec(text)?.[1];
  return name === undefined ? fillText(text, values) : values(name);
}

/** The fields that have a value, as texts. */
export function fillFields(fields: Readonly<Record<string, Plain>>, values: Values): [string, string][] {
  return Object.entries(fields).flatMap(([name, text]): [string, string][] => {
    const value = fillValue(text, values);
    return value === undefined ? [] : [[name, String(value)]];
  });
}

/** JSON with every text filled in. What has no value is left out. */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return fillValue(template, values);
  if (Array.isArray(template)) return template.map((each) => fillJson(each, values)).filter((each) => each !== undefined);
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([name, each]) => [name, fillJson(each, values)]));
}

/** Every text in a JSON value, with where it stands. */
export function textsIn(
  value: unknown,
  keys: readonly (string | number)[] = [],
): { keys: readonly (string | number)[]; text: string }[] {
  if (typeof value === 'string') return [{ keys, text: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...keys, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, [...keys, name]));
}

/** The value of a header: one line of visible ASCII, whatever a buyer wrote. */
export function fillHeader(name: string, text: string, values: Values): string {
  const value = fillText(text, values);
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  throw giveUp('HTTP_HEADER_VALUE', `The header "${name}" would hold more than plain ASCII on one line.`, {
    hint: 'Send this value in the body instead, or leave it out of the header; then retry the step.',
  });
}

/**
 * Joins a path to the base address. Values are percent-encoded, none may be empty, and none may climb: the result always stays
 * below the base address, on its host.
 */
export function fillAddress(baseUrl: string, path: string, values: Values): URL {
  const filled = path.replace(placeholder, (_, name: string) => {
    const value = values(name);
    if (value !== undefined) return encodeURIComponent(String(value).toWellFormed());
    throw giveUp('HTTP_VALUE_MISSING', `{{${name}}} has no value for this order, and an address is made of it.`, {
      where: path,
      hint: 'Look whether the buyer, the product file or an earlier answer should have given it; then retry the step.',
    });
  });
  const base = new URL(baseUrl.replace(/\/+$/, '') + '/');
  const isClimbing = filled.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part));
  const url = new URL(base.href + filled.replace(/^\/+/, ''));
  if (!isClimbing && url.origin === base.origin && url.pathname.startsWith(base.pathname)) return url;
  throw giveUp('HTTP_PATH_REFUSED', 'The values of this order would make an address outside of "baseUrl".', {
    where: path,
    hint: 'Look at the order for a value such as "..", and carry the step out by hand.',
  });
}
