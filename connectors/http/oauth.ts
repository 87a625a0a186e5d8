import { createTokens, giveUp, tokenLife, tryLater } from 'handover/contract';
import type { ActionContext, HttpResponse, Token } from 'handover/contract';
import type { OAuthSettings } from './auth-settings.ts';
import type { HttpOptions } from './options.ts';

type Context = Pick<ActionContext<HttpOptions>, 'http' | 'options' | 'signal' | 'now'>;

const life = { marginMs: 30_000, usualMs: 5 * 60_000 };
const tokens = createTokens(() => tryLater('HTTP_TOKEN_UNAVAILABLE', 'The time was over before an access token came.'));

export function accessToken(auth: OAuthSettings, ctx: Context): Promise<string> {
  return tokens.take(ctx.options, { ask: () => askForToken(auth, ctx), now: ctx.now, signal: ctx.signal });
}

/** The other side no longer takes the token of this header. */
export async function dropToken(options: HttpOptions, header: string | undefined): Promise<void> {
  if (header?.startsWith('Bearer ')) await tokens.drop(options, header.slice('Bearer '.length));
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
  return { text, lifeMs: tokenLife(seconds, life) };
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
