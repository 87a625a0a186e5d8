import type { AmountItem, Item, InvoiceLine, Json, Kind, Kinds } from './wire.ts';

/** One request the double received, with what it answered. The key itself is not kept. */
export interface RecordedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** Nested as Stripe reads it: `created[gte]=1` is `{ created: { gte: '1' } }`. */
  query: Json;
  body: Json;
  /** Lower-case names; without `authorization`. */
  headers: Record<string, string>;
  /** From `Stripe-Account`, or from the end of `Stripe-Context`. */
  account: string | null;
  apiVersion: string | null;
  idempotencyKey: string | null;
  /** What was answered; 0 when the connection was cut. */
  status: number;
}

interface Entry {
  kind: Kind;
  object: Kinds[Kind];
  account: string | null;
  /** Objects of one second are still in an order. */
  place: number;
}

export interface BooksOptions {
  now: () => Date;
  /** Where the double listens; known once it does. */
  url: string;
  apiVersion: string;
  livemode: boolean;
  /** The most that a page of any list holds. */
  pageSize: number;
}

/** Everything the double knows: Stripe's objects of all accounts, and who asked for what. */
export class Books {
  readonly requests: RecordedRequest[] = [];
  readonly sessionItems: Map<string, Item[]> = new Map();
  readonly intentItems: Map<string, AmountItem[]> = new Map();
  readonly invoiceLines: Map<string, InvoiceLine[]> = new Map();
  readonly options: BooksOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #tag = Math.random().toString(36).slice(2, 8).padEnd(6, '0');
  #count = 0;

  constructor(options: BooksOptions) {
    this.options = options;
  }

  /** An id that no other object has, in this double or another. */
  newId(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#tag}${this.#count.toString(36).padStart(6, '0')}`;
  }

  /** Unix seconds, as Stripe counts. */
  seconds(at?: Date): number {
    return Math.floor((at ?? this.options.now()).getTime() / 1000);
  }

  put<K extends Kind>(kind: K, object: Kinds[K], account: string | null): Kinds[K] {
    this.#count += 1;
    this.#entries.set(object.id, { kind, object, account, place: this.#count });
    return object;
  }

  /** The object itself, not a copy: what is changed on it is changed in the books. */
  find<K extends Kind>(kind: K, id: string, account: string | null): Kinds[K] | undefined {
    const entry = this.#entries.get(id);
    return entry?.kind === kind && entry.account === account ? (entry.object as Kinds[K]) : undefined;
  }

  /** An object of whatever kind: what `expand` needs, which only has an id. */
  findAny(id: string, account: string | null): Kinds[Kind] | undefined {
    const entry = this.#entries.get(id);
    return entry?.account === account ? entry.object : undefined;
  }

  /** An endpoint has taken this event. */
  markDelivered(eventId: string): void {
    const entry = this.#entries.get(eventId);
    if (entry?.object.object === 'event') entry.object.pending_webhooks = 0;
  }

  /** All of one kind and account, newest first, as Stripe lists them. */
  all<K extends Kind>(kind: K, account: string | null): Kinds[K][] {
    return [...this.#entries.values()]
      .filter((entry) => entry.kind === kind && entry.account === account)
      .sort((a, b) => createdMs(b.object) - createdMs(a.object) || b.place - a.place)
      .map((entry) => entry.object as Kinds[K]);
  }
}

function createdMs(object: Kinds[Kind]): number {
  if (!('created' in object)) return 0;
  return typeof object.created === 'string' ? Date.parse(object.created) : object.created * 1000;
}
