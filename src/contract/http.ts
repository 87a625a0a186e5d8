/** One outgoing request. Give at most one of `form`, `json`, `text`. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** @default 10000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
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
 * host: surely not done) or `NO_ANSWER` with `unknown: true` (timed out or cut: perhaps done). Bodies over 5 MB are refused.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
}
