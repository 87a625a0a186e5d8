import { StepError, giveUp, tryLater, type HttpResponse } from 'handover/contract';

/** What was asked for, in words that complete "… when asked to …". */
export interface Asked {
  /** For example `enrol user 12301 in course 42`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/** What a status other than success means. */
export function problemOfStatus({ status, retryAfterMs }: HttpResponse, { what, writes }: Asked): StepError {
  const told = `Docebo answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('DOCEBO_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the token would travel along.',
    });
  }
  if (status === 503 || status === 429 || status === 408) {
    return tryLater('DOCEBO_BUSY', told, { ...wait, unknown: writes && status !== 429, down: status !== 429 });
  }
  if (status >= 500) return tryLater('DOCEBO_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401) return tokenRefused(told);
  if (status === 403) {
    return giveUp('DOCEBO_RIGHT_MISSING', told, {
      hint: 'Let the API credentials act for a Superadmin, or for a Power User who may manage users, courses and enrolments.',
    });
  }
  if (status === 404) {
    return giveUp('DOCEBO_NOT_FOUND', told, {
      hint: 'Correct "baseUrl", or what the product file names; then retry the step.',
    });
  }
  return giveUp('DOCEBO_REFUSED', told, { hint: 'Look into Docebo for the cause, then retry the step.' });
}

export function tokenRefused(told: string): StepError {
  return giveUp('DOCEBO_TOKEN_REFUSED', told, {
    hint: 'Correct "clientId" and "clientSecret", and see in Docebo that the credentials are enabled with the grant type that "grantType" names. Then retry the step.',
  });
}

/** An answer that is not what the call promises: a page, a cut-off body. */
export function unreadable({ what, writes }: Asked, response: HttpResponse, wanted: string): StepError {
  const kind = response.headers['content-type'] ?? 'no content type';
  return tryLater('DOCEBO_UNREADABLE', `Docebo answered with something else than ${wanted} (${kind}) when asked to ${what}.`, {
    unknown: writes,
    hint: 'If this stays, "baseUrl" is not the address of the platform.',
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}

export function isUnknown(error: unknown): boolean {
  return error instanceof StepError && error.unknown;
}
