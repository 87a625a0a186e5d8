import { type HttpClient, isRow, textOf, tryLater } from 'handover/contract';
import { settingsOf, type LearnWorldsOptions } from './options.ts';
import { problemOfStatus, tokenRefused } from './problems.ts';

export interface TokenContext {
  readonly options: LearnWorldsOptions;
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
const tokens = new WeakMap<LearnWorldsOptions, Promise<Token>>();

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

/** The school no longer takes this token. One that was renewed meanwhile stays. */
export async function dropToken({ options }: TokenContext, text: string): Promise<void> {
  const held = tokens.get(options);
  const token = await held?.catch(() => undefined);
  if (token?.text === text && tokens.get(options) === held) tokens.delete(options);
}

function nowOf({ now = () => new Date() }: TokenContext): number {
  return now().getTime();
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
  const lifeMs = Number(data['expires_in']) > 0 ? Number(data['expires_in']) * 1000 : usualLifeMs;
  return { text, until: nowOf(ctx) + Math.max(lifeMs - marginMs, lifeMs / 2) };
}

async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(tryLater('LEARNWORLDS_NO_ANSWER', 'The time was over before an access token came.'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
