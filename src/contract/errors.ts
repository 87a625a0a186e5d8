/** What a caller needs to say: what happened (message), where (`where`), what to do (`hint`), and a code for machines. */
export interface ErrorDetails {
  readonly hint?: string;
  readonly where?: string;
  readonly cause?: unknown;
}

/** An error of ours: a stable upper-case `code` (listed in docs/errors.md), a message for people, a hint what to do next. */
export class HandoverError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly where: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'HandoverError';
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
  }
}

/**
 * How an attempt failed.
 * - `later`: nothing is wrong for good; try again on the schedule. Also when the outcome is unknown (`unknown: true`).
 * - `never`: trying again cannot help; a person must act.
 */
export class StepError extends HandoverError {
  readonly retry: 'later' | 'never';
  /** Not before so many milliseconds from now, as the other side asked (`Retry-After`). */
  readonly retryAfterMs: number | undefined;
  /** The other side may or may not have done it. A `blind` step is parked on this, any other is repeated. */
  readonly unknown: boolean;
  /**
   * The other side is down, so other steps would fare no better: none of its account is begun until it is back. What a step
   * sends through its own `ctx.http` is seen without this; say it where steps share a request, or use another client.
   */
  readonly down: boolean;

  constructor(
    retry: 'later' | 'never',
    code: string,
    message: string,
    details: ErrorDetails & { retryAfterMs?: number; unknown?: boolean; down?: boolean } = {},
  ) {
    super(code, message, details);
    this.name = 'StepError';
    this.retry = retry;
    this.retryAfterMs = details.retryAfterMs;
    this.unknown = details.unknown ?? false;
    this.down = details.down ?? false;
  }
}

/** To throw from an action or a gateway: this attempt failed, a later one may succeed. */
export function tryLater(
  code: string,
  message: string,
  details: ErrorDetails & { retryAfterMs?: number; unknown?: boolean; down?: boolean } = {},
): StepError {
  return new StepError('later', code, message, details);
}

/** To throw from an action or a gateway: no repetition will help. The step is parked at once and the owner is told. */
export function giveUp(code: string, message: string, details: ErrorDetails = {}): StepError {
  return new StepError('never', code, message, details);
}
