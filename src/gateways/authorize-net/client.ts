import { giveUp, tryLater } from '../../contract/errors.ts';
import type { GatewayContext } from '../../contract/gateway.ts';
import type { HttpResponse } from '../../contract/http.ts';
import { listIn, readExactJson, textIn } from '../exact-json.ts';
import type { AuthorizeNetOptions } from './options.ts';

const timeoutMs = 20_000;

/** What the calls need of a gateway's context. */
export type Line = Pick<GatewayContext<AuthorizeNetOptions>, 'options' | 'http' | 'signal' | 'mode'>;

/** Addresses as published (https://developer.authorize.net/api/reference/index.html): each mode is an account of its own. */
export function apiBaseOf({ options, mode }: Pick<Line, 'options' | 'mode'>): string {
  return (options.apiBase ?? (mode === 'live' ? 'https://api.authorize.net' : 'https://apitest.authorize.net')).replace(
    /\/+$/,
    '',
  );
}

/** Which account answers decides whether money is real. */
export function accountMode(line: Pick<Line, 'options' | 'mode'>): 'live' | 'test' {
  const { host } = new URL(apiBaseOf(line));
  if (host === 'api.authorize.net') return 'live';
  return host === 'apitest.authorize.net' ? 'test' : line.mode;
}

/**
 * One call of the JSON API. It has one root, wants its elements in the order of the schema, puts a byte order mark before its
 * answers and tells errors with status 200. Undefined: the record is not known. Throws `tryLater` and `giveUp` only.
 */
export async function callApi(line: Line, name: string, body: object, what: string): Promise<object | undefined> {
  const { options, http, signal } = line;
  const merchantAuthentication = { name: options.login.trim(), transactionKey: options.transactionKey.trim() };
  const answer = await http.send({
    method: 'POST',
    url: `${apiBaseOf(line)}/xml/v1/request.api`,
    headers: { 'Content-Type': 'application/json' },
    text: JSON.stringify({ [name]: { merchantAuthentication, ...body } }),
    timeoutMs,
    signal,
  });
  const json = readAnswer(answer);
  if (textIn(json, '/messages/resultCode')?.toLowerCase() === 'ok') return json;
  throwUnlessUnknown(json, what);
  return undefined;
}

/** The REST side, which knows the webhooks. */
export async function getRest(line: Line, path: string): Promise<HttpResponse> {
  const { login, transactionKey } = line.options;
  const pass = Buffer.from(`${login.trim()}:${transactionKey.trim()}`).toString('base64');
  const headers = { Authorization: `Basic ${pass}`, Accept: 'application/json' };
  return line.http.send({ method: 'GET', url: `${apiBaseOf(line)}/rest/v1/${path}`, headers, timeoutMs, signal: line.signal });
}

function readAnswer({ status, text, retryAfterMs }: HttpResponse): object {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) throw tryLater('AUTHORIZE_NET_BUSY', 'Authorize.net says we ask too often (429).', wait);
  if (status >= 500) throw tryLater('AUTHORIZE_NET_DOWN', `Authorize.net's API failed (${status}).`, wait);
  const json = status === 200 ? readExactJson(text) : undefined;
  if (json) return json;
  throw tryLater(
    'AUTHORIZE_NET_ANSWER_UNREADABLE',
    `Authorize.net's API answered ${status} with something that is not its JSON.`,
    {
      ...wait,
      hint: 'A proxy or a maintenance page may stand between this server and Authorize.net; check "apiBase".',
    },
  );
}

/** The API's own failures, maintenance and crowding (https://developer.authorize.net/api/reference/responseCodes.html). */
const passing = new Set(['E00001', 'E00053', 'E00104']);
const wrongKeys = new Set(['E00005', 'E00006', 'E00007', 'E00008']);

function throwUnlessUnknown(answer: object, what: string): void {
  const [message] = listIn(answer, '/messages/message');
  const code = textIn(message, '/code') ?? 'no code';
  const said = `${code}: ${textIn(message, '/text') ?? 'no text'}`;
  if (code === 'E00040') return;
  if (passing.has(code)) throw tryLater('AUTHORIZE_NET_BUSY', `Authorize.net could not give ${what} just now (${said})`);
  if (wrongKeys.has(code)) {
    throw giveUp('AUTHORIZE_NET_KEY_REFUSED', `Authorize.net refuses the login or the transaction key (${said})`, {
      hint: 'Put valid ones into "login" and "transactionKey"; sandbox and live accounts have their own. Then retry.',
    });
  }
  if (code === 'E00011') {
    throw giveUp('AUTHORIZE_NET_FORBIDDEN', `The account does not let us ask for ${what} (${said})`, {
      hint: 'Enable the Transaction Details API in the Merchant Interface (Account, Settings), then retry.',
    });
  }
  const [first] = listIn(answer, '/transactionResponse/errors');
  const detail = textIn(first, '/errorText');
  throw giveUp('AUTHORIZE_NET_REQUEST_REFUSED', `Authorize.net refuses ${what} (${said}${detail ? ` ${detail}` : ''})`, {
    hint: 'Look the code up at https://developer.authorize.net/api/reference/responseCodes.html.',
  });
}
