import { accepted, type Callback, type Gateway, type PaymentEvent, tryLater } from '../../../src/contract/index.ts';
import { digest, receive, reconsider, recordEvents, type OpenGateway, type Parts } from '../../../src/flow.ts';
import { createRunner } from '../../../src/fulfilment/runner.ts';
import { runStep, type StepParts } from '../../../src/fulfilment/run-step.ts';
import { settleCallback } from '../../../src/fulfilment/settle-callback.ts';
import { silentLog } from '../../../src/outgoing/console-log.ts';
import type { StepClaim } from '../../../src/storage/store.ts';
import { shapesFrom } from '../../../src/wiring/action-shapes.ts';
import { clockPassed } from '../../../src/wiring/own-events.ts';
import { rulesFrom } from '../../../src/wiring/rules.ts';
import type { Schedule } from './schedule.ts';
import { openAccounts } from './target.ts';
import type { Process, World } from './world.ts';

export const leaseMs = 10_000;
const retries = { delaysSeconds: [0, 1, 5, 20], everySeconds: 30, untilHours: 1_000_000 };

/** A process of the site at work: the real flow and the real runner, on a world that may fail it. */
export interface SimulatedProcess extends Process {
  /** True: it was acknowledged. */
  takes(callback: Callback): Promise<boolean>;
  decides(events: readonly PaymentEvent[]): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly schedule: Schedule;
  readonly world: World;
  /** By its own clock, which may be wrong. */
  readonly now: () => Date;
  readonly isGone: (worker: string) => boolean;
  /** Whether the gateway's own API fails just now. */
  readonly isUnread: () => boolean;
}

export function startProcess({ name, schedule, world, now, isGone, isUnread }: ProcessOptions): SimulatedProcess {
  const process: Process = { name, isDead: false };
  const store = world.storeOf(process);
  const accounts = openAccounts(schedule.parallel, schedule.timeoutSeconds);
  const account = (each: string) => accounts.get(each);
  const stopping = new AbortController();
  const gateway = gatewayThat(isUnread, now);
  const parts: Parts = {
    store,
    gateway: () => gateway,
    catalogue: async () => schedule.catalogue,
    catalogueOf: async () => schedule.catalogue,
    rules: (each, files) => rulesFrom(files, each, undefined, 'live'),
    shapeOf: shapesFrom(account),
    count: () => undefined,
    pools: () => [],
    wake: () => runner.wake(),
  };
  const stepParts: StepParts = {
    store,
    account,
    http: world.httpOf(process),
    keys: undefined as never,
    desks: () => ({}) as never,
    sealer: { seal: (text) => text, open: (text) => text },
    now,
    log: silentLog,
    hide: (text) => text,
    schedule: () => retries,
    stopping: stopping.signal,
    async sendMessage({ key }) {
      await world.sendMail(process, key);
      return { outcome: {} };
    },
    passTime,
    noticesAbout: () => [],
  };

  async function passTime({ orderId, notBefore = 0 }: StepClaim): Promise<void> {
    const record = await store.findOrder(orderId);
    if (record) await reconsider(record.order, [clockPassed(record.order, notBefore)], parts);
  }

  const runner = createRunner({
    store,
    worker: name,
    isGone,
    log: silentLog,
    stopping,
    leaseMs,
    pollMs: 5000,
    quietMs: 3000,
    limits: () => new Map([...accounts].map(([each, { limits }]) => [each, limits.parallel])),
    digest: (callback) =>
      settleCallback(callback, {
        store,
        now,
        log: silentLog,
        hide: (text) => text,
        schedule: () => retries,
        stopping: stopping.signal,
        digest: (claimed) => digest(claimed, gateway, parts),
        noticesAbout: () => [],
      }),
    runStep: (claim, isTrial) => runStep(claim, { ...stepParts, isTrial }),
  });
  runner.start();

  return Object.assign(process, {
    takes: async (callback: Callback) => (await receive(callback, gateway, parts)).status === 200,
    decides: (events: readonly PaymentEvent[]) => recordEvents(events, parts),
  });
}

function gatewayThat(isUnread: () => boolean, now: () => Date): OpenGateway {
  const gateway: Gateway = {
    name: 'stripe',
    summary: '',
    options: {},
    verify: ({ headers }) => accepted(String(headers['delivery'])),
    async read({ body }) {
      if (isUnread()) throw tryLater('SIMULATED_API', 'The gateway cannot be asked.');
      return { events: JSON.parse(Buffer.from(body).toString()) as PaymentEvent[] };
    },
  };
  return { name: 'stripe', gateway, context: { now } as never };
}
