import { createTokens, type HttpClient, isRow, textOf, type Token, tokenLife, tryLater } from 'handover/contract';
import { settingsOf, type LearnWorldsOptions } from './options.ts';
import { problemOfStatus, tokenRefused } from './problems.ts';

export interface TokenContext {
  readonly options: LearnWorldsOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
}

const life = { marginMs: 60_000, usualMs: 3_600_000 };
const tokens = createTokens(() => tryLater('LEARNWORLDS_NO_ANSWER', 'The time was over before an access token came.'));

export function accessToken(ctx: TokenContext): Promise<string> {
  return tokens.take(ctx.options, { ask: () => askForToken(ctx), now: () => nowOf(ctx), signal: ctx.signal });
}

export function dropToken({ options }: TokenContext, text: string): Promise<void> {
  return tokens.drop(options, text);
}

function nowOf({ now = () => new Date() }: TokenContext): Date {
  return now();
}

/**
 * The client credentials stand as JSON in one form field, and the client id in a header as well; a wrong one is told with
 * `success: false`. Not bound to one step's signal, since others wait for it too. Source: http://docs.learnworlds.com/
 */
async function askForToken(ctx: TokenContext): Promise<Token> {
  const { schoolUrl, clientId, clientSecret, requestTimeoutSeconds } = settingsOf(ctx.options);
  const asked = { what: 'give an access token', writes: false };
  const response = await ctx.http
    .send({
      method: 'POST',
      url: `${schoolUrl}/admin/api/oauth2/access_token`,
      headers: { 'Lw-Client': clientId, Accept: 'application/json' },
      form: { data: JSON.stringify({ client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }) },
      timeoutMs: requestTimeoutSeconds * 1000,
    })
    .catch(() => Promise.reject(tryLater('LEARNWORLDS_NO_ANSWER', 'LearnWorlds gave no access token.', { down: true })));
  const { status } = response;
  const told = `LearnWorlds answered ${status} when asked to ${asked.what}.`;
  const body = response.json();
  if (status === 400 || status === 401 || status === 403 || (isRow(body) && body['success'] === false)) throw tokenRefused(told);
  if (status < 200 || status >= 300) throw problemOfStatus(response, asked);
  const data = isRow(body) && isRow(body['tokenData']) ? body['tokenData'] : {};
  const text = textOf(data['access_token']);
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw tryLater('LEARNWORLDS_UNREADABLE', 'LearnWorlds answered with something else than an access token.', {
      hint: 'If this stays, "schoolUrl" is not the address of the school.',
    });
  }
  return { text, until: nowOf(ctx).getTime() + tokenLife(data['expires_in'], life) };
}
