import type { Json } from '../wire.ts';
import { invalid, missing } from './errors.ts';
import { integerIn, textIn } from './params.ts';

export const pageParams = ['limit', 'starting_after', 'ending_before', 'expand'];

/**
 * One page of a list, by cursor (https://docs.stripe.com/api/pagination). With `ending_before` it is the page right before
 * the cursor, in the same order. `cap` makes pages smaller than was asked for, which forces a reader to page.
 */
export function pageOf<T extends { id: string }>(
  all: readonly T[],
  params: Json,
  list: { url: string; kind: string; keep?: (entry: T) => boolean; cap: number },
): { object: 'list'; data: T[]; has_more: boolean; url: string } {
  const limit = Math.min(limitIn(params), list.cap);
  const after = cursor(all, params, 'starting_after', list.kind);
  const before = cursor(all, params, 'ending_before', list.kind);
  if (after !== undefined && before !== undefined) {
    throw invalid('ending_before', 'You may only specify one of these parameters: starting_after, ending_before.');
  }
  const found = all.slice(after === undefined ? 0 : after + 1, before).filter(list.keep ?? (() => true));
  const data = before === undefined ? found.slice(0, limit) : found.slice(-limit);
  return { object: 'list', data, has_more: found.length > data.length, url: list.url };
}

export function limitIn(params: Json): number {
  const limit = integerIn(params, 'limit') ?? 10;
  if (limit < 1) throw invalid('limit', 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
  if (limit > 100) throw invalid('limit', 'This value must be less than or equal to 100.', 'parameter_invalid_integer');
  return limit;
}

function cursor(all: readonly { id: string }[], params: Json, name: string, kind: string): number | undefined {
  const id = textIn(params, name);
  if (id === undefined) return undefined;
  const at = all.findIndex((entry) => entry.id === id);
  if (at === -1) throw missing(kind, id, name, 400);
  return at;
}
