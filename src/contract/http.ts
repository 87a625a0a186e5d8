/** One outgoing request. Give at most one of `form`, `json`, `text`, `bytes`. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** A body in another encoding; `headers` should name its content type. */
  readonly bytes?: Uint8Array;
  /** How the answer's text is encoded where its content type does not say. @default 'utf-8' */
  readonly charset?: string;
  /** @default 10000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** For addresses that stand in a configuration: refuses those inside this machine's network. Left out: anywhere. */
  readonly guard?: AddressGuard;
}

/**
 * Keeps a request out of the network this process stands in: loopback, private, link-local and metadata addresses are refused
 * with `ADDRESS_REFUSED`. What counts is the address the socket connects to, not what the name resolved to before.
 */
export interface AddressGuard {
  /** Host names and addresses that may be inside all the same. */
  readonly allowPrivate: readonly string[];
}

/** Any answer, whatever its status; redirects are answers too and never followed. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, undefined when it is none. */
  json(): unknown;
  /** `Retry-After` in milliseconds from now, from seconds or a date. */
  readonly retryAfterMs?: number;
}

/**
 * The one way out. It resolves with every HTTP answer and throws only when there was none: `NOT_SENT` (refused, no such
 * host: surely not done), `ADDRESS_REFUSED` (by `guard`) or `NO_ANSWER` with `unknown: true` (timed out or cut: perhaps done).
 * Bodies over 5 MB are refused.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
}
