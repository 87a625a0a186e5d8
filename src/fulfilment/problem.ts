import { HandoverError, StepError, tryLater } from '../contract/errors.ts';
import type { StepProblem } from '../contract/plan.ts';

/** Anything thrown, as an attempt's error: what is not ours counts as `tryLater`, with an unknown outcome. */
export function asStepError(error: unknown): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof HandoverError) {
    return tryLater(error.code, error.message, { cause: error, ...(error.hint !== undefined && { hint: error.hint }) });
  }
  const message = error instanceof Error ? error.message : 'Something that is no error was thrown.';
  return tryLater('UNEXPECTED_ERROR', message, { cause: error, unknown: true });
}

/** What of an error is kept with the step. */
export function problemOf({ code, message, hint }: HandoverError): StepProblem {
  return { code, message: message.slice(0, 2000), ...(hint !== undefined && { hint }) };
}
