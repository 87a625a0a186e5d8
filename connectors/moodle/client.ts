import { StepError, giveUp, tryLater, type HttpClient, type HttpResponse } from 'handover/contract';
import { isSafeAddress, settingsOf, type MoodleOptions, type Settings } from './options.ts';
import { formOf, type Parameter } from './parameters.ts';
import { problemOfCode, problemOfStatus, unreadable, type Asked } from './problems.ts';

/** The part of a context that reaching Moodle takes. */
export interface MoodleContext {
  readonly options: MoodleOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
}

export interface Call extends Asked {
  readonly parameters?: Readonly<Record<string, Parameter | undefined>>;
  /** What an `errorcode` means to this call, where that is more than it says by itself. */
  readonly means?: Readonly<Record<string, () => StepError>>;
}

/** A record of the other side, as read: nothing in it is certain. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Alone speaks to the other side. Moodle answers almost everything with HTTP 200; only the body tells.
 * Source: https://docs.moodle.org/dev/Web_services, and answers seen from releases 4.3 and 4.5.
 * Whatever is not the promised answer is thrown as a `StepError`.
 */
export interface Client {
  readonly settings: Settings;
  rows(name: string, call: Call): Promise<readonly Row[]>;
  row(name: string, call: Call): Promise<Row>;
  /** The records that stand in a field of the answer. */
  rowsIn(name: string, field: string, call: Call): Promise<readonly Row[]>;
  /** A function that returns nothing answers the literal `null`, and nothing else is taken for success. */
  done(name: string, call: Call): Promise<void>;
}

export function createClient({ options, http, signal }: MoodleContext): Client {
  const settings = settingsOf(options);

  async function ask(
    name: string,
    { parameters = {}, means = {}, ...asked }: Call,
  ): Promise<{ body: unknown; response: HttpResponse }> {
    if (!isSafeAddress(settings.baseUrl, settings)) throw unsafeAddress();
    const response = await http
      .send({
        method: 'POST',
        url: `${settings.baseUrl}/webservice/rest/server.php`,
        form: { wstoken: settings.token, wsfunction: name, moodlewsrestformat: 'json', ...formOf(parameters) },
        timeoutMs: settings.requestTimeoutSeconds * 1000,
        ...(signal && { signal }),
      })
      .catch((error: unknown) => Promise.reject(noAnswer(error, asked, settings)));
    const problem = problemOfStatus(response, asked);
    if (problem) throw problem;
    const body = response.json();
    if (body === undefined) throw unreadable(asked, response, 'JSON');
    if (isRow(body) && ('exception' in body || 'errorcode' in body)) {
      const code = textOf(body['errorcode']);
      const said = harmless(textOf(body['message']), settings.token);
      throw (Object.hasOwn(means, code) ? means[code]?.() : undefined) ?? problemOfCode(code, said, asked, name);
    }
    return { body, response };
  }

  return {
    settings,
    async rows(name, call) {
      const { body, response } = await ask(name, call);
      if (Array.isArray(body) && body.every(isRow)) return body;
      throw unreadable(call, response, 'a list of records');
    },
    async row(name, call) {
      const { body, response } = await ask(name, call);
      if (isRow(body)) return body;
      throw unreadable(call, response, 'a record');
    },
    async rowsIn(name, field, call) {
      const { body, response } = await ask(name, call);
      const rows = isRow(body) ? body[field] : undefined;
      if (Array.isArray(rows) && rows.every(isRow)) return rows;
      throw unreadable(call, response, `records under "${field}"`);
    },
    async done(name, call) {
      const { body, response } = await ask(name, call);
      if (body !== null) throw unreadable(call, response, 'a confirmation');
    },
  };
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids come as numbers, at times as texts. NaN for anything else. */
export function idOf(row: Row | undefined, name = 'id'): number {
  const value = row?.[name];
  return typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The first error is not kept as cause: it may hold the request, and the request holds the token. */
function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('MOODLE_NOT_REACHED', `Moodle at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('MOODLE_NO_ANSWER', `Moodle at ${host} gave no answer when asked to ${what}.`, { unknown: writes, down: true });
}

function unsafeAddress(): StepError {
  return giveUp('MOODLE_BASE_URL', 'The base URL of Moodle is not an https address.', {
    hint: 'Correct "baseUrl": the token must not travel in the open. "allowHttp": true is for a server in your own network.',
  });
}

/** What Moodle says, for staff: without tags, secrets, links and addresses. It is translated, so it decides nothing. */
function harmless(text: string, token: string): string {
  return text
    .replaceAll(token, '[secret]')
    .replace(/<[^>]*>/g, ' ')
    .replace(/https?:\/\/[^\s"'<>]+/gi, '[link]')
    .replace(/[^\s"'<>]+@[^\s"'<>]+/g, '[address]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
