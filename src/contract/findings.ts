import { StepError } from './errors.ts';
import type { Finding } from './gateway.ts';

/** A self-check found this in order. */
export function good(message: string): Finding {
  return { ok: true, message };
}

/** A self-check found fault with this; `hint` says what to do. */
export function bad(message: string, hint: string): Finding {
  return { ok: false, message, hint };
}

/** What a failed call means is what the finding says. Anything but a `StepError` goes on to the caller. */
export async function tell(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}
