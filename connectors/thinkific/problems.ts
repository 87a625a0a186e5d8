import { giveUp, type HttpResponse, isRow, StepError, tryLater } from 'handover/contract';
import type { Settings } from './options.ts';

/** What was asked for, in words that complete "… did not answer / refused to …". */
export interface Asked {
  /** For example `enrol user 612 in course 17`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/** What a status other than success means; undefined for success. The words of the answer may hold addresses and are left out. */
export function problemOfStatus(response: HttpResponse, { what, writes }: Asked, now: Date): StepError | undefined {
  const { status, headers, retryAfterMs } = response;
  if (status >= 200 && status < 300) return undefined;
  const told = `Thinkific answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('THINKIFIC_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the key would travel along.',
    });
  }
  if (status === 429) {
    return tryLater('THINKIFIC_BUSY', told, { retryAfterMs: retryAfterMs ?? untilReset(headers['ratelimit-reset'], now) });
  }
  if (status === 408 || status === 503) return tryLater('THINKIFIC_BUSY', told, { ...wait, unknown: writes, down: true });
  if (status >= 500) return tryLater('THINKIFIC_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401 || status === 403) {
    return giveUp('THINKIFIC_KEY_REFUSED', told, {
      hint: 'Correct what "apiKey" names, or "subdomain"; and see that the plan of the school has API access.',
    });
  }
  if (status === 404) return giveUp('THINKIFIC_NOT_FOUND', told, { hint: 'What is asked for is not in the school.' });
  return giveUp('THINKIFIC_REFUSED', told, { hint: 'Look in Thinkific for what stands against it, then retry the step.' });
}

/** The limit is counted by the minute; `RateLimit-Reset` names the second, since 1970, from which calls are taken again. */
function untilReset(reset: string | undefined, now: Date): number {
  const waitMs = Number(reset ?? NaN) * 1000 - now.getTime();
  return waitMs > 0 && waitMs < 3_600_000 ? waitMs : 60_000;
}

/** A success that holds `error` or `errors` is none. */
export function failureInside(body: unknown, { what, writes }: Asked): StepError | undefined {
  if (!isRow(body) || (body['error'] === undefined && body['errors'] === undefined)) return undefined;
  return tryLater('THINKIFIC_ERROR', `Thinkific answered with an error when asked to ${what}.`, { unknown: writes });
}

/** An answer that is not what the call promises: a page of a proxy, a cut-off body. */
export function unreadable({ what, writes }: Asked, { headers }: HttpResponse, wanted: string): StepError {
  const kind = headers['content-type'] ?? 'no content type';
  return tryLater(
    'THINKIFIC_UNREADABLE',
    `Thinkific answered with something else than ${wanted} (${kind}) when asked to ${what}.`,
    {
      unknown: writes,
      hint: 'If this stays, look whether Thinkific is under maintenance.',
    },
  );
}

/** The first error is not kept as cause: it may hold the request, and the request holds the key. */
export function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('THINKIFIC_NOT_REACHED', `Thinkific at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('THINKIFIC_NO_ANSWER', `Thinkific at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

export function unsafeAddress(): StepError {
  return giveUp('THINKIFIC_BASE_URL', 'The base URL of Thinkific is not an https address.', {
    hint: 'Correct "baseUrl": the key must not travel in the open.',
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}
