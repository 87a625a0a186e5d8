import { tryLater } from '../contract/errors.ts';
import type { Logger } from '../contract/log.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import type { ClaimedCallback, Store } from '../storage/store.ts';
import { nextDelayMs, type RetrySchedule } from './backoff.ts';
import { killsProcess, mayBegin } from './cut-short.ts';
import { insist } from './insist.ts';
import { asStepError, loggedAs, problemOf, withoutSecrets } from './problem.ts';
import { withinTime, type TimeLimit } from './within-time.ts';

export interface CallbackParts {
  readonly store: Store;
  /** Reads the callback and records what it means. Settles the claim when it succeeds. */
  digest(callback: ClaimedCallback): Promise<void>;
  readonly schedule: () => RetrySchedule;
  noticesAbout(callback: ClaimedCallback, problem: StepProblem): readonly PlannedStep[];
  readonly now: () => Date;
  readonly log: Logger;
  /** Hides the secrets of the configuration in the words of others. */
  readonly hide: (text: string) => string;
  readonly stopping: AbortSignal;
  /** How long reading may take: a gateway's API is given 20 s for each answer, and a long cart takes several. @default 120 */
  readonly readingSeconds?: number;
}

/** Digests a kept callback; when that fails, puts it back on the schedule, or parks it and tells the owner. Never dropped. */
export async function settleCallback(callback: ClaimedCallback, parts: CallbackParts): Promise<void> {
  try {
    if (!(await mayBegin(callback, parts.store, () => killsProcess('CALLBACK_KILLS_PROCESS', 'Reading this callback')))) return;
    await withinTime(limitOf(parts), () => parts.digest(callback));
  } catch (thrown) {
    await settleFailure(callback, thrown, parts);
  }
}

function limitOf({ readingSeconds: seconds = 120, stopping }: CallbackParts): TimeLimit {
  return { seconds, stopping, late: () => tryLater('CALLBACK_TIMED_OUT', `The callback could not be read within ${seconds} s.`) };
}

async function settleFailure(callback: ClaimedCallback, thrown: unknown, parts: CallbackParts): Promise<void> {
  if (parts.stopping.aborted) {
    await insist(() => parts.store.release([callback]), parts.stopping);
    return;
  }
  const error = asStepError(thrown);
  const problem = withoutSecrets(problemOf(error), parts.hide);
  const ageMs = parts.now().getTime() - callback.receivedAt.getTime();
  const retryAfter = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
  const delayMs =
    error.retry === 'never' ? undefined : nextDelayMs(parts.schedule(), { failed: callback.attempts, ageMs, ...retryAfter });
  const fields = { gateway: callback.gateway, callback: callback.id, attempt: callback.attempts, code: problem.code };
  if (delayMs === undefined) {
    parts.log.error(fields, `A callback is parked: ${loggedAs(problem)}`);
    await insist(() => parts.store.parkCallback(callback, problem, parts.noticesAbout(callback, problem)), parts.stopping);
  } else {
    parts.log.warn({ ...fields, delayMs }, `A callback will be read again: ${loggedAs(problem)}`);
    await insist(() => parts.store.postponeCallback(callback, problem, delayMs), parts.stopping);
  }
}
