import { StepError, giveUp, tryLater, type HttpRequest, type HttpResponse } from 'handover/contract';
import { isSafeAddress, type Settings } from './options.ts';
import type { AxisContext } from './port.ts';
import { statusProblem, type Asked } from './problems.ts';

export interface AxisRequest extends Asked, Pick<HttpRequest, 'method' | 'headers' | 'form' | 'json'> {
  /** Follows the base URL. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Alone speaks to the other side. */
export interface Client {
  /** Resolves with 2xx and 4xx; throws what is worth a later attempt, and redirects. */
  send(request: AxisRequest): Promise<HttpResponse>;
}

export function createClient({ http, signal }: Pick<AxisContext, 'http' | 'signal'>, settings: Settings): Client {
  return {
    async send({ what, writes, path = '', query = {}, ...request }) {
      if (!isSafeAddress(settings.baseUrl)) {
        throw giveUp('AXIS_BASE_URL', 'The base URL of Axis LMS is not an https address.', {
          hint: 'Correct "baseUrl": the API key must not travel in the open.',
        });
      }
      const response = await http
        .send({
          ...request,
          url: settings.baseUrl + path + queryText(query),
          timeoutMs: settings.requestTimeoutSeconds * 1000,
          ...(signal && { signal }),
        })
        .catch((error: unknown) => Promise.reject(noAnswer(error, { what, writes }, settings)));
      const { status, retryAfterMs } = response;
      const isForCaller = status < 300 || (status >= 400 && status < 500 && status !== 408 && status !== 429);
      const problem = isForCaller ? undefined : statusProblem(status, { what, writes }, '', retryAfterMs);
      if (problem) throw problem;
      return response;
    },
  };
}

/** Every sign but the plainest is percent-encoded: a search phrase is one value. */
function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** The first error is not kept as cause: it may hold the request, and the request holds the key. */
function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('AXIS_NOT_REACHED', `Axis LMS at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('AXIS_NO_ANSWER', `Axis LMS at ${host} gave no answer when asked to ${what}.`, { unknown: writes, down: true });
}

/** What the answer says of its own failure, for staff: the first text that is filled, without secrets, links and addresses. */
export function saidBy(body: unknown, response: HttpResponse, secrets: readonly string[]): string {
  const kind = response.headers['content-type'] ?? '';
  const text = firstText(body) ?? (/html|xml/i.test(kind) ? kind : response.text);
  const safe = secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  return safe
    .replace(/https?:\/\/[^\s"'<>]+/gi, '[link]')
    .replace(/[^\s"'<>]+@[^\s"'<>]+/g, '[address]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

function firstText(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(body));
  for (const name of ['message', 'error', 'errors', 'description', 'reason']) {
    const value = fields.get(name);
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return undefined;
}
