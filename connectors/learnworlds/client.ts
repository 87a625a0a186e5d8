import { giveUp, type HttpResponse, isRow, type Row, StepError, tryLater } from 'handover/contract';
import { isSafeAddress, settingsOf, type Settings } from './options.ts';
import { problemOfStatus, unreadable, type Asked } from './problems.ts';
import { accessToken, dropToken, type TokenContext } from './token.ts';

export interface Call extends Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/admin/api`, for example `/v2/users`. */
  readonly path: string;
  readonly json?: unknown;
  /** What single sign-on takes instead: JSON in one form field. */
  readonly data?: unknown;
}

/**
 * Alone speaks to the other side, with a bearer token and the client id in a header; a token that is no longer taken is made anew
 * once. Sources: https://www.learnworlds.dev/docs/api and http://docs.learnworlds.com/
 */
export interface Client {
  readonly settings: Settings;
  row(call: Call): Promise<Row>;
  /** Undefined: there is no such thing (404). */
  rowIfThere(call: Call): Promise<Row | undefined>;
  /** Nothing has to come back. False: there was no such thing (404). */
  done(call: Call): Promise<boolean>;
}

export function createClient(ctx: TokenContext): Client {
  const settings = settingsOf(ctx.options);

  async function send(call: Call, token: string): Promise<HttpResponse> {
    const { method, path, json, data } = call;
    return ctx.http
      .send({
        method,
        url: `${settings.schoolUrl}/admin/api${path}`,
        headers: { Authorization: `Bearer ${token}`, 'Lw-Client': settings.clientId, Accept: 'application/json' },
        ...(json !== undefined && { json }),
        ...(data !== undefined && { form: { data: JSON.stringify(data) } }),
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(ctx.signal && { signal: ctx.signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, call, settings)));
  }

  async function ask(call: Call): Promise<HttpResponse> {
    if (!isSafeAddress(settings)) throw unsafeAddress();
    const token = await accessToken(ctx);
    const response = await send(call, token);
    if (response.status !== 401) return response;
    await dropToken(ctx, token);
    return send(call, await accessToken(ctx));
  }

  function readRow(call: Call, response: HttpResponse): Row {
    if (response.status < 200 || response.status >= 300) throw problemOfStatus(response, call);
    const body = response.json();
    if (isRow(body)) return body;
    throw unreadable(call, response, 'a record');
  }

  return {
    settings,
    row: async (call) => readRow(call, await ask(call)),
    async rowIfThere(call) {
      const response = await ask(call);
      return response.status === 404 && isRow(response.json()) ? undefined : readRow(call, response);
    },
    async done(call) {
      const response = await ask(call);
      if (response.status === 404 && isRow(response.json())) return false;
      if (response.status === 204) return true;
      const body = readRow(call, response);
      if (body['success'] === true) return true;
      throw unreadable(call, response, 'a confirmation');
    },
  };
}

/** The first error is not kept as cause: it may hold the request, and the request holds the token. */
function noAnswer(error: unknown, { what, writes }: Asked, { schoolUrl }: Settings): StepError {
  const { host } = new URL(schoolUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('LEARNWORLDS_NOT_REACHED', `LearnWorlds at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "schoolUrl".',
      down: true,
    });
  }
  return tryLater('LEARNWORLDS_NO_ANSWER', `LearnWorlds at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

function unsafeAddress(): StepError {
  return giveUp('LEARNWORLDS_SCHOOL_URL', "The school's address is not an https address.", {
    hint: 'Correct "schoolUrl": secrets must not travel in the open.',
  });
}
