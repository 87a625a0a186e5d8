import { giveUp, type HttpResponse, isRow, type Row, StepError, tryLater } from 'handover/contract';
import { isSafeAddress, settingsOf, type Settings } from './options.ts';
import { problemOfStatus, unreadable, type Asked } from './problems.ts';
import { accessToken, dropToken, type TokenContext } from './token.ts';

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/**
 * Alone speaks to the other side, with a bearer token; one that is no longer taken is made anew once. Answers stand under `data`,
 * and a success does not say that all of it was done: `data` is for the caller to read.
 * Source: https://help.docebo.com on the API, and the API browser of each platform.
 */
export interface Client {
  readonly settings: Settings;
  data(call: Call): Promise<Row>;
  /** Undefined: there is no such thing (404). */
  dataIfThere(call: Call): Promise<Row | undefined>;
  /** Page after page until `isEnough` says so or there are no more. */
  search(call: Call, isEnough: (rows: readonly Row[]) => boolean): Promise<readonly Row[]>;
}

const rowsPerPage = 200;
const mostPages = 50;

export function createClient(ctx: TokenContext): Client {
  const settings = settingsOf(ctx.options);

  async function send(call: Call, token: string): Promise<HttpResponse> {
    const { method, path, query, json } = call;
    return ctx.http
      .send({
        method,
        url: settings.baseUrl + path,
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
        ...(query && { query }),
        ...(json !== undefined && { json }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(ctx.signal && { signal: ctx.signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, call, settings)));
  }

  async function ask(call: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings)) throw unsafeAddress();
    const token = await accessToken(ctx);
    const response = await send(call, token);
    if (response.status !== 401) return response;
    await dropToken(ctx, token);
    return send(call, await accessToken(ctx));
  }

  function read(call: Call, response: HttpResponse): Row {
    if (response.status < 200 || response.status >= 300) throw problemOfStatus(response, call);
    const body = response.json();
    if (isRow(body) && isRow(body['data'])) return body['data'];
    throw unreadable(call, response, 'data');
  }

  return {
    settings,
    data: async (call) => read(call, await ask(call)),
    async dataIfThere(call) {
      const response = await ask(call);
      return response.status === 404 && isRow(response.json()) ? undefined : read(call, response);
    },
    async search(call, isEnough) {
      const found: Row[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const query = { ...call.query, page: String(page), page_size: String(rowsPerPage) };
        const response = await ask({ ...call, query });
        const data = read(call, response);
        const rows = data['items'];
        if (!Array.isArray(rows) || !rows.every(isRow)) throw unreadable(call, response, 'a list');
        found.push(...rows);
        const hasMore = data['has_more_data'] ?? rows.length === rowsPerPage;
        if (hasMore !== true || rows.length === 0 || isEnough(rows)) return found;
      }
      throw giveUp('DOCEBO_TOO_MANY', `Docebo has more than ${rowsPerPage * mostPages} records when asked to ${call.what}.`, {
        hint: 'Do the step by hand, then mark it done.',
      });
    },
  };
}

/** NaN for anything but a number. */
export function idOf(row: Row | undefined, name = 'id'): number {
  const value = row?.[name];
  return typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
}

/** The first error is not kept as cause: it may hold the request, and the request holds the token. */
function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('DOCEBO_NOT_REACHED', `Docebo at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('DOCEBO_NO_ANSWER', `Docebo at ${host} gave no answer when asked to ${what}.`, { unknown: writes, down: true });
}

function unsafeAddress(): StepError {
  return giveUp('DOCEBO_BASE_URL', "The platform's address is not an https address.", {
    hint: 'Correct "baseUrl": secrets must not travel in the open.',
  });
}
