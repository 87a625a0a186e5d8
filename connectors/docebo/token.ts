import { type HttpClient, isRow, textOf, tryLater } from 'handover/contract';
import { settingsOf, type DoceboOptions } from './options.ts';
import { problemOfStatus, tokenRefused } from './problems.ts';

export interface TokenContext {
  readonly options: DoceboOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
}

interface Token {
  readonly text: string;
  readonly until: number;
}

/** A token is let go a little before its end, so that it does not end on the way. */
const marginMs = 60_000;
const usualLifeMs = 3_600_000;

/** One token per account and process, however many steps run. */
const tokens = new WeakMap<DoceboOptions, Promise<Token>>();

/** The token in hand while it is good, else a fresh one. Steps that ask at the same time wait for one request. */
export async function accessToken(ctx: TokenContext): Promise<string> {
  const held = tokens.get(ctx.options);
  const token = held && (await unlessAborted(held, ctx.signal));
  if (token && token.until > nowOf(ctx)) return token.text;
  if (tokens.get(ctx.options) === held) {
    const fresh = askForToken(ctx);
    tokens.set(ctx.options, fresh);
    fresh.catch(() => tokens.delete(ctx.options));
  }
  return accessToken(ctx);
}

/** The platform no longer takes this token. One that was renewed meanwhile stays. */
export async function dropToken({ options }: TokenContext, text: string): Promise<void> {
  const held = tokens.get(options);
  const token = await held?.catch(() => undefined);
  if (token?.text === text && tokens.get(options) === held) tokens.delete(options);
}

function nowOf({ now = () => new Date() }: TokenContext): number {
  return now().getTime();
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
  const lifeMs = Number(data['expires_in']) > 0 ? Number(data['expires_in']) * 1000 : usualLifeMs;
  return { text, until: nowOf(ctx) + Math.max(lifeMs - marginMs, lifeMs / 2) };
}

async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(tryLater('DOCEBO_NO_ANSWER', 'The time was over before an access token came.'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
