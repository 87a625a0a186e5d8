import type { Books } from './books.ts';
import { signedHeaders } from './sign.ts';
import { inVersion } from './versions.ts';
import type { Json, Kind, Kinds, SnapshotEvent, ThinEvent } from './wire.ts';

/** A callback ready to be sent: exact bytes and headers. */
export interface StripeCallback<Event = SnapshotEvent | ThinEvent> {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** Lower-case names. Signed anew each time it is read, as Stripe signs every attempt. */
  readonly headers: Record<string, string>;
  readonly event: Event;
  /** Of a thin event: the snapshot of the same change, for accounts that receive both families. */
  readonly snapshot?: StripeCallback<SnapshotEvent>;
}

/** What every event builder takes. */
export interface EventOptions {
  /** @default the double's */
  family?: 'snapshot' | 'thin' | undefined;
  /** When it happened; the signature is of the moment of sending all the same. @default now */
  at?: Date | undefined;
  /** @default a new one */
  id?: string | undefined;
}

/** How this double signs, and which family it sends unless told. */
export interface Sender {
  readonly secrets: readonly string[];
  readonly family: 'snapshot' | 'thin';
}

export interface Change {
  type: string;
  object: Kinds[Kind] | Json;
  account: string | null;
  livemode: boolean;
  apiVersion: string;
  previous?: Json;
}

/** Writes an event into the books and gives the callback that tells it. */
export function tell(books: Books, sender: Sender, change: Change, options: EventOptions = {}): StripeCallback {
  const family = options.family ?? sender.family;
  if (family === 'snapshot') return callbackFor(books, sender, snapshotEvent(books, change, options));
  const { at } = options;
  const twin = snapshotEvent(books, change, at ? { at } : {});
  return callbackFor(books, sender, thinEvent(books, change, options, twin.id), callbackFor(books, sender, twin));
}

/** The notice Stripe sends to try an endpoint out. It is about no object. */
export function tellPing(books: Books, sender: Sender, options: EventOptions = {}): StripeCallback {
  const ping: ThinEvent = {
    id: options.id ?? books.newId('evt'),
    object: 'v2.core.event',
    context: null,
    created: (options.at ?? books.options.now()).toISOString(),
    livemode: books.options.livemode,
    reason: null,
    related_object: { id: 'ed_double', type: 'v2.core.event_destination', url: '/v2/core/event_destinations/ed_double' },
    type: 'v2.core.event_destination.ping',
  };
  return callbackFor(books, sender, books.put('v2.core.event', ping, null));
}

function snapshotEvent(books: Books, change: Change, { at, id }: EventOptions): SnapshotEvent {
  const { account } = change;
  const event: SnapshotEvent = {
    id: id ?? books.newId('evt'),
    object: 'event',
    ...(account === null ? {} : { account, context: account }),
    api_version: change.apiVersion,
    created: books.seconds(at),
    data: {
      object: inVersion(change.object, change.apiVersion, books, account),
      ...(change.previous ? { previous_attributes: structuredClone(change.previous) } : {}),
    },
    livemode: change.livemode,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: change.type,
  };
  return books.put('event', event, account);
}

function thinEvent(books: Books, change: Change, { at, id }: EventOptions, twin: string): ThinEvent {
  const event: ThinEvent = {
    id: id ?? books.newId('evt'),
    object: 'v2.core.event',
    context: change.account,
    created: (at ?? books.options.now()).toISOString(),
    livemode: change.livemode,
    reason: null,
    related_object: relatedObject(change.object),
    snapshot_event: twin,
    type: `v1.${change.type}`,
  };
  return books.put('v2.core.event', event, change.account);
}

function relatedObject(object: Kinds[Kind] | Json): ThinEvent['related_object'] {
  const id = String((object as Json)['id']);
  const type = String((object as Json)['object']);
  return { id, type, url: `/v1/${type.replace('.', '/')}s/${id}` };
}

function callbackFor<Event extends SnapshotEvent | ThinEvent>(
  books: Books,
  sender: Sender,
  event: Event,
  snapshot?: StripeCallback<SnapshotEvent>,
): StripeCallback<Event> {
  const copy = structuredClone(event);
  const body = JSON.stringify(copy, null, 2);
  return {
    id: event.id,
    type: event.type,
    body,
    get headers() {
      return signedHeaders(body, { secrets: sender.secrets, at: books.options.now(), decoy: !event.livemode });
    },
    event: copy,
    ...(snapshot ? { snapshot } : {}),
  };
}
