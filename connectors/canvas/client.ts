import { type HttpClient, type HttpResponse, isRow, type Row } from 'handover/contract';
import { isSafeAddress, settingsOf, type CanvasOptions, type Settings } from './options.ts';
import { failureInside, noAnswer, problemOfStatus, unreadable, unsafeAddress, type Asked } from './problems.ts';

/** The part of a context that reaching Canvas takes. */
export interface CanvasContext {
  readonly options: CanvasOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
}

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  /** Pairs, since Canvas takes lists as repeated names. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly json?: unknown;
}

/**
 * Alone speaks to the other side: JSON under `/api/v1`, by a bearer token. Whatever is not the promised answer is thrown as a
 * `StepError`. Source: https://developerdocs.instructure.com/services/canvas
 */
export interface Client {
  readonly settings: Settings;
  row(call: Call): Promise<Row>;
  /** All pages of a list. */
  rows(call: Call): Promise<readonly Row[]>;
}

/** A list that goes on for so many pages goes round in circles. */
const mostPages = 100;

export function createClient({ options, http, signal }: CanvasContext): Client {
  const settings = settingsOf(options);

  async function ask(url: string, { method, json, ...asked }: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings.baseUrl)) throw unsafeAddress();
    const response = await http
      .send({
        method,
        url,
        headers: { Accept: 'application/json+canvas-string-ids', Authorization: `Bearer ${settings.token}` },
        ...(json !== undefined && { json }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(signal && { signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
    const problem = problemOfStatus(response, asked) ?? failureInside(response.json(), asked);
    if (problem) throw problem;
    return response;
  }

  function addressOf(path: string, query: Call['query'] = []): string {
    const pairs = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
    return `${settings.baseUrl}/api/v1${path}${pairs.size > 0 ? `?${pairs.toString()}` : ''}`;
  }

  return {
    settings,
    async row(call) {
      const response = await ask(addressOf(call.path, call.query), call);
      const body = response.json();
      if (isRow(body)) return body;
      throw unreadable(call, response, 'a record');
    },
    async rows(call) {
      const all: Row[] = [];
      let url: string | undefined = addressOf(call.path, [...(call.query ?? []), ['per_page', '100']]);
      for (let page = 1; url !== undefined; page += 1) {
        const response: HttpResponse = await ask(url, call);
        const body = response.json();
        if (!Array.isArray(body) || !body.every(isRow)) throw unreadable(call, response, 'a list of records');
        all.push(...body);
        url = nextOf(response.headers['link'] ?? '');
        const isElsewhere = url !== undefined && !url.startsWith(`${settings.baseUrl}/api/v1/`);
        if (isElsewhere || page >= mostPages) throw unreadable(call, response, 'a list that goes on at the same address');
      }
      return all;
    },
  };
}

/** The next page, as the `Link` header names it; addresses in it are not to be made up. */
function nextOf(link: string): string | undefined {
  return /<([^<>]+)>;\s*rel="?next"?/.exec(link)?.[1];
}
