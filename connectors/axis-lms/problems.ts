import { StepError, giveUp, tryLater, type HttpResponse } from 'handover/contract';

/** What was asked for, in words that complete "… did not answer / refused to …". */
export interface Asked {
  /** For example `enrol user 612 in course 17`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/**
 * What an unsuccessful status means; undefined for success. `said` is shown to staff and decides nothing: the wording of Axis'
 * answers is not documented.
 */
export function statusProblem(
  status: number,
  { what, writes }: Asked,
  said: string,
  retryAfterMs?: number,
): StepError | undefined {
  const told = `Axis LMS answered ${status}${said && ` (${said})`} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) {
    return giveUp('AXIS_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it.',
    });
  }
  if (status === 429 || status === 503 || status === 408)
    return tryLater('AXIS_BUSY', told, { ...wait, unknown: writes && status !== 429, down: status !== 429 });
  if (status >= 500) return tryLater('AXIS_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401 || status === 403) {
    return giveUp('AXIS_TOKEN_REFUSED', told, { hint: 'A fresh token was refused too: check what the API key may do in Axis.' });
  }
  if (status === 404) return giveUp('AXIS_NOT_FOUND', told, { hint: 'Check the ids in the product file.' });
  return giveUp('AXIS_REFUSED', told, {
    hint: 'Correct what the answer names, in the product file or in Axis, then retry the step.',
  });
}

/** A 2xx answer that is not what the interface promises: a maintenance page, a wrong base URL, a cut-off body. */
export function unreadable({ what, writes }: Asked, response: HttpResponse, wanted: string): StepError {
  const kind = response.headers['content-type'] ?? 'no content type';
  return tryLater('AXIS_UNREADABLE', `Axis LMS answered with something else than ${wanted} (${kind}) when asked to ${what}.`, {
    unknown: writes,
    hint: 'If this stays, "baseUrl" is not the address of the API.',
  });
}

/** The Legacy API said `false`, which gives no reason. */
export function legacyFalse({ what }: Asked): StepError {
  return tryLater('AXIS_LEGACY_FALSE', `The Legacy API of Axis LMS answered "false", without a reason, when asked to ${what}.`, {
    hint: 'Check key, partition, learner and course in Axis, then retry the step or mark it done by hand.',
  });
}

/** Not done for certain, but perhaps only because it was done already: the state decides. */
export function isRefusal(error: unknown): boolean {
  return hasCode(error, 'AXIS_REFUSED', 'AXIS_NOT_FOUND', 'AXIS_LEGACY_FALSE');
}

export function isUnknown(error: unknown): boolean {
  return error instanceof StepError && error.unknown;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}
