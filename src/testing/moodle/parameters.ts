import type { DoubleRequest } from '../double-server.ts';

/** A parameter as PHP reads it: a text, or an array whose keys are texts too. */
export type Param = string | Params;
export interface Params {
  [name: string]: Param;
}

/** PHP's `max_input_vars` on a Moodle server: what comes after is cut off. */
const mostVariables = 5000;

/**
 * The parameters of a call: query and form, of which the form wins. A JSON body is not read. `users[0][username]=a` makes
 * arrays in arrays; `values[]=a` takes the next free number.
 */
export function readParameters({ query, text, headers }: DoubleRequest): Params {
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  return { ...read(Object.entries(query)), ...(isForm && read([...new URLSearchParams(text)])) };
}

function read(pairs: readonly (readonly [string, string])[]): Params {
  const all: Params = {};
  for (const [name, value] of pairs.slice(0, mostVariables)) {
    const found = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(name);
    const [, first = name, rest = ''] = found ?? [];
    put(all, [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key)], value);
  }
  return all;
}

function put(into: Params, [name = '', ...rest]: readonly string[], value: string): void {
  const key = name === '' ? String(Object.keys(into).length) : name;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inside = into[key];
  const next: Params = typeof inside === 'object' ? inside : {};
  into[key] = next;
  put(next, rest, value);
}
