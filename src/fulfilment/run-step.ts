import type { HandoverError, StepError } from '../contract/errors.ts';
import { tryLater } from '../contract/errors.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import type { OrderRecord, StepClaim, Store } from '../storage/store.ts';
import { nextDelayMs, type RetrySchedule } from './backoff.ts';
import { asStepError, problemOf } from './problem.ts';
import { findAction, repeatsOf, runAction, type ActionParts } from './run-action.ts';

/** What sending a mail or notice came to: sent, with what follows it, or not needed any more. */
export interface MessageResult {
  readonly outcome: Readonly<Record<string, unknown>>;
  readonly then?: readonly PlannedStep[];
}

export interface StepParts extends ActionParts {
  readonly store: Store;
  readonly schedule: () => RetrySchedule;
  /** Renders and sends the mail of a `mail` or `notice` step; moves do not know each other, so it is handed in. */
  sendMessage(claim: StepClaim, record: OrderRecord | undefined, signal: AbortSignal): Promise<MessageResult>;
  /** The notices to staff about a step that nobody will try again. */
  noticesAbout(claim: StepClaim, problem: StepProblem): readonly PlannedStep[];
  /** The process is stopping: what is cut short now was not the other side's fault. */
  readonly stopping: AbortSignal;
}

/** Carries out one claimed step and records how it ended. Never throws; a lost claim records nothing. */
export async function runStep(claim: StepClaim, parts: StepParts): Promise<void> {
  try {
    const { outcome, then } = await withinTime(claim, parts, (signal) => attempt(claim, parts, signal));
    await parts.store.finishStep(claim, outcome, then);
  } catch (thrown) {
    await settleFailure(claim, asStepError(thrown), parts);
  }
}

async function attempt(claim: StepClaim, parts: StepParts, signal: AbortSignal): Promise<MessageResult> {
  const record = claim.orderId === '' ? undefined : await parts.store.findOrder(claim.orderId);
  if (claim.verb === 'mail' || claim.verb === 'notice') return parts.sendMessage(claim, record, signal);
  if (!record) throw tryLater('ORDER_MISSING', `The order of step ${claim.key} cannot be read.`);
  return { outcome: await runAction(claim, record, parts, signal) };
}

/** A target that never answers must not hold its place: after the account's time limit the attempt is over, whatever it does. */
async function withinTime<T>(claim: StepClaim, parts: StepParts, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const seconds = parts.account(claim.account)?.limits.timeoutSeconds ?? 30;
  const limit = new AbortController();
  const signal = AbortSignal.any([limit.signal, parts.stopping]);
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      limit.abort();
      reject(tryLater('ACTION_TIMED_OUT', `${claim.account} did not finish within ${seconds} s.`, { unknown: true }));
    }, seconds * 1000);
    work(signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

async function settleFailure(claim: StepClaim, error: StepError, parts: StepParts): Promise<void> {
  const { log } = parts;
  const fields = { step: claim.key, order: claim.orderId, account: claim.account, attempt: claim.attempts, code: error.code };
  if (error.code === 'CLAIM_LOST') return;
  if (parts.stopping.aborted && !isBlind(claim, parts)) {
    await parts.store.release([claim]);
    return;
  }
  const isUnknownAndBlind = error.unknown && isBlind(claim, parts);
  const ageMs = parts.now().getTime() - claim.scheduledAt;
  const schedule = { failed: claim.attempts, ageMs, ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }) };
  const delayMs = error.retry === 'never' || isUnknownAndBlind ? undefined : nextDelayMs(parts.schedule(), schedule);
  const problem = isUnknownAndBlind ? outcomeUnknown(claim, error) : problemOf(error);
  if (delayMs === undefined) {
    log.error(fields, `${claim.action} is parked: ${problem.message}`);
    await parts.store.parkStep(claim, problem, claim.verb === 'notice' ? [] : parts.noticesAbout(claim, problem));
  } else {
    log.warn({ ...fields, delayMs }, `${claim.action} will be tried again: ${problem.message}`);
    await parts.store.postponeStep(claim, problem, delayMs);
  }
}

function isBlind(claim: StepClaim, parts: StepParts): boolean {
  if (claim.verb !== 'grant') return false;
  try {
    const { account, action } = findAction(claim, parts);
    return repeatsOf(action, account.options, claim.input) === 'blind';
  } catch {
    return false;
  }
}

function outcomeUnknown(claim: StepClaim, error: HandoverError): StepProblem {
  return {
    code: 'OUTCOME_UNKNOWN',
    message: `${error.message} ${claim.account} does not recognise repeats, so ${claim.action} is not tried again by itself.`,
    hint: `Look there for ${claim.key}. Done: run: handover done "${claim.key}" --because "WHY". Not done: run: handover retry "${claim.key}"`,
  };
}
