/** One process of a site, opened from its environment and asked over IPC. `site-part.ts` starts it, and kills it. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { createApp } from '../../src/app.ts';
import { armCrashPoint } from '../../src/crash-point.ts';
import { importKeys } from '../../src/fulfilment/key-pools.ts';
import { createConsoleLog } from '../../src/outgoing/console-log.ts';
import { createAppRouter } from '../../src/wiring/router.ts';
import { unrulyConnector, unrulyGateway } from './unruly.ts';

export interface Parked {
  readonly key: string;
  readonly orderId: string;
  readonly action: string;
  readonly code: string;
}

/** What can be asked of a process. */
export interface Questions {
  /** Makes it die at a place, counted from now. */
  dieAt(place: string): Promise<void>;
  /** How much will go on by itself: what waits for a parked step does not. */
  open(): Promise<number>;
  parkedSteps(): Promise<Parked[]>;
  parkedCallbacks(): Promise<{ readonly id: number; readonly code: string; readonly attempts: number }[]>;
  retryStep(key: string): Promise<boolean>;
  retryCallback(id: number): Promise<boolean>;
  /** What the history of all orders says. */
  history(): Promise<string[]>;
  /** How many workers held claims when this process opened its store. */
  leasesAtStart(): Promise<number>;
  /** How many keys of the stock were given out. */
  keysTaken(): Promise<number>;
}

const { env } = process;
const setting = (name: string): string => env[name] ?? '';
const milliseconds = (name: string) => (env[name] === undefined ? undefined : Number(env[name]));

const leaseMs = milliseconds('CRASH_LEASE_MS');
const quietMs = milliseconds('CRASH_QUIET_MS');
const app = createApp(
  {
    config: setting('CRASH_SHOP'),
    store: setting('CRASH_STORE'),
    worker: env['CRASH_WORKER'] !== 'no',
    watch: false,
    logger: createConsoleLog('warn'),
    gateways: [unrulyGateway],
    connectors: [unrulyConnector],
  },
  { pollMs: 250, ...(leaseMs !== undefined && { leaseMs }), ...(quietMs !== undefined && { quietMs }) },
);
const leasesAtStart = app.store.open().then(async () => (await app.store.workers()).length);
leasesAtStart.catch(() => undefined);
const site = express();
site.use('/shop', createAppRouter(app));
const server = createServer(site);

const questions: Questions = {
  dieAt: async (place) => armCrashPoint(place),
  async open() {
    const { callbacks, steps } = await app.store.status();
    const isDueSome = (await app.store.nextDueInMs()) !== undefined;
    return callbacks.open + steps.ready + steps.running + (isDueSome ? 1 : 0);
  },
  async parkedSteps() {
    const steps = await app.store.parkedSteps(10_000);
    return steps.map(({ key, orderId, action, error }) => ({ key, orderId, action, code: error?.code ?? '' }));
  },
  async parkedCallbacks() {
    const parked = await app.store.parkedCallbacks(10_000);
    return parked.map(({ id, attempts, problem }) => ({ id, attempts, code: problem.code }));
  },
  async retryStep(key) {
    const isBack = await app.store.retryStep(key, 'a test');
    app.runner.wake();
    return isBack;
  },
  async retryCallback(id) {
    const isBack = await app.store.retryCallback(id, 'a test');
    app.runner.wake();
    return isBack;
  },
  async history() {
    const orders = await app.store.findOrders({ limit: 1000 });
    const entries = await Promise.all(orders.map(({ id }) => app.store.history(id)));
    return entries.flat().map(({ at, text }) => `${at} ${text}`);
  },
  leasesAtStart: () => leasesAtStart,
  async keysTaken() {
    const counts = await app.store.keyCounts();
    return counts.find(({ pool }) => pool === 'stock')?.taken ?? 0;
  },
};

process.on('message', ({ id, ask, args }: { id: number; ask: keyof Questions; args: never[] }) => {
  const answer = app.ready().then(() => (questions[ask] as (...given: never[]) => Promise<unknown>)(...args));
  answer.then(
    (told) => process.send?.({ id, answer: told }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});

/** As a site's own server would: nothing new is taken, what runs is finished, then the process ends. */
process.on('SIGTERM', () => {
  void app.close().then(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
});
process.on('disconnect', () => process.exit(0));

/** Of several processes that start at once, one fills it; one that is killed meanwhile has added nothing. */
async function fillStock(): Promise<void> {
  while ((await app.store.keyCounts()).length === 0) {
    await importKeys(app.store, app.sealer(), 'stock', setting('CRASH_STOCK')).catch(() => sleep(50));
  }
}

const filled = app.ready().then(fillStock);
filled.catch(() => undefined);
if (env['CRASH_LISTEN'] !== 'before it is ready') await filled;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });

// A killed process leaves no compile cache, so the first one writes it while it lives.
const cache = getCompileCacheDir();
if (cache !== undefined && readdirSync(cache).length === 0) flushCompileCache();
