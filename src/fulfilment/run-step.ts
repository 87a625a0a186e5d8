import type { HandoverError, StepError } from '../contract/errors.ts';
import { giveUp, tryLater } from '../contract/errors.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import { crashPoint } from '../crash-point.ts';
import type { OrderRecord, StepClaim, Store } from '../storage/store.ts';
import { nextDelayMs, type RetrySchedule } from './backoff.ts';
import type { TargetNews } from './breaker.ts';
import { killsProcess, mayBegin } from './cut-short.ts';
import { insist } from './insist.ts';
import { keyedCalls } from './keyed-calls.ts';
import { asStepError, loggedAs, problemOf, withoutSecrets } from './problem.ts';
import { findAction, repeatsOf, runAction, type ActionParts } from './run-action.ts';
import { isOpenTask } from './task-desk.ts';
import { watchTarget } from './target-news.ts';
import { withinTime, type TimeLimit } from './within-time.ts';

/** What sending a mail or notice came to: sent, with what follows it, or not needed any more. */
export interface MessageResult {
  readonly outcome: Readonly<Record<string, unknown>>;
  readonly then?: readonly PlannedStep[];
  /** Nothing was done: the step waits so long, without that counting as an attempt. */
  readonly waitMs?: number;
}

export interface StepParts extends ActionParts {
  readonly store: Store;
  readonly schedule: () => RetrySchedule;
  /** Renders and sends the mail of a `mail` or `notice` step; moves do not know each other, so it is handed in. */
  sendMessage(claim: StepClaim, record: OrderRecord | undefined, signal: AbortSignal): Promise<MessageResult>;
  /** An instant the order waited for has come: it is decided again, with that as a fact. */
  passTime(claim: StepClaim): Promise<void>;
  /** The notices to staff about a step that nobody will try again. */
  noticesAbout(claim: StepClaim, problem: StepProblem): readonly PlannedStep[];
  /** Hides the secrets of the configuration in the words of others. */
  readonly hide: (text: string) => string;
  /** The process is stopping: what is cut short now was not the other side's fault. */
  readonly stopping: AbortSignal;
  /** It only finds out whether the other side is back: if not, it is as if it had not been begun. @default false */
  readonly isTrial?: boolean;
}

/**
 * Carries out one claimed step and records how it ended. A lost claim records nothing. Gives what it told about the other side.
 */
export async function runStep(claim: StepClaim, parts: StepParts): Promise<TargetNews | undefined> {
  const target = watchTarget(parts.http);
  let result: MessageResult;
  try {
    if (!(await mayBegin(claim, parts.store, () => killsProcess('STEP_KILLS_PROCESS', claim.action)))) return undefined;
    result = await withinTime(limitOf(claim, parts), (signal) => attempt(claim, { ...parts, http: target.http }, signal));
  } catch (thrown) {
    const error = asStepError(thrown, target.hasCalled());
    const news = parts.stopping.aborted ? undefined : target.news(error);
    const isFruitless = parts.isTrial === true && news !== undefined && news.kind !== 'answers';
    const isGivenUp = await settleFailure(claim, error, { ...parts, isFruitless });
    // Those behind a step whose budget is used up are not to wait for one more trial each.
    return isFruitless && isGivenUp ? undefined : news;
  }
  crashPoint('outcome known');
  const { outcome, then, waitMs } = result;
  try {
    await insist(
      () =>
        waitMs === undefined ? parts.store.finishStep(claim, outcome, then) : parts.store.postponeStep(claim, undefined, waitMs),
      parts.stopping,
    );
  } catch (thrown) {
    await settleFailure(claim, notRecorded(claim, thrown), parts);
  }
  crashPoint('outcome recorded');
  return target.news(undefined);
}

async function attempt(claim: StepClaim, parts: StepParts, signal: AbortSignal): Promise<MessageResult> {
  const record = claim.orderId === '' ? undefined : await parts.store.findOrder(claim.orderId);
  if (claim.verb === 'mail' || claim.verb === 'notice') return parts.sendMessage(claim, record, signal);
  if (claim.verb === 'task') throw asked(claim);
  if (claim.verb === 'clock') {
    await parts.passTime(claim);
    return { outcome: {} };
  }
  if (!record) throw tryLater('ORDER_MISSING', `The order of step ${claim.key} cannot be read.`);
  return { outcome: await runAction(claim, record, { ...parts, http: keyedCalls(parts.http, claim.key) }, signal) };
}

/** A question to staff: parked at once, with what it asks. */
function asked({ input, key }: StepClaim): StepError {
  const told = (name: string): string | undefined => (typeof input[name] === 'string' ? input[name] : undefined);
  const hint = told('hint');
  return giveUp(told('code') ?? 'TASK_OPEN', told('message') ?? `A person has to see to ${key}.`, {
    ...(hint !== undefined && { hint }),
  });
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

/**
 * True: it is given up and parked. `isFruitless`: a trial found the other side still down, so the step keeps its place and its
 * attempts, but not beyond its budget.
 */
async function settleFailure(
  claim: StepClaim,
  error: StepError,
  parts: StepParts & { readonly isFruitless?: boolean },
): Promise<boolean> {
  const { log } = parts;
  const fields = { step: claim.key, order: claim.orderId, account: claim.account, attempt: claim.attempts, code: error.code };
  if (error.code === 'CLAIM_LOST') return false;
  if (parts.stopping.aborted && !isBlind(claim, parts)) {
    await insist(() => parts.store.release([claim]), parts.stopping);
    return false;
  }
  // Also where an earlier attempt was cut short: this one may have failed before it could look at that.
  const isUnknownAndBlind = (error.unknown || claim.interrupted) && isBlind(claim, parts);
  const ageMs = claim.updatedAt - claim.scheduledAt; // both by the store's clock: this process's own may be wrong
  const schedule = {
    failed: claim.attempts,
    ageMs,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
  const delayMs = error.retry === 'never' || isUnknownAndBlind ? undefined : nextDelayMs(parts.schedule(), schedule);
  const problem = withoutSecrets(isUnknownAndBlind ? outcomeUnknown(claim, error) : problemOf(error), parts.hide);
  if (delayMs === undefined) {
    if (isOpenTask(problem)) log.info(fields, `${claim.action} waits for a person, as it should.`);
    else log.error(fields, `${claim.action} is parked: ${loggedAs(problem)}`);
    const notices = claim.verb === 'notice' || isOpenTask(problem) ? [] : parts.noticesAbout(claim, problem);
    await insist(() => parts.store.parkStep(claim, problem, notices), parts.stopping);
  } else if (parts.isFruitless) {
    log.debug(fields, `${claim.account} is not back yet: ${loggedAs(problem)}`);
    await insist(() => parts.store.postponeStep(claim, undefined, undefined), parts.stopping);
  } else {
    log.warn({ ...fields, delayMs }, `${claim.action} will be tried again: ${loggedAs(problem)}`);
    await insist(() => parts.store.postponeStep(claim, problem, delayMs), parts.stopping);
  }
  return delayMs === undefined;
}

function isBlind(claim: StepClaim, parts: StepParts): boolean {
  if (claim.verb !== 'grant' && claim.verb !== 'run') return false;
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
    hint: `Look there for ${claim.key}. Done: run: npx handover done "${claim.key}" --because "WHY". Not done: run: npx handover retry "${claim.key}"`,
  };
}
