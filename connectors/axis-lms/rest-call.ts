import { giveUp, type HttpResponse } from 'handover/contract';
import { createClient, saidBy, type AxisRequest } from './client.ts';
import type { Settings } from './options.ts';
import type { AxisContext } from './port.ts';
import { hasCode, statusProblem, unreadable, type Asked } from './problems.ts';
import { tokensFor } from './token.ts';

/** A record of the other side, as read: nothing in it is certain. */
export type Row = Readonly<Record<string, unknown>>;

export interface RestCall {
  /** The rows of a reading call. A single object counts as one row. */
  read(what: string, path: string, query?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** Resolves only when HTTP status and the body's own status both say success. */
  write(
    method: 'POST' | 'PUT' | 'DELETE',
    what: string,
    path: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<Row>;
  /** Asks for a token, whether or not one is at hand. */
  probe(): Promise<void>;
}

interface Answer {
  readonly response: HttpResponse;
  readonly body: unknown;
  readonly status: number;
}

/** Source of token and answer format: https://www.atrixware.com/docs/manual.php?id=18&page=470& and page=473& */
export function createRestCall(context: AxisContext, settings: Settings): RestCall {
  const tokens = tokensFor(context.options, context.now, () =>
    requestToken(createClient({ http: context.http }, settings), settings),
  );
  const client = createClient(context, settings);

  async function withToken(request: AxisRequest): Promise<Answer> {
    const token = await tokens.current();
    const first = await send(request, token);
    if (!isUnauthorised(first)) return succeed(first, request, token);
    const fresh = await tokens.renewed(token);
    return succeed(await send(request, fresh), request, fresh);
  }

  async function send(request: AxisRequest, token: string): Promise<Answer> {
    return readAnswer(await client.send({ ...request, headers: { Authorization: `Bearer ${token}` } }));
  }

  function succeed(answer: Answer, asked: Asked, token: string): Answer {
    const said = saidBy(answer.body, answer.response, [settings.apiKey, token]);
    const problem = statusProblem(answer.status, asked, said, answer.response.retryAfterMs);
    if (problem) throw problem;
    return answer;
  }

  return {
    async read(what, path, query) {
      const asked = { what, writes: false };
      const { body, response } = await withToken({ ...asked, method: 'GET', path, ...(query && { query }) });
      const rows: unknown[] = Array.isArray(body) ? body : [body];
      if (!rows.every(isRow)) throw unreadable(asked, response, 'JSON records');
      return rows;
    },
    async write(method, what, path, parameters) {
      const asked = { what, writes: true };
      const { body, response } = await withToken({ ...asked, method, path, ...encoded(method, parameters, settings) });
      if (!isRow(body) || String(body['status']) !== '200') throw unreadable(asked, response, 'a confirmation in JSON');
      return body;
    },
    async probe() {
      await requestToken(client, settings);
    },
  };
}

async function requestToken(client: ReturnType<typeof createClient>, settings: Settings): Promise<string> {
  const asked = { what: 'give a token for the API key', writes: false };
  const [place = 'bearer', name = ''] = settings.keyPlacement.split(':');
  const response = await client
    .send({
      ...asked,
      method: 'GET',
      path: '/token/request/',
      ...(place === 'bearer' && { headers: { Authorization: `Bearer ${settings.apiKey}` } }),
      ...(place === 'header' && { headers: { [name]: settings.apiKey } }),
      ...(place === 'query' && { query: { [name]: settings.apiKey } }),
    })
    .catch((error: unknown) => Promise.reject(hasCode(error, 'AXIS_REDIRECTED') ? wrongAddress() : (error as Error)));
  const { body, status } = readAnswer(response);
  if (status === 404 || status === 405) throw wrongAddress();
  const problem = statusProblem(status, asked, '', response.retryAfterMs);
  if (problem?.retry === 'never') {
    throw giveUp('AXIS_KEY_REFUSED', `Axis LMS refused the API key (status ${status}).`, {
      hint: `Check "apiKey", and whether "keyPlacement" (now "${settings.keyPlacement}") is where this system looks for it.`,
    });
  }
  if (problem) throw problem;
  const token = isRow(body) ? body['token'] : undefined;
  if (typeof token !== 'string' || token === '') throw unreadable(asked, response, 'a token in JSON');
  return token;
}

function wrongAddress(): Error {
  return giveUp('AXIS_BASE_URL', 'The REST API of Axis LMS is not at the base URL.', {
    hint: 'Correct "baseUrl": it ends in api.php, with or without a folder /lms before it.',
  });
}

/** Axis may tell a failure by the HTTP status, by the body's `status`, or by both. */
function readAnswer(response: HttpResponse): Answer {
  const body = response.json();
  const told = isRow(body) ? String(body['status']) : '';
  const isFailure = /^[345]\d\d$/.test(told);
  return { response, body, status: response.status < 300 && isFailure ? Number(told) : response.status };
}

function isUnauthorised({ status }: Answer): boolean {
  return status === 401 || status === 403;
}

function encoded(
  method: 'POST' | 'PUT' | 'DELETE',
  parameters: Readonly<Record<string, string>> | undefined,
  { bodyEncoding }: Settings,
): Pick<AxisRequest, 'query' | 'form' | 'json'> {
  if (!parameters || Object.keys(parameters).length === 0) return {};
  const encoding = method === 'PUT' ? bodyEncoding.put : bodyEncoding.post;
  return encoding === 'form' ? { form: parameters } : encoding === 'json' ? { json: parameters } : { query: parameters };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these fields that is filled, as text; ids and numbers come as either. */
export function textOf(row: Row, ...names: readonly string[]): string {
  for (const name of names) {
    const value = row[name];
    if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) return String(value).trim();
  }
  return '';
}
