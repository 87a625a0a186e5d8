import { giveUp, tryLater } from '../../contract/errors.ts';
import type { GatewayContext } from '../../contract/gateway.ts';
import type { HttpRequest } from '../../contract/http.ts';
import { readExactJson, textIn } from '../exact-json.ts';
import { defaultApiBase, type MollieOptions } from './options.ts';

/** What calls need of a gateway's context. */
export type Line = Pick<GatewayContext<MollieOptions>, 'options' | 'http' | 'signal'>;

type Call = Pick<HttpRequest, 'json' | 'query'> & { readonly idempotencyKey?: string };

/**
 * One call of Mollie's API, version 2 (https://docs.mollie.com/reference/overview). Undefined: it knows no such thing. Throws
 * `tryLater` and `giveUp` only.
 */
export async function callMollie(
  { options, http, signal }: Line,
  method: 'GET' | 'POST',
  path: string,
  what: string,
  { idempotencyKey, ...call }: Call = {},
): Promise<object | undefined> {
  const { status, text, retryAfterMs } = await http.send({
    method,
    url: `${(options.apiBase ?? defaultApiBase).replace(/\/+$/, '')}/v2/${path}`,
    headers: {
      Authorization: `Bearer ${options.apiKey.trim()}`,
      Accept: 'application/hal+json',
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    },
    ...call,
    timeoutMs: 20_000,
    signal,
  });
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) throw tryLater('MOLLIE_BUSY', 'Mollie says we ask too often (429).', wait);
  if (status >= 500 || status === 408 || status === 409)
    throw tryLater('MOLLIE_DOWN', `Mollie's API could not give ${what} just now (${status}).`, wait);
  if (status === 404 || status === 410) return undefined;
  const answer = readExactJson(text);
  if (!answer) {
    throw tryLater('MOLLIE_ANSWER_UNREADABLE', `Mollie's API answered ${status} with something that is not JSON.`, {
      hint: 'A proxy or a maintenance page may stand between this server and Mollie; check "apiBase".',
    });
  }
  if (status < 300) return answer;
  const said = textIn(answer, '/detail') ?? textIn(answer, '/title') ?? 'no reason';
  if (status === 401 || status === 403) {
    throw giveUp('MOLLIE_KEY_REFUSED', `Mollie refuses the API key for ${what}: ${said}`, {
      hint: 'Put a valid key of the profile into "apiKey", then retry.',
    });
  }
  throw giveUp('MOLLIE_REQUEST_REFUSED', `Mollie refuses ${what} (${status}): ${said}`);
}
