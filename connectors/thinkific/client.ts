import { type HttpClient, type HttpResponse, idOf, isRow, type Row } from 'handover/contract';
import { isSafeAddress, settingsOf, type Settings, type ThinkificOptions } from './options.ts';
import { failureInside, noAnswer, problemOfStatus, unreadable, unsafeAddress, type Asked } from './problems.ts';

/** The part of a context that reaching Thinkific takes. */
export interface ThinkificContext {
  readonly options: ThinkificOptions;
  readonly http: HttpClient;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/api/public/v1`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/**
 * Alone speaks to the other side: JSON, by a key and the school's name in headers. Whatever is not the promised answer is thrown
 * as a `StepError`. Source: https://developers.thinkific.com/api/api-documentation/
 */
export interface Client {
  readonly settings: Settings;
  readonly now: () => Date;
  row(call: Call): Promise<Row>;
  /** All pages of a list. */
  rows(call: Call): Promise<readonly Row[]>;
  /** For a call that answers nothing. */
  done(call: Call): Promise<void>;
}

const pageSize = 100;

export function createClient({ options, http, now, signal }: ThinkificContext): Client {
  const settings = settingsOf(options);

  async function ask({ method, path, query, json, ...asked }: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings.baseUrl)) throw unsafeAddress();
    const response = await http
      .send({
        method,
        url: `${settings.baseUrl}/api/public/v1${path}`,
        headers: { Accept: 'application/json', 'X-Auth-API-Key': settings.apiKey, 'X-Auth-Subdomain': settings.subdomain },
        ...(query && { query }),
        ...(json !== undefined && { json }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(signal && { signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
    const problem = problemOfStatus(response, asked, now()) ?? failureInside(response.json(), asked);
    if (problem) throw problem;
    return response;
  }

  async function page(call: Call, number: number): Promise<{ rows: readonly Row[]; next: number }> {
    const response = await ask({ ...call, query: { ...call.query, page: String(number), limit: String(pageSize) } });
    const body = response.json();
    const items = isRow(body) ? body['items'] : undefined;
    if (!isRow(body) || !Array.isArray(items) || !items.every(isRow)) throw unreadable(call, response, 'a list of records');
    const pagination = isRow(body['meta']) ? body['meta']['pagination'] : undefined;
    return { rows: items, next: isRow(pagination) ? idOf(pagination, 'next_page') : NaN };
  }

  return {
    settings,
    now,
    async row(call) {
      const response = await ask(call);
      const body = response.json();
      if (isRow(body)) return body;
      throw unreadable(call, response, 'a record');
    },
    async rows(call) {
      const all: Row[] = [];
      for (let number = 1; ;) {
        const { rows, next } = await page(call, number);
        all.push(...rows);
        if (!(next > number)) return all;
        number = next;
      }
    },
    async done(call) {
      const response = await ask(call);
      if (response.text.trim() !== '' && !isRow(response.json())) throw unreadable(call, response, 'a confirmation');
    },
  };
}
