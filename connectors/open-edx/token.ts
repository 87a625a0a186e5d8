import { type HttpClient, isRow, textOf } from 'handover/contract';
import type { Settings } from './options.ts';
import { noAnswer, problemOfStatus, unreadable } from './problems.ts';

/** Tokens of this process, by address and client: they live for about an hour, and asking costs a call of the limit. */
const tokens = new Map<string, { readonly token: string; readonly until: number }>();

export interface TokenContext {
  readonly settings: Settings;
  readonly http: HttpClient;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/** A token that is good for a minute at least. */
export async function tokenFor(context: TokenContext): Promise<string> {
  const known = tokens.get(nameOf(context.settings));
  if (known && known.until > context.now().getTime() + 60_000) return known.token;
  const { token, seconds } = await askFor(context);
  tokens.set(nameOf(context.settings), { token, until: context.now().getTime() + seconds * 1000 });
  return token;
}

export function forgetToken(settings: Settings, token: string): void {
  if (tokens.get(nameOf(settings))?.token === token) tokens.delete(nameOf(settings));
}

async function askFor({ settings, http, signal }: TokenContext): Promise<{ token: string; seconds: number }> {
  const asked = { what: 'give a token', writes: false };
  const response = await http
    .send({
      method: 'POST',
      url: `${settings.baseUrl}/oauth2/access_token`,
      form: {
        grant_type: 'client_credentials',
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        token_type: 'jwt',
      },
      timeoutMs: settings.requestTimeoutSeconds * 1000,
      ...(signal && { signal }),
    })
    .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
  const problem = problemOfStatus(response, { ...asked, isToken: true });
  if (problem) throw problem;
  const body = response.json();
  const token = isRow(body) ? textOf(body['access_token']) : '';
  if (!isRow(body) || token === '') throw unreadable(asked, response, 'a token');
  const seconds = Number(body['expires_in']);
  return { token, seconds: seconds > 0 ? seconds : 300 };
}

function nameOf({ baseUrl, clientId, clientSecret }: Settings): string {
  return `${baseUrl}\n${clientId}\n${clientSecret}`;
}
