/** A JSON object whose fields are not known beforehand. */
export type Json = Record<string, unknown>;

export type Shelf =
  | 'orders'
  | 'captures'
  | 'authorizations'
  | 'refunds'
  | 'sales'
  | 'saleRefunds'
  | 'subscriptions'
  | 'plans'
  | 'disputes'
  | 'events';

/** Everything the double knows, by PayPal's ids. What is changed on an object is changed in the books. */
export class Books {
  readonly now: () => Date;
  /** Where the double says that its API is. */
  url = '';
  readonly #shelves = new Map<Shelf, Map<string, Json>>();
  readonly #tag = Math.random().toString(36).slice(2, 8).toUpperCase().padEnd(6, '0');
  #count = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  /** Seventeen capital letters and digits, as most of PayPal's ids are. */
  newId(prefix = ''): string {
    this.#count += 1;
    return `${prefix}${this.#tag}${this.#count.toString(36).toUpperCase().padStart(11, '0')}`.slice(0, prefix.length + 17);
  }

  /** RFC 3339 without fractions. */
  time(at: Date = this.now()): string {
    return at.toISOString().replace(/\.\d+Z$/, 'Z');
  }

  put(shelf: Shelf, object: Json, id = object['id'] as string): Json {
    this.#shelf(shelf).set(id, object);
    return object;
  }

  find(shelf: Shelf, id: string): Json | undefined {
    return this.#shelf(shelf).get(id);
  }

  all(shelf: Shelf): Json[] {
    return [...this.#shelf(shelf).values()];
  }

  #shelf(shelf: Shelf): Map<string, Json> {
    const found = this.#shelves.get(shelf) ?? new Map<string, Json>();
    this.#shelves.set(shelf, found);
    return found;
  }
}

/** The objects of a field. */
export function listOf(object: Json | undefined, field: string): Json[] {
  return (object?.[field] ?? []) as Json[];
}

export function objectOf(object: Json | undefined, field: string): Json {
  return (object?.[field] ?? {}) as Json;
}

/** An object as it was at this moment. */
export function copyOf<T>(value: T): T {
  return structuredClone(value);
}
