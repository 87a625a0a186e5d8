import type { Logger } from '../contract/log.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import type { ClaimedCallback, Store } from '../storage/store.ts';
import { nextDelayMs, type RetrySchedule } from './backoff.ts';
import { asStepError, problemOf } from './problem.ts';

export interface CallbackParts {
  readonly store: Store;
  /** Reads the callback and records what it means. Settles the claim when it succeeds. */
  digest(callback: ClaimedCallback): Promise<void>;
  readonly schedule: () => RetrySchedule;
  noticesAbout(callback: ClaimedCallback, problem: StepProblem): readonly PlannedStep[];
  readonly now: () => Date;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Digests a kept callback; when that fails, puts it back on the schedule, or parks it and tells the owner. Never dropped. */
export async function settleCallback(callback: ClaimedCallback, parts: CallbackParts): Promise<void> {
  try {
    await parts.digest(callback);
  } catch (thrown) {
    await settleFailure(callback, thrown, parts);
  }
}

async function settleFailure(callback: ClaimedCallback, thrown: unknown, parts: CallbackParts): Promise<void> {
  if (parts.stopping.aborted) {
    await parts.store.release([callback]);
    return;
  }
  const error = asStepError(thrown);
  const problem = problemOf(error);
  const ageMs = parts.now().getTime() - callback.receivedAt.getTime();
  const retryAfter = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
  const delayMs = error.retry === 'never' ? undefined : nextDelayMs(parts.schedule(), { failed: callback.attempts, ageMs, ...retryAfter });
  const fields = { gateway: callback.gateway, callback: callback.id, attempt: callback.attempts, code: problem.code };
  if (delayMs === undefined) {
    parts.log.error(fields, `A callback is parked: ${problem.message}`);
    await parts.store.parkCallback(callback, problem, parts.noticesAbout(callback, problem));
  } else {
    parts.log.warn({ ...fields, delayMs }, `A callback will be read again: ${problem.message}`);
    await parts.store.postponeCallback(callback, problem, delayMs);
  }
}
