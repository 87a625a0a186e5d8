import { StepError, giveUp, tryLater, type HttpClient, type HttpRequest, type HttpResponse } from 'handover/contract';
import { isSafeAddress, settingsOf, type LearnDashOptions, type Settings } from './options.ts';
import { problemOfCode, problemOfStatus, unreadable, type Asked } from './problems.ts';

/** The part of a context that reaching the site takes. */
export interface LearnDashContext {
  readonly options: LearnDashOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
}

/** A record of the other side, as read: nothing in it is certain. */
export type Row = Readonly<Record<string, unknown>>;

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the REST root, for example `/wp/v2/users`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/**
 * Alone speaks to the other side: WordPress with an application password, LearnDash below it. A refusal is a status with a
 * `code` in the body; some of LearnDash's stand in a list with status 200, one per id, and are for the caller to read.
 * Sources: https://developer.wordpress.org/rest-api/ and https://developers.learndash.com/rest-api/v2/
 */
export interface Client {
  readonly settings: Settings;
  row(call: Call): Promise<Row>;
  rows(call: Call): Promise<readonly Row[]>;
  /** Page after page until `isEnough` says so or there are no more. */
  search(call: Call, isEnough: (rows: readonly Row[]) => boolean): Promise<readonly Row[]>;
}

const rowsPerPage = 100;
const mostPages = 200;

export function createClient({ options, http, signal }: LearnDashContext): Client {
  const settings = settingsOf(options);
  const { username, applicationPassword } = settings;
  const authorization = `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`;

  async function ask({ method, path, query, json, ...asked }: Call): Promise<{ body: unknown; response: HttpResponse }> {
    if (!isSafeAddress(settings)) throw unsafeAddress();
    const request: HttpRequest = {
      method,
      url: `${settings.baseUrl}${settings.apiPath}${path}`,
      headers: { Authorization: authorization, Accept: 'application/json' },
      ...(query && { query }),
      ...(json !== undefined && { json }),
      timeoutMs: settings.requestTimeoutSeconds * 1000,
      ...(signal && { signal }),
    };
    const response = await http.send(request).catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
    const body = response.json();
    const isSuccess = response.status >= 200 && response.status < 300;
    if (!isSuccess) {
      const code = isRow(body) ? textOf(body['code']) : '';
      throw problemOfCode(code, response, asked) ?? problemOfStatus(response, asked);
    }
    if (body === undefined) throw unreadable(asked, response, 'JSON');
    return { body, response };
  }

  async function askRows(call: Call): Promise<{ rows: readonly Row[]; response: HttpResponse }> {
    const { body, response } = await ask(call);
    if (Array.isArray(body) && body.every(isRow)) return { rows: body, response };
    throw unreadable(call, response, 'a list of records');
  }

  return {
    settings,
    async row(call) {
      const { body, response } = await ask(call);
      if (isRow(body) && idOf(body) > 0) return body;
      const refusal = isRow(body) ? problemOfCode(textOf(body['code']), response, call) : undefined;
      throw refusal ?? unreadable(call, response, 'a record');
    },
    rows: async (call) => (await askRows(call)).rows,
    async search(call, isEnough) {
      const found: Row[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const query = { ...call.query, per_page: String(rowsPerPage), page: String(page) };
        const { rows, response } = await askRows({ ...call, query });
        found.push(...rows);
        const pages = Number(response.headers['x-wp-totalpages'] ?? NaN);
        const isLast = Number.isFinite(pages) ? page >= pages : rows.length < rowsPerPage;
        if (isLast || isEnough(rows)) return found;
      }
      throw giveUp(
        'LEARNDASH_TOO_MANY',
        `WordPress has more than ${rowsPerPage * mostPages} records when asked to ${call.what}.`,
        {
          hint: 'Do the step by hand, then mark it done.',
        },
      );
    },
  };
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** NaN for anything but a number. */
export function idOf(row: Row | undefined, name = 'id'): number {
  const value = row?.[name];
  return typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The first error is not kept as cause: it may hold the request, and the request holds the password. */
function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('LEARNDASH_NOT_REACHED', `WordPress at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('LEARNDASH_NO_ANSWER', `WordPress at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

function unsafeAddress(): StepError {
  return giveUp('LEARNDASH_BASE_URL', 'The base URL of the WordPress site is not an https address.', {
    hint: 'Correct "baseUrl": the password must not travel in the open. "allowHttp": true is for a server in your own network.',
  });
}
