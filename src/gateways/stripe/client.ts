import Stripe from 'stripe';
import { giveUp, tryLater } from '../../contract/errors.ts';
import type { GatewayContext } from '../../contract/gateway.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../contract/http.ts';
import { defaultApiBase, type StripeOptions } from './options.ts';

/** One answer of the API may take so long; the callback is read again later anyway. */
const timeoutMs = 20_000;

/** What the client needs of a gateway's context. */
export type Line = Pick<GatewayContext<StripeOptions>, 'options' | 'http' | 'signal'>;

/**
 * The official client. It words requests and reads answers; they travel through our own HTTP client, with its limits on time
 * and size and without redirects. It repeats nothing: repeating is the runner's business. Making one costs microseconds.
 */
export function createStripeClient({ options, http, signal }: Line): Stripe {
  const key = options.apiKey.trim();
  if (key === '') {
    throw giveUp(
      'STRIPE_KEY_MISSING',
      'The configuration names no key for the Stripe API, so the bought items cannot be asked for.',
      {
        hint: 'Put a secret or restricted key into "apiKey" of the gateway.',
      },
    );
  }
  const base = (options.apiBase ?? defaultApiBase).replace(/\/+$/, '');
  return new Stripe(key, {
    httpClient: through(http, base, signal),
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
  });
}

type SdkHttpClient = NonNullable<NonNullable<ConstructorParameters<typeof Stripe>[1]>['httpClient']>;

function through(http: HttpClient, base: string, signal: AbortSignal): SdkHttpClient {
  return {
    getClientName: () => 'handover',
    async makeRequest(_host, _port, path, method, headers, body) {
      const answer = await http.send({
        method: method as HttpRequest['method'],
        url: base + path,
        headers: textHeaders(headers),
        ...(body !== '' && { text: body }),
        timeoutMs,
        signal,
      });
      const json = readJson(answer);
      return {
        getStatusCode: () => answer.status,
        getHeaders: () => ({ ...answer.headers }),
        getRawResponse: () => ({ headers: answer.headers }),
        toStream: () => undefined,
        toJSON: () => Promise.resolve(json),
      };
    },
  };
}

function textHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Busy and broken are told apart here, where `Retry-After` is at hand. What is left for the client is sound JSON. */
function readJson(answer: HttpResponse): object {
  const { status, retryAfterMs } = answer;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) throw tryLater('STRIPE_BUSY', 'Stripe says we ask too often (429).', wait);
  if (status >= 500) throw tryLater('STRIPE_DOWN', `Stripe's API failed (${status}).`, wait);
  const json = answer.json();
  if (typeof json === 'object' && json !== null) return json;
  throw tryLater('STRIPE_ANSWER_UNREADABLE', `Stripe's API answered ${status} with something that is not JSON.`, {
    ...wait,
    hint: 'A proxy or a maintenance page may stand between this server and Stripe; check "apiBase".',
  });
}
