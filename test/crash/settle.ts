import { setTimeout as sleep } from 'node:timers/promises';
import type { SitePart } from './site-part.ts';

/** Waits until everything is finished or parked. Fails with what the process logged. */
export async function settle(part: SitePart, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const open = await part.ask.open();
    if (open === 0) return;
    if (Date.now() > deadline) throw new Error(`${open} things are still open after ${timeoutMs} ms.\n${part.log.slice(-3000)}`);
    await sleep(15);
  }
}

/** Waits for a process that is to die. Fails when it lives on. */
export async function untilKilled(part: SitePart, timeoutMs = 20_000): Promise<void> {
  const how = await Promise.race([part.ended, sleep(timeoutMs, 'nothing', { ref: false })]);
  if (how !== 'SIGKILL')
    throw new Error(`The process was to be killed at its crash point, and ended with: ${how}.\n${part.log.slice(-3000)}`);
}
