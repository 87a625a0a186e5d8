import { fieldsAt, textAt, type Fields } from '../json-fields.ts';

/**
 * A webhook event, of which only the name of the object is believed: what is signed is a checksum of 32 bits, and another body
 * with the same checksum can be made. So every fact is read from the API, by that name.
 */
export interface Notice {
  /** `WH-…`, the same on each delivery. */
  readonly id: string;
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly resource: Fields;
}

/** Undefined when it is not an event as PayPal sends them. */
export function readNotice(body: Uint8Array): Notice | undefined {
  const event = parseObject(body);
  const id = textAt(event, 'id');
  const type = textAt(event, 'event_type');
  const resource = fieldsAt(event, 'resource');
  const at = new Date(textAt(event, 'create_time') ?? Number.NaN);
  if (id === undefined || id.length > 200 || type === undefined || !resource || Number.isNaN(at.getTime())) return undefined;
  return { id, type, at: at.toISOString(), resource };
}

/** The body as one JSON object. Undefined for anything else, also for bytes that are not UTF-8. */
export function parseObject(body: Uint8Array): Fields | undefined {
  const text = exactText(body);
  if (text === undefined) return undefined;
  try {
    return fieldsAt(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** The text that has exactly these bytes. Undefined when there is none. */
export function exactText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
