import { HandoverError, StepError, tryLater } from '../contract/errors.ts';
import { logText } from '../contract/log-text.ts';
import type { StepProblem } from '../contract/plan.ts';

/**
 * Anything thrown, as an attempt's error: what is not ours counts as `tryLater`, with an unknown outcome. `hasCalled`: the other
 * side was asked before, so whatever went wrong here, it may have acted.
 */
export function asStepError(error: unknown, hasCalled = false): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof HandoverError) {
    const { code, message, hint } = error;
    return tryLater(code, message, { cause: error, unknown: hasCalled, ...(hint !== undefined && { hint }) });
  }
  const message = error instanceof Error ? error.message : 'Something that is no error was thrown.';
  return tryLater('UNEXPECTED_ERROR', message, { cause: error, unknown: true });
}

/** A problem in a log. Nobody knows what the words of an unexpected error hold; they stand in the history only. */
export function loggedAs({ code, message }: StepProblem): string {
  return code === 'UNEXPECTED_ERROR' ? 'Something unexpected was thrown; the history has its words.' : logText(message);
}

/** What of an error is kept with the step. */
export function problemOf({ code, message, hint }: HandoverError): StepProblem {
  return { code, message: message.slice(0, 2000), ...(hint !== undefined && { hint }) };
}

/** The same without the secrets of the configuration: others may repeat what we sent them. */
export function withoutSecrets({ code, message, hint }: StepProblem, hide: (text: string) => string): StepProblem {
  return { code, message: hide(message), ...(hint !== undefined && { hint: hide(hint) }) };
}
