import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, and gives what it found. Fails with what was waited for, not with the runner's time limit. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = 15_000,
): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, undefined | null | false | 0 | ''>;
    if (Date.now() > deadline) throw new Error(`It did not come to this within ${timeoutMs} ms: ${what}.`);
    await sleep(5);
  }
}
