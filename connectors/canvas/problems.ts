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
export function problemOfStatus(response: HttpResponse, { what, writes }: Asked): StepError | undefined {
  const { status, headers, retryAfterMs } = response;
  if (status >= 200 && status < 300) return undefined;
  const told = `Canvas answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('CANVAS_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the token would travel along.',
    });
  }
  if (status === 429 || (status === 403 && /rate limit exceeded/i.test(response.text))) {
    return tryLater('CANVAS_BUSY', told, { retryAfterMs: retryAfterMs ?? usualWaitMs });
  }
  if (status === 408 || status === 503) return tryLater('CANVAS_BUSY', told, { ...wait, unknown: writes, down: true });
  if (status >= 500) return tryLater('CANVAS_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401 && headers['www-authenticate'] !== undefined) {
    return giveUp('CANVAS_TOKEN_REFUSED', told, {
      hint: 'Make a new access token in Canvas and put it where "token" looks for it; it may have ended.',
    });
  }
  if (status === 401 || status === 403) {
    return giveUp('CANVAS_RIGHT_MISSING', told, {
      hint: "Give the role of the token's user the right for it in the account's settings, under Permissions.",
    });
  }
  if (status === 404)
    return giveUp('CANVAS_NOT_FOUND', told, { hint: 'What is asked for is not in Canvas, or not to be seen by the token.' });
  return giveUp('CANVAS_REFUSED', told, {
    hint: 'Look in Canvas for what stands against it, such as a concluded course, then retry the step.',
  });
}

/** The bucket of calls refills by the second, whatever was in it. */
const usualWaitMs = 15_000;

/** A success that holds `errors` is none. */
export function failureInside(body: unknown, { what, writes }: Asked): StepError | undefined {
  if (!isRow(body) || body['errors'] === undefined) return undefined;
  return tryLater('CANVAS_ERROR', `Canvas answered with an error when asked to ${what}.`, { unknown: writes });
}

/** An answer that is not what the call promises: a page of a proxy, a cut-off body. */
export function unreadable({ what, writes }: Asked, { headers }: HttpResponse, wanted: string): StepError {
  const kind = headers['content-type'] ?? 'no content type';
  return tryLater('CANVAS_UNREADABLE', `Canvas answered with something else than ${wanted} (${kind}) when asked to ${what}.`, {
    unknown: writes,
    hint: 'If this stays, "baseUrl" is not the address of Canvas, or something stands before it.',
  });
}

/** The first error is not kept as cause: it may hold the request, and the request holds the token. */
export function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('CANVAS_NOT_REACHED', `Canvas at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('CANVAS_NO_ANSWER', `Canvas at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

export function unsafeAddress(): StepError {
  return giveUp('CANVAS_BASE_URL', 'The base URL of Canvas is not an https address.', {
    hint: 'Correct "baseUrl": the token must not travel in the open.',
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}
