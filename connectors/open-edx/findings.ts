import { StepError, type Finding } from 'handover/contract';

export function good(message: string): Finding {
  return { ok: true, message };
}

export function bad(message: string, hint: string): Finding {
  return { ok: false, message, hint };
}

/** What a failed call means is what the finding says. */
export async function tell(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}
