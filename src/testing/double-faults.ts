import type { DoubleReply } from './double-reply.ts';
import type { DoubleRequest } from './double-request.ts';

/** One way for a request to go wrong. Make them with `fault`. */
export type Fault =
  | {
      readonly kind:
        'drop' | 'commitThenDrop' | 'commitThen500' | 'commitThenHang' | 'html' | 'garbage' | 'huge' | 'truncatedJson';
    }
  | { readonly kind: 'reply'; readonly reply: DoubleReply }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'drip'; readonly byteEveryMs: number; readonly endless: boolean }
  | { readonly kind: 'redirect'; readonly to: string; readonly status: number }
  | { readonly kind: 'refuse'; readonly ms: number }
  | { readonly kind: 'first'; readonly run: (request: DoubleRequest) => void };

/** Which requests a fault is for. Everything named has to hold; nothing named means the very next request. */
export interface FaultMatch {
  readonly method?: string;
  /** Tested against the path as sent, without the query. */
  readonly path?: RegExp;
  readonly when?: (request: DoubleRequest) => boolean;
}

/** Faults waiting for their request. A request uses up one: the first in the queue that matches it. */
export interface FaultQueue {
  next(fault: Fault, match?: FaultMatch): void;
  /** Meets every matching request that no queued fault took, until the returned function is called. */
  always(fault: Fault, match?: FaultMatch): () => void;
  /** How many queued faults no request has met yet. A test that ends with some left did not test what it says. */
  readonly waiting: number;
  clear(): void;
}

/** The faults every double knows. "Commit" means that the double did what was asked before things went wrong. */
export const fault = {
  /** Closes the connection before anything is done. */
  drop: (): Fault => ({ kind: 'drop' }),
  /** Does what was asked, then closes the connection without an answer. */
  commitThenDrop: (): Fault => ({ kind: 'commitThenDrop' }),
  /** Does what was asked, then answers 500 with a page. */
  commitThen500: (): Fault => ({ kind: 'commitThen500' }),
  /** Does what was asked, then keeps the connection open and never answers. */
  commitThenHang: (): Fault => ({ kind: 'commitThenHang' }),
  /** Waits, then works as usual, even when the caller has given up meanwhile. */
  delay: (ms: number): Fault => ({ kind: 'delay', ms }),
  /** Answers this status and does nothing. `retryAfter` is a number of seconds, or a moment sent as an HTTP date. */
  status: (status: number, { retryAfter }: { retryAfter?: number | Date } = {}): Fault => ({
    kind: 'status',
    status,
    retryAfter: retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString(),
  }),
  /** Answers 200 with a maintenance page and does nothing. */
  html: (): Fault => ({ kind: 'html' }),
  /** Answers 200 with bytes that mean nothing and does nothing. */
  garbage: (): Fault => ({ kind: 'garbage' }),
  /** Answers 200 with six megabytes and does nothing. */
  huge: (): Fault => ({ kind: 'huge' }),
  /** Answers this and does nothing: for a failure in the system's own words. */
  reply: (reply: DoubleReply): Fault => ({ kind: 'reply', reply }),
  /** Does what was asked and answers the first half of the body, as if that were all. */
  truncatedJson: (): Fault => ({ kind: 'truncatedJson' }),
  /** Does what was asked and answers byte by byte. `endless` sends spaces and never comes to the body. */
  drip: ({ byteEveryMs = 20, endless = false }: { byteEveryMs?: number; endless?: boolean } = {}): Fault => ({
    kind: 'drip',
    byteEveryMs,
    endless,
  }),
  /** Sends the caller elsewhere and does nothing. */
  redirect: (to: string, status: 301 | 302 | 303 | 307 | 308 = 302): Fault => ({ kind: 'redirect', to, status }),
  /** Cuts this connection and all others, and refuses new ones at the same port for `ms`. */
  refuse: (ms: number): Fault => ({ kind: 'refuse', ms }),
  /** Runs a function, then works as usual: for what has to happen at exactly this moment. */
  first: (run: (request: DoubleRequest) => void): Fault => ({ kind: 'first', run }),
};

/** A queue, and the way for its server to take from it. */
export function createFaultQueue(): { queue: FaultQueue; take: (request: DoubleRequest) => Fault | undefined } {
  interface Entry {
    readonly fault: Fault;
    readonly match: FaultMatch;
  }
  let queued: Entry[] = [];
  let standing: Entry[] = [];
  return {
    queue: {
      next: (fault, match = {}) => void queued.push({ fault, match }),
      always(fault, match = {}) {
        const entry = { fault, match };
        standing.push(entry);
        return () => void (standing = standing.filter((other) => other !== entry));
      },
      get waiting() {
        return queued.length;
      },
      clear() {
        queued = [];
        standing = [];
      },
    },
    take(request) {
      const found = queued.find(({ match }) => matches(match, request));
      if (found) queued = queued.filter((entry) => entry !== found);
      return (found ?? standing.find(({ match }) => matches(match, request)))?.fault;
    },
  };
}

function matches({ method, path, when }: FaultMatch, request: DoubleRequest): boolean {
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path !== undefined && request.path.search(path) === -1) return false;
  return when === undefined || when(request);
}
