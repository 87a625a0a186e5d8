import { setTimeout as sleep } from 'node:timers/promises';
import { HandoverError } from '../contract/errors.ts';

const pauseMs = 250;

/**
 * Records how an attempt ended, asking again while the store is busy or out of reach: an effect that was made and whose record
 * is given up would be made a second time. Ends when the store has answered, also with "another worker has it", or when the
 * process stops.
 */
export async function insist<T>(record: () => Promise<T>, stopping: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await record();
    } catch (error) {
      if (stopping.aborted || !isPassing(error)) throw error;
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

/**
 * The same store, for what an action keeps of its own while it runs: each change is insisted upon, since the call that came
 * before it would be made again.
 */
export function insistent<T extends object>(store: T, stopping: AbortSignal): T {
  return new Proxy(store, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]) => insist(async () => (await Reflect.apply(found, target, given)) as unknown, stopping);
    },
  });
}

function isPassing(error: unknown): boolean {
  return error instanceof HandoverError && (error.code === 'STORE_BUSY' || error.code === 'STORE_UNAVAILABLE');
}
