import { setTimeout as delay } from 'node:timers/promises';

import { isBusy } from './errors.ts';

/** Repeats what met a lock of another process, without holding up this one, for at most 5 seconds. */
export async function waitForLock<T>(attempt: () => T | Promise<T>, patienceMs = 5000): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await delay(lockDelayMs(count));
    }
  }
}

/** From 1 ms to about 50 ms, by chance, so that two who wait do not meet again. */
export function lockDelayMs(count: number): number {
  return 1 + Math.random() * Math.min(50, 2 ** count);
}
