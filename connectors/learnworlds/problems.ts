import { StepError, giveUp, tryLater, type HttpResponse } from 'handover/contract';

/** What was asked for, in words that complete "… when asked to …". */
export interface Asked {
  /** For example `enrol user 5f1d in course ts-101`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/** What a status other than success means. */
export function problemOfStatus({ status, retryAfterMs }: HttpResponse, { what, writes }: Asked): StepError {
  const told = `LearnWorlds answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('LEARNWORLDS_REDIRECTED', told, {
      hint: 'Correct "schoolUrl": it must be the address that answers, not one that leads to it, since the token would travel along.',
    });
  }
  if (status === 503 || status === 429 || status === 408) {
    return tryLater('LEARNWORLDS_BUSY', told, { ...wait, unknown: writes && status !== 429, down: status !== 429 });
  }
  if (status >= 500) return tryLater('LEARNWORLDS_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401) return tokenRefused(told);
  if (status === 403) {
    return giveUp('LEARNWORLDS_RIGHT_MISSING', told, {
      hint: "The school's plan has to include the API: Learning Center or higher. See Settings > Developers > API in LearnWorlds.",
    });
  }
  if (status === 404) {
    return giveUp('LEARNWORLDS_NOT_FOUND', told, {
      hint: 'Correct "schoolUrl", or what the product file names; then retry the step.',
    });
  }
  return giveUp('LEARNWORLDS_REFUSED', told, { hint: 'Look into LearnWorlds for the cause, then retry the step.' });
}

export function tokenRefused(told: string): StepError {
  return giveUp('LEARNWORLDS_TOKEN_REFUSED', told, {
    hint: 'Correct "clientId" and "clientSecret": a secret that was made anew ends the former one. Then retry the step.',
  });
}

/** An answer that is not what the call promises: a page, a cut-off body. */
export function unreadable({ what, writes }: Asked, response: HttpResponse, wanted: string): StepError {
  const kind = response.headers['content-type'] ?? 'no content type';
  return tryLater(
    'LEARNWORLDS_UNREADABLE',
    `LearnWorlds answered with something else than ${wanted} (${kind}) when asked to ${what}.`,
    {
      unknown: writes,
      hint: 'If this stays, "schoolUrl" is not the address of the school.',
    },
  );
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}

export function isUnknown(error: unknown): boolean {
  return error instanceof StepError && error.unknown;
}
