import { createTokens, type HttpClient, isRow, textOf, type Token, tokenLife, tryLater } from 'handover/contract';
import { settingsOf, type DoceboOptions } from './options.ts';
import { problemOfStatus, tokenRefused } from './problems.ts';

export interface TokenContext {
  readonly options: DoceboOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
}

const life = { marginMs: 60_000, usualMs: 3_600_000 };
const tokens = createTokens(() => tryLater('DOCEBO_NO_ANSWER', 'The time was over before an access token came.'));

export function accessToken(ctx: TokenContext): Promise<string> {
  return tokens.take(ctx.options, { ask: () => askForToken(ctx), now: () => nowOf(ctx), signal: ctx.signal });
}

export function dropToken({ options }: TokenContext, text: string): Promise<void> {
  return tokens.drop(options, text);
}

function nowOf({ now = () => new Date() }: TokenContext): Date {
  return now();
}

/** Not bound to one step's signal, since others wait for it too. Source: RFC 6749, and https://help.docebo.com on API credentials. */
async function askForToken(ctx: TokenContext): Promise<Token> {
  const { baseUrl, clientId, clientSecret, grantType, username, password, requestTimeoutSeconds } = settingsOf(ctx.options);
  const asked = { what: 'give an access token', writes: false };
  const response = await ctx.http
    .send({
      method: 'POST',
      url: `${baseUrl}/oauth2/token`,
      headers: { Accept: 'application/json' },
      form: {
        ...{ client_id: clientId, client_secret: clientSecret, grant_type: grantType, scope: 'api' },
        ...(grantType === 'password' && { username, password }),
      },
      timeoutMs: requestTimeoutSeconds * 1000,
    })
    .catch(() => Promise.reject(tryLater('DOCEBO_NO_ANSWER', 'Docebo gave no access token.', { down: true })));
  const { status } = response;
  const told = `Docebo answered ${status} when asked to ${asked.what}.`;
  const body = response.json();
  if (status === 400 || status === 401 || status === 403) throw tokenRefused(told);
  if (status < 200 || status >= 300) throw problemOfStatus(response, asked);
  const data = isRow(body) ? body : {};
  const text = textOf(data['access_token']);
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw tryLater('DOCEBO_UNREADABLE', 'Docebo answered with something else than an access token.', {
      hint: 'If this stays, "baseUrl" is not the address of the platform.',
    });
  }
  return { text, until: nowOf(ctx).getTime() + tokenLife(data['expires_in'], life) };
}
