import type { Json, SnapshotEvent, ThinEvent } from '../wire.ts';
import type { Call } from './call.ts';
import { ApiError, invalid } from './errors.ts';
import { limitIn } from './lists.ts';
import { allowOnly, booleanIn, rangeIn, tableIn, textIn, textsIn } from './params.ts';
import { listOf, retrieve } from './resources.ts';

/** Newer than any: events are shown as they were written. */
const asWritten = '9999-12-31';

/** Stripe forgets events after 30 days (https://docs.stripe.com/api/events). */
const keptSeconds = 30 * 24 * 3600;

export function showEvent(call: Call, id: string): Json {
  allowOnly(call.query, []);
  const event = retrieve(call, 'event', id);
  if (isForgotten(call, event)) throw new ApiError(404, `No such event: '${id}'`, { code: 'resource_missing', param: 'id' });
  return event as unknown as Json;
}

/** Events keep the version they were written in, whatever version asks. */
export function listEvents(call: Call): Json {
  allowOnly(call.query, ['limit', 'starting_after', 'ending_before', 'created', 'delivery_success', 'type', 'types']);
  const types = textsIn(call.query, 'types');
  const type = textIn(call.query, 'type');
  if (types.length > 20) throw invalid('types', 'You may only specify up to 20 event types.');
  if (types.length > 0 && type !== undefined) {
    throw invalid('type', 'You may only specify one of these parameters: type, types.');
  }
  const wanted = type === undefined ? types : [type];
  const isWithin = rangeIn(call.query, 'created');
  const delivered = booleanIn(call.query, 'delivery_success');
  const known = call.books.all('event', call.account).filter((event) => call.sees(event) && !isForgotten(call, event));
  return listOf(
    { ...call, version: asWritten },
    'event',
    known,
    (event) =>
      isWithin(event.created) &&
      (wanted.length === 0 || wanted.some((name) => matches(event.type, name))) &&
      (delivered === undefined || delivered === (event.pending_webhooks === 0)),
  );
}

export function showThinEvent(call: Call, id: string): Json {
  allowOnly(call.query, []);
  const event = call.books.find('v2.core.event', id, call.account);
  if (!event || !call.sees(event)) throw new ApiError(404, `Event ${id} not found.`, { code: 'not_found' });
  return { ...event };
}

/** Pages of `/v2` are led by an address, not by ids (https://docs.stripe.com/api-v2-overview#list-pagination). */
export function listThinEvents(call: Call): Json {
  allowOnly(call.query, ['created', 'limit', 'object_id', 'page', 'types']);
  const types = textsIn(call.query, 'types');
  const objectId = textIn(call.query, 'object_id');
  const isWithin = rangeIn(inSeconds(call.query), 'created');
  const all = call.books
    .all('v2.core.event', call.account)
    .filter((event) => call.sees(event) && isWithin(secondsOf(event)) && (types.length === 0 || types.includes(event.type)))
    .filter((event) => objectId === undefined || event.related_object?.id === objectId);
  const limit = Math.min(limitIn(call.query), call.books.options.pageSize);
  const page = textIn(call.query, 'page');
  const start = page === undefined ? 0 : all.findIndex((event) => event.id === page) + 1;
  const data = all.slice(start, start + limit);
  const last = data.at(-1);
  return {
    data: data.map((event) => ({ ...event })),
    next_page_url: last && start + limit < all.length ? nextPage(call, last.id) : null,
    previous_page_url: null,
  };
}

function nextPage(call: Call, last: string): string {
  const parts = new URLSearchParams({ limit: String(limitIn(call.query)), page: last });
  textsIn(call.query, 'types').forEach((type, index) => parts.set(`types[${index}]`, type));
  const objectId = textIn(call.query, 'object_id');
  if (objectId !== undefined) parts.set('object_id', objectId);
  for (const [bound, value] of Object.entries((call.query['created'] ?? {}) as Record<string, string>))
    parts.set(`created[${bound}]`, value);
  return `${call.path}?${parts.toString()}`;
}

/** Bounds may be Unix seconds, as the `stripe` package types them, or the ISO moments that `/v2` writes everywhere else. */
function inSeconds(query: Json): Json {
  const created = tableIn(query, 'created');
  if (!created) return query;
  const bounds = Object.entries(created).map(([bound, value]) => {
    const isMoment = typeof value === 'string' && /^\d{4}-/.test(value);
    return [bound, isMoment ? String(Math.floor(Date.parse(value) / 1000)) : value] as const;
  });
  return { ...query, created: Object.fromEntries(bounds) };
}

function matches(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function isForgotten(call: Call, event: SnapshotEvent): boolean {
  return event.created < call.books.seconds() - keptSeconds;
}

function secondsOf(event: ThinEvent): number {
  return Math.floor(Date.parse(event.created) / 1000);
}
