import { fieldsAt, isTrueAt, textAt, wholeAt, type Fields } from './fields.ts';

/** A genuine callback, whichever family it is of. */
export interface Notice {
  /** `evt_…`, the same on each delivery. */
  readonly id: string;
  /** Without the `v1.` that thin notifications put in front. */
  readonly type: string;
  /** Milliseconds since 1970, whole seconds, so that the two families agree. */
  readonly atMs: number;
  readonly mode: 'live' | 'test';
  /** The connected account it happened on. */
  readonly account: string | undefined;
  /** The object as it was at that moment. Undefined on a thin notification. */
  readonly object: Fields | undefined;
  /** What a thin notification names instead, to be asked for. */
  readonly related: string | undefined;
  /** What changed of the object, as it was before. Undefined on a thin notification. */
  readonly previous: Fields | undefined;
}

/**
 * Reads both families: snapshot events (`object: "event"`) and thin notifications (`object: "v2.core.event"`),
 * see https://docs.stripe.com/event-destinations/overview. Undefined when it is neither.
 */
export function readNotice(body: Uint8Array): Notice | undefined {
  const event = fieldsAt(parse(body));
  const id = textAt(event, 'id');
  const type = textAt(event, 'type');
  if (event === undefined || id === undefined || id.length > 255 || type === undefined) return undefined;
  switch (event['object']) {
    case 'event':
      return snapshotNotice(event, id, type);
    case 'v2.core.event':
      return thinNotice(event, id, type);
    default:
      return undefined;
  }
}

function snapshotNotice(event: Fields, id: string, type: string): Notice | undefined {
  const object = fieldsAt(event, 'data', 'object');
  const created = wholeAt(event, 'created');
  if (!object || created === undefined || Math.abs(created) > 8.64e12) return undefined;
  const previous = fieldsAt(event, 'data', 'previous_attributes');
  const account = textAt(event, 'account');
  return { id, type, atMs: created * 1000, mode: modeOf(event), account, object, related: undefined, previous };
}

function thinNotice(event: Fields, id: string, type: string): Notice | undefined {
  const atMs = Math.floor(Date.parse(textAt(event, 'created') ?? '') / 1000) * 1000;
  if (Number.isNaN(atMs)) return undefined;
  const account = accountOf(textAt(event, 'context'));
  const related = textAt(event, 'related_object', 'id');
  return {
    id,
    type: type.replace(/^v1\./, ''),
    atMs,
    mode: modeOf(event),
    account,
    object: undefined,
    related,
    previous: undefined,
  };
}

/** A context may be a path from an organisation down; the account stands last. */
function accountOf(context: string | undefined): string | undefined {
  const last = context?.split('/').at(-1);
  return last?.startsWith('acct_') ? last : undefined;
}

function modeOf(event: Fields): 'live' | 'test' {
  return isTrueAt(event, 'livemode') ? 'live' : 'test';
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
