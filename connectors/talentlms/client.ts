import { type HttpClient, type HttpResponse, isRow, type Row } from 'handover/contract';
import { isSafeAddress, settingsOf, type Settings, type TalentLmsOptions } from './options.ts';
import { failureInside, noAnswer, problemOfStatus, unreadable, unsafeAddress, type Asked } from './problems.ts';

/** The part of a context that reaching TalentLMS takes. */
export interface TalentLmsContext {
  readonly options: TalentLmsOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
}

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v2`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/**
 * Alone speaks to the other side: JSON under `/api/v2`, by a key in a header. Whatever is not the promised answer is thrown as
 * a `StepError`. Source: https://documenter.getpostman.com/view/31867199/2sAY548Kou
 */
export interface Client {
  readonly settings: Settings;
  row(call: Call): Promise<Row>;
  /** One page of a list, at most 100 long. */
  rows(call: Call): Promise<readonly Row[]>;
  /** For calls whose answer is not described: any success that is not a failure in other clothes. */
  done(call: Call): Promise<void>;
}

export function createClient({ options, http, signal }: TalentLmsContext): Client {
  const settings = settingsOf(options);

  async function ask({ method, path, query, json, ...asked }: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings.baseUrl)) throw unsafeAddress();
    const response = await http
      .send({
        method,
        url: `${settings.baseUrl}/api/v2${path}`,
        headers: { Accept: 'application/json', 'X-API-Key': settings.apiKey, 'X-API-Version': settings.apiVersion },
        ...(query && { query }),
        ...(json !== undefined && { json }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(signal && { signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
    const problem = problemOfStatus(response, asked) ?? failureInside(response.json(), asked);
    if (problem) throw problem;
    return response;
  }

  return {
    settings,
    async row(call) {
      const response = await ask(call);
      const content = contentOf(response.json());
      if (isRow(content)) return content;
      throw unreadable(call, response, 'a record');
    },
    async rows(call) {
      const response = await ask(call);
      const content = contentOf(response.json());
      if (Array.isArray(content) && content.every(isRow)) return content;
      throw unreadable(call, response, 'a list of records');
    },
    async done(call) {
      const response = await ask(call);
      if (response.text.trim() !== '' && !isRow(response.json())) throw unreadable(call, response, 'a confirmation');
    },
  };
}

/** What an answer is about stands under `_data`; `data`, and a bare answer, are taken too. */
function contentOf(body: unknown): unknown {
  return isRow(body) ? (body['_data'] ?? body['data'] ?? body) : body;
}
