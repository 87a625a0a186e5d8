import { type HttpClient, type HttpResponse, isRow, type Row } from 'handover/contract';
import { isSafeAddress, settingsOf, type OpenEdxOptions, type Settings } from './options.ts';
import { failureInside, noAnswer, problemOfStatus, unreadable, unsafeAddress, type Asked } from './problems.ts';
import { forgetToken, tokenFor } from './token.ts';

/** The part of a context that reaching Open edX takes. */
export interface OpenEdxContext {
  readonly options: OpenEdxOptions;
  readonly http: HttpClient;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

export interface Call extends Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Alone speaks to the other side, by a token of the client-credentials kind; only the registration form goes without one.
 * Whatever is not the promised answer is thrown as a `StepError`.
 * Source: https://github.com/openedx/edx-platform/blob/master/openedx/core/djangoapps/enrollments/views.py
 */
export interface Client {
  readonly settings: Settings;
  row(call: Call): Promise<Row>;
  rows(call: Call): Promise<readonly Row[]>;
  /** Undefined for an empty answer, by which Open edX says that there is none. */
  rowIfAny(call: Call): Promise<Row | undefined>;
}

export function createClient({ options, http, now, signal }: OpenEdxContext): Client {
  const settings = settingsOf(options);

  async function sendOnce({ method, path, query, json, form, ...asked }: Call, token: string | undefined): Promise<HttpResponse> {
    return http
      .send({
        method,
        url: `${settings.baseUrl}${path}`,
        headers: { Accept: 'application/json', ...(token !== undefined && { Authorization: `JWT ${token}` }) },
        ...(query && { query }),
        ...(json !== undefined && { json }),
        ...(form && { form }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(signal && { signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
  }

  /** A token that was taken back before its time is asked for once more. */
  async function ask(call: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings.baseUrl)) throw unsafeAddress();
    const context = { settings, http, now, ...(signal && { signal }) };
    const token = call.form ? undefined : await tokenFor(context);
    let response = await sendOnce(call, token);
    if (response.status === 401 && token !== undefined) {
      forgetToken(settings, token);
      response = await sendOnce(call, await tokenFor(context));
    }
    const problem = problemOfStatus(response, call) ?? failureInside(response.json(), call);
    if (problem) throw problem;
    return response;
  }

  return {
    settings,
    async row(call) {
      const response = await ask(call);
      const body = response.json();
      if (isRow(body)) return body;
      throw unreadable(call, response, 'a record');
    },
    async rows(call) {
      const response = await ask(call);
      const body = response.json();
      if (Array.isArray(body) && body.every(isRow)) return body;
      throw unreadable(call, response, 'a list of records');
    },
    async rowIfAny(call) {
      const response = await ask(call);
      if (['', 'null'].includes(response.text.trim())) return undefined;
      const body = response.json();
      if (isRow(body)) return body;
      throw unreadable(call, response, 'a record or nothing');
    },
  };
}
