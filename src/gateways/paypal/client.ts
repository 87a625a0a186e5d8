import { giveUp, tryLater, type StepError } from '../../contract/errors.ts';
import type { HttpRequest, HttpResponse } from '../../contract/http.ts';
import { fieldsAt, listAt, textAt, type Fields } from '../json-fields.ts';
import { apiBaseOf } from './options.ts';
import { forgetToken, tokenFor, type Line } from './token.ts';

/** Shaped as `@paypal/checkout-server-sdk` words its requests. `text` is JSON that has to arrive byte by byte. */
export interface ApiRequest {
  readonly verb: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

/** An answer of the API that says yes or why not. Everything else was thrown. */
export interface ApiAnswer {
  readonly status: number;
  readonly json: Fields;
  /** `details[].issue` of a refusal, e.g. `INSTRUMENT_DECLINED`, in front the error's own name. */
  readonly issues: readonly string[];
}

const timeoutMs = 20_000;

/**
 * Sends one request through our own HTTP client: the SDK's transport throws where nobody can catch it when a 2xx answer is
 * no JSON. What a repetition may cure (429, 5xx, unreadable) is thrown as `tryLater`; refusals with a body are returned.
 */
export async function call(line: Line, request: ApiRequest, what: string): Promise<ApiAnswer> {
  const first = await send(line, request);
  if (first.status !== 401) return read(first, what);
  forgetToken(line);
  return read(await send(line, request), what);
}

/** The same, where anything but 2xx is a failure. */
export async function fetchObject(line: Line, request: ApiRequest, what: string): Promise<Fields> {
  const answer = await call(line, request, what);
  if (answer.status >= 200 && answer.status < 300) return answer.json;
  throw explainRefusal(answer, what);
}

async function send(line: Line, { verb, path, headers, body, text }: ApiRequest): Promise<HttpResponse> {
  const token = await tokenFor(line);
  const payload = text ?? (body === undefined || body === null ? undefined : JSON.stringify(body));
  return line.http.send({
    method: verb as HttpRequest['method'],
    url: apiBaseOf(line) + path.replace(/\?$/, ''),
    headers: { 'Content-Type': 'application/json', ...headers, Authorization: `Bearer ${token}` },
    ...(payload !== undefined && { text: payload }),
    timeoutMs,
    signal: line.signal,
  });
}

function read(answer: HttpResponse, what: string): ApiAnswer {
  const { status, retryAfterMs } = answer;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) throw tryLater('PAYPAL_BUSY', 'PayPal says we ask too often (429).', wait);
  if (status >= 500) throw tryLater('PAYPAL_DOWN', `PayPal's API failed at ${what} (${status}).`, { ...wait, unknown: true });
  const json = fieldsAt(answer.json());
  if (!json && !(status === 404 && answer.text === '')) {
    throw tryLater('PAYPAL_ANSWER_UNREADABLE', `PayPal's API answered ${status} with something that is not JSON.`, {
      ...wait,
      unknown: true,
      hint: 'A proxy or a maintenance page may stand between this server and PayPal; check "apiBase".',
    });
  }
  const told = json ?? {};
  const issues = [textAt(told, 'name'), ...listAt(told, 'details').map((detail) => textAt(detail, 'issue'))];
  return { status, json: told, issues: issues.filter((issue) => issue !== undefined) };
}

/** Says of a refusal what a person has to put right. */
export function explainRefusal({ status, json, issues }: ApiAnswer, what: string): StepError {
  const told = `${issues.join(', ') || 'no reason given'}${debugId(json)}`;
  switch (status) {
    case 401:
      return giveUp('PAYPAL_CREDENTIALS_REFUSED', `PayPal refuses the access token it gave (${told}).`, {
        hint: 'Compare "clientId", "clientSecret" and "environment" with the app in the developer dashboard.',
      });
    case 403:
      return giveUp('PAYPAL_FORBIDDEN', `The app may not ask for ${what}: ${told}`, {
        hint: 'Switch the feature on for the app in the developer dashboard (Apps and credentials, features), then retry.',
      });
    case 404:
      return giveUp('PAYPAL_OBJECT_UNKNOWN', `PayPal does not know ${what}: ${told}`, {
        hint: 'It may be of the other environment, or of another account. Compare "environment" and the app with the webhook.',
      });
    case 409:
      return tryLater('PAYPAL_BUSY', `PayPal is changing ${what} at this moment (409).`);
    default:
      return giveUp('PAYPAL_REQUEST_REFUSED', `PayPal refuses to give ${what} (${status}): ${told}`);
  }
}

/** PayPal's support asks for it. */
function debugId(json: Fields): string {
  const id = textAt(json, 'debug_id');
  return id === undefined ? '' : ` (debug id ${id})`;
}
