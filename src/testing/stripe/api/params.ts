import type { Json } from '../wire.ts';
import { isJson } from '../versions.ts';
import { invalid } from './errors.ts';

/** `{ 'created[gte]': '1', 'expand[0]': 'data.price' }` becomes `{ created: { gte: '1' }, expand: ['data.price'] }`. */
export function nest(flat: Readonly<Record<string, string>>): Json {
  const tree: Json = Object.create(null) as Json;
  for (const [name, value] of Object.entries(flat)) {
    const [first = '', ...rest] = name.replaceAll(']', '').split('[');
    let at = tree;
    let key = first;
    for (const next of rest) {
      const below = at[key];
      at = isJson(below) ? below : ((at[key] = Object.create(null)) as Json);
      key = next === '' ? String(Object.keys(at).length) : next;
    }
    at[key] = value;
  }
  return listsIn(tree) as Json;
}

function listsIn(value: unknown): unknown {
  if (!isJson(value)) return value;
  const entries = Object.entries(value).map(([key, below]) => [key, listsIn(below)] as const);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  return isList ? entries.map(([, below]) => below) : Object.fromEntries(entries);
}

/** Stripe refuses parameters it does not know, so a misspelt one is noticed. */
export function allowOnly(params: Json, names: readonly string[], under = ''): void {
  for (const name of Object.keys(params)) {
    if (names.includes(name)) continue;
    const full = under ? `${under}[${name}]` : name;
    throw invalid(full, `Received unknown parameter: ${full}`, 'parameter_unknown');
  }
}

export function without(params: Json, name: string): Json {
  return Object.fromEntries(Object.entries(params).filter(([key]) => key !== name));
}

export function textIn(params: Json, name: string): string | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(name, `Invalid string: ${JSON.stringify(value)}`);
  if (value === '') throw invalid(name, `You passed an empty string for '${name}'.`, 'parameter_invalid_empty');
  return value;
}

export function integerIn(params: Json, name: string, under = ''): number | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
    throw invalid(under ? `${under}[${name}]` : name, `Invalid integer: ${JSON.stringify(value)}`, 'parameter_invalid_integer');
  }
  return Number(value);
}

export function booleanIn(params: Json, name: string): boolean | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw invalid(name, `Invalid boolean: ${JSON.stringify(value)}`);
  return value === 'true';
}

export function textsIn(params: Json, name: string): string[] {
  const value = params[name];
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) throw invalid(name, `Invalid array`);
  return value as string[];
}

export function tableIn(params: Json, name: string): Json | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (!isJson(value)) throw invalid(name, `Invalid object`);
  return value;
}

/** `created=1` or `created[gte]=1&created[lt]=9`: a test for Unix seconds. */
export function rangeIn(params: Json, name: string): (seconds: number) => boolean {
  const value = params[name];
  if (!isJson(value)) {
    const exact = integerIn(params, name);
    return exact === undefined ? () => true : (seconds) => seconds === exact;
  }
  allowOnly(value, ['gt', 'gte', 'lt', 'lte'], name);
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map((bound) => integerIn(value, bound, name));
  return (seconds) =>
    (gt === undefined || seconds > gt) &&
    (gte === undefined || seconds >= gte) &&
    (lt === undefined || seconds < lt) &&
    (lte === undefined || seconds <= lte);
}
