import type { DoubleReply, DoubleRequest } from '../../double-server.ts';
import { jsonReply } from '../../double-server.ts';
import type { Books, Json } from '../books.ts';
import type { Teller } from '../events.ts';
import { invalid } from './errors.ts';

/** What an API handler works with. */
export interface Desk {
  readonly books: Books;
  readonly teller: Teller;
  readonly webhookId: string;
  readonly webhookUrl: () => string;
  readonly merchantId: string;
  readonly pageSize: number;
  /** What the next captures of an order come to. */
  readonly plans: Map<string, CapturePlan[]>;
  /** The app may see disputes. */
  readonly switches: { disputes: boolean; webhookEvents: readonly string[] };
}

/** What PayPal does when an order is captured: makes a capture of some state, or refuses. */
export type CapturePlan =
  { readonly status: 'COMPLETED' | 'PENDING' | 'DECLINED' | 'FAILED'; readonly reason?: string } | { readonly issue: string };

export type Handler = (request: DoubleRequest, parts: readonly string[], desk: Desk) => DoubleReply;

/** The request's body as an object. */
export function bodyOf(request: DoubleRequest): Json {
  if (request.json === undefined || request.json === null || typeof request.json !== 'object' || Array.isArray(request.json)) {
    throw invalid('MALFORMED_REQUEST_JSON');
  }
  return request.json as Json;
}

/** The object, or what is left of it when the caller did not ask for all of it. */
export function representation(request: DoubleRequest, object: Json, status: number, minimal: readonly string[]): DoubleReply {
  if (request.headers['prefer'] === 'return=representation') return jsonReply(object, status);
  return jsonReply(Object.fromEntries(minimal.map((name) => [name, object[name]])), status);
}
