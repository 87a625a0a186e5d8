import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../app.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Command } from './command.ts';
import { requireStore } from './open-shop.ts';
import { importOwnParts } from './own-modules.ts';
import { readPlace, type Place } from './place.ts';

const retryMs = 2000;

/** Workers without a web server: the same as a site does in the background, in a process or on a host of its own. */
export const work: Command = {
  name: 'work',
  summary: 'Carries out what is due, without a web server, until it is stopped',
  details: [
    'Reads kept callbacks, carries out steps and sends mails, beside any number of others on the same store. A site that is\nto leave all of that to it is given "worker: false". Changed files of the shop are taken up while it runs.',
    'It ends with SIGINT or SIGTERM: what runs is finished within ten seconds or given back. The log goes to standard error.',
  ],
  operands: [],
  options: {},
  examples: ['npx handover work'],

  async run(input) {
    const place = readPlace(input);
    requireStore(place);
    const stopped = untilStopped();
    const app = await openWorker(place);
    try {
      await opened(app, stopped.signal);
      await stopped.promise;
    } finally {
      await app.close();
      stopped.end();
    }
    return 0;
  },
};

async function openWorker({ config, store, modules }: Place): Promise<App> {
  const [{ createApp }, { createConsoleLog }, own] = await Promise.all([
    import('../app.ts'),
    import('../outgoing/console-log.ts'),
    importOwnParts(modules),
  ]);
  const logger = createConsoleLog(process.env['HANDOVER_DEBUG'] === '1' ? 'debug' : 'info');
  return createApp({ ...own, config, store, logger, worker: true });
}

/** A database that is away for a moment, at a failover or while the whole house starts, is waited for. */
async function opened(app: App, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await app.ready();
      return;
    } catch (error) {
      if (!(error instanceof HandoverError) || !['STORE_UNAVAILABLE', 'STORE_BUSY'].includes(error.code)) throw error;
      await delay(retryMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

/** Holds the process until it is told to stop. Whoever tells it twice ends it at once. */
function untilStopped(): { readonly promise: Promise<void>; readonly signal: AbortSignal; end(): void } {
  const stopping = new AbortController();
  const alive = setInterval(() => undefined, 1 << 30);
  const promise = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const stop = () => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  return { promise, signal: stopping.signal, end: () => clearInterval(alive) };
}
