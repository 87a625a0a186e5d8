import { giveUp, tryLater } from 'handover/contract';
import type { ActionContext, HttpResponse } from 'handover/contract';
import type { OAuthSettings } from './auth-settings.ts';
import type { HttpOptions } from './options.ts';

type Context = Pick<ActionContext<HttpOptions>, 'http' | 'options' | 'signal' | 'now'>;

interface Token {
  readonly text: string;
  readonly until: number;
}

/** A token is let go a little before its end, so that it does not end on the way. */
const marginMs = 30_000;
const usualLifeMs = 5 * 60_000;

/** One token per account and process, however many steps run. */
const tokens = new WeakMap<HttpOptions, Promise<Token>>();

/** The token in hand while it is good, else a fresh one. Steps that ask at the same time wait for one request. */
export async function accessToken(auth: OAuthSettings, ctx: Context): Promise<string> {
  const held = tokens.get(ctx.options);
  const token = held && (await unlessAborted(held, ctx.signal));
  if (token && token.until > ctx.now().getTime()) return token.text;
  if (tokens.get(ctx.options) === held) {
    const fresh = askForToken(auth, ctx);
    tokens.set(ctx.options, fresh);
    fresh.catch(() => tokens.delete(ctx.options));
  }
  return accessToken(auth, ctx);
}

/** The other side no longer takes this token. One that was renewed meanwhile stays. */
export async function dropToken(options: HttpOptions, header: string | undefined): Promise<void> {
  const held = tokens.get(options);
  const token = await held?.catch(() => undefined);
  if (token && header === `Bearer ${token.text}` && tokens.get(options) === held) tokens.delete(options);
}

/** RFC 6749, 4.4 and 2.3.1. Not bound to one step's signal, since others wait for it too. */
async function askForToken(auth: OAuthSettings, { http, options, now }: Context): Promise<Token> {
  const { tokenUrl, clientId, clientSecret, scope, sendClient = 'basic', fields = {} } = auth;
  const id = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const answer = await http.send({
    method: 'POST',
    url: tokenUrl,
    ...(sendClient === 'basic' && { headers: { Authorization: `Basic ${Buffer.from(id).toString('base64')}` } }),
    form: {
      ...fields,
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
      ...(sendClient === 'form' && { client_id: clientId, client_secret: clientSecret }),
    },
    timeoutMs: (options.timeoutSeconds ?? 10) * 1000,
    guard: { allowPrivate: options.allowPrivate ?? [] },
  });
  const token = readToken(answer);
  if (token === undefined) throw noToken(answer, new URL(tokenUrl).host);
  return { text: token.text, until: now().getTime() + token.lifeMs };
}

function readToken(answer: HttpResponse): { text: string; lifeMs: number } | undefined {
  const body = answer.status === 200 || answer.status === 201 ? answer.json() : undefined;
  if (typeof body !== 'object' || body === null) return undefined;
  const { access_token: text, expires_in: seconds } = body as { access_token?: unknown; expires_in?: unknown };
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) return undefined;
  const lifeMs = Number(seconds) > 0 ? Number(seconds) * 1000 : usualLifeMs;
  return { text, lifeMs: Math.max(lifeMs - marginMs, lifeMs / 2) };
}

function noToken({ status, retryAfterMs }: HttpResponse, host: string) {
  if (status === 400 || status === 401 || status === 403) {
    return giveUp('HTTP_TOKEN_REFUSED', `${host} gave no access token (${status}).`, {
      hint: 'Check "clientId", "clientSecret", "scope" and "sendClient" under "auth" in handover.json, then retry the step.',
    });
  }
  return tryLater('HTTP_TOKEN_UNAVAILABLE', `${host} gave no access token (${status}).`, {
    hint: 'If this goes on, check "auth.tokenUrl" in handover.json.',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(tryLater('HTTP_TOKEN_UNAVAILABLE', 'The time was over before an access token came.'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
