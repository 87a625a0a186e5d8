import { giveUp, type HttpResponse, isRow, StepError, tryLater } from 'handover/contract';
import type { Settings } from './options.ts';

/** What was asked for, in words that complete "… did not answer / refused to …". */
export interface Asked {
  /** For example `enrol the learner in course-v1:Example+TS101+2026`. Without names and addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
  /** It asks for a token: a refusal is about the client. */
  readonly isToken?: boolean;
}

/** What a status other than success means; undefined for success. The words of the answer may hold addresses and are left out. */
export function problemOfStatus(response: HttpResponse, { what, writes, isToken = false }: Asked): StepError | undefined {
  const { status, retryAfterMs } = response;
  if (status >= 200 && status < 300) return undefined;
  const told = `Open edX answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('EDX_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the token would travel along.',
    });
  }
  if (status === 429) return tryLater('EDX_BUSY', told, { retryAfterMs: retryAfterMs ?? usualWaitMs });
  if (status === 408 || status === 503) return tryLater('EDX_BUSY', told, { ...wait, unknown: writes, down: true });
  if (status >= 500) return tryLater('EDX_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401 || (isToken && status !== 404)) {
    return giveUp('EDX_CLIENT_REFUSED', told, {
      hint: 'Correct "clientId" and what "clientSecret" names: an OAuth application of the kind "client credentials".',
    });
  }
  if (status === 403) {
    return giveUp('EDX_RIGHT_MISSING', told, {
      hint: 'Make the user that the OAuth application belongs to staff, in the Django administration.',
    });
  }
  if (status === 404) {
    return giveUp('EDX_NOT_FOUND', told, {
      hint: 'It is not there, "baseUrl" is not the LMS, or the user of the OAuth application is not staff.',
    });
  }
  if (status === 406) return giveUp('EDX_USER_GONE', told, { hint: 'Retry the step: it looks for the learner again.' });
  if (status === 409)
    return giveUp('EDX_TAKEN', told, { hint: 'Somebody has the user name or the address already; retry the step.' });
  return giveUp('EDX_REFUSED', told, { hint: 'Most often the course does not offer the mode. Correct it, then retry the step.' });
}

/** Calls are counted by the minute. */
const usualWaitMs = 60_000;

/** Errors come with a status of their own, but a success that holds an error is none. */
export function failureInside(body: unknown, { what, writes }: Asked): StepError | undefined {
  if (!isRow(body) || (body['error_code'] === undefined && body['errorCode'] === undefined && body['error'] === undefined))
    return undefined;
  return tryLater('EDX_ERROR', `Open edX answered with an error when asked to ${what}.`, { unknown: writes });
}

/** An answer that is not what the call promises: a page of a proxy, a cut-off body. */
export function unreadable({ what, writes }: Asked, { headers }: HttpResponse, wanted: string): StepError {
  const kind = headers['content-type'] ?? 'no content type';
  return tryLater('EDX_UNREADABLE', `Open edX answered with something else than ${wanted} (${kind}) when asked to ${what}.`, {
    unknown: writes,
    hint: 'If this stays, "baseUrl" is not the address of Open edX, or something stands before it.',
  });
}

/** The first error is not kept as cause: it may hold the request, and the request may hold a secret. */
export function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('EDX_NOT_REACHED', `Open edX at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('EDX_NO_ANSWER', `Open edX at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

export function unsafeAddress(): StepError {
  return giveUp('EDX_BASE_URL', 'The base URL of Open edX is not an https address.', {
    hint: 'Correct "baseUrl": the secret must not travel in the open.',
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}
