import type { HandoverError, StepError } from '../contract/errors.ts';
import { tryLater } from '../contract/errors.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import { crashPoint } from '../crash-point.ts';
import type { OrderRecord, StepClaim, Store } from '../storage/store.ts';
import { nextDelayMs, type RetrySchedule } from './backoff.ts';
import { killsProcess, mayBegin } from './cut-short.ts';
import { insist } from './insist.ts';
import { asStepError, loggedAs, problemOf } from './problem.ts';
import { findAction, repeatsOf, runAction, type ActionParts } from './run-action.ts';
import { withinTime, type TimeLimit } from './within-time.ts';

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
  let result: MessageResult;
  try {
    if (!(await mayBegin(claim, parts.store, () => killsProcess('STEP_KILLS_PROCESS', claim.action)))) return;
    result = await withinTime(limitOf(claim, parts), (signal) => attempt(claim, parts, signal));
  } catch (thrown) {
    await settleFailure(claim, asStepError(thrown), parts);
    return;
  }
  crashPoint('outcome known');
  try {
    await insist(() => parts.store.finishStep(claim, result.outcome, result.then), parts.stopping);
  } catch (thrown) {
    await settleFailure(claim, notRecorded(claim, thrown), parts);
  }
  crashPoint('outcome recorded');
}

async function attempt(claim: StepClaim, parts: StepParts, signal: AbortSignal): Promise<MessageResult> {
  const record = claim.orderId === '' ? undefined : await parts.store.findOrder(claim.orderId);
  if (claim.verb === 'mail' || claim.verb === 'notice') return parts.sendMessage(claim, record, signal);
  if (!record) throw tryLater('ORDER_MISSING', `The order of step ${claim.key} cannot be read.`);
  return { outcome: await runAction(claim, record, parts, signal) };
}

function limitOf({ account }: StepClaim, parts: StepParts): TimeLimit {
  const seconds = parts.account(account)?.limits.timeoutSeconds ?? 30;
  const late = (): StepError => tryLater('ACTION_TIMED_OUT', `${account} did not finish within ${seconds} s.`, { unknown: true });
  return { seconds, stopping: parts.stopping, late };
}

/** It was done, and nobody will know: as good as an answer that got lost. */
function notRecorded({ action }: StepClaim, cause: unknown): StepError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return tryLater('OUTCOME_NOT_RECORDED', `${action} was carried out, but what it returned could not be stored: ${why}`, {
    unknown: true,
    cause,
  });
}

async function settleFailure(claim: StepClaim, error: StepError, parts: StepParts): Promise<void> {
  const { log } = parts;
  const fields = { step: claim.key, order: claim.orderId, account: claim.account, attempt: claim.attempts, code: error.code };
  if (error.code === 'CLAIM_LOST') return;
  if (parts.stopping.aborted && !isBlind(claim, parts)) {
    await insist(() => parts.store.release([claim]), parts.stopping);
    return;
  }
  const isUnknownAndBlind = error.unknown && isBlind(claim, parts);
  const ageMs = parts.now().getTime() - claim.scheduledAt;
  const schedule = {
    failed: claim.attempts,
    ageMs,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
  const delayMs = error.retry === 'never' || isUnknownAndBlind ? undefined : nextDelayMs(parts.schedule(), schedule);
  const problem = isUnknownAndBlind ? outcomeUnknown(claim, error) : problemOf(error);
  if (delayMs === undefined) {
    log.error(fields, `${claim.action} is parked: ${loggedAs(problem)}`);
    const notices = claim.verb === 'notice' ? [] : parts.noticesAbout(claim, problem);
    await insist(() => parts.store.parkStep(claim, problem, notices), parts.stopping);
  } else {
    log.warn({ ...fields, delayMs }, `${claim.action} will be tried again: ${loggedAs(problem)}`);
    await insist(() => parts.store.postponeStep(claim, problem, delayMs), parts.stopping);
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
