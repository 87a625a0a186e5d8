/** When a failed step is tried again, and when no longer. Seconds, as in handover.json `retries`. */
export interface RetrySchedule {
  /** Before the first, second, third … attempt. */
  readonly delaysSeconds: readonly number[];
  /** Between all later ones. */
  readonly everySeconds: number;
  /** After so long the step is parked. */
  readonly untilHours: number;
}

export const defaultSchedule: RetrySchedule = {
  delaysSeconds: [0, 5, 30, 120, 600, 1800, 7200, 21_600, 43_200],
  everySeconds: 43_200,
  untilHours: 72,
};

/**
 * Milliseconds to the next attempt after `failed` failed ones, with full jitter, never earlier than the other side asked.
 * Undefined: the budget is used up.
 */
export function nextDelayMs(
  schedule: RetrySchedule,
  { failed, ageMs, retryAfterMs = 0 }: { readonly failed: number; readonly ageMs: number; readonly retryAfterMs?: number },
  random: () => number = Math.random,
): number | undefined {
  const budgetMs = schedule.untilHours * 3_600_000;
  if (ageMs >= budgetMs) return undefined;
  const plannedMs = (schedule.delaysSeconds[failed] ?? schedule.everySeconds) * 1000;
  const jittered = Math.ceil(plannedMs * random());
  return Math.min(Math.max(jittered, retryAfterMs), Math.max(budgetMs - ageMs, 1000));
}
