import { join } from 'node:path';
import { createCatalogues, type Catalogues } from './wiring/catalogues.ts';
import { createActivationService, type ActivationService } from './activation/service.ts';
import { createDesks } from './wiring/desks.ts';
import type { Configuration } from './config/configuration.ts';
import { crashPoint } from './crash-point.ts';
import { loadConfiguration, watchConfiguration } from './config/index.ts';
import { shapesFrom } from './wiring/action-shapes.ts';
import { builtInConnectors } from './wiring/built-in-connectors.ts';
import type { KeyPools } from './contract/connector.ts';
import { HandoverError, giveUp } from './contract/errors.ts';
import type { PaymentEvent } from './contract/event.ts';
import type { HttpClient } from './contract/http.ts';
import type { Logger } from './contract/log.ts';
import type { StepProblem } from './contract/plan.ts';
import { createEdition, type Edition } from './wiring/edition.ts';
import { digest, reconsider, recordEvents, sweep, type OpenGateway, type Parts, type SweepCount } from './flow.ts';
import { createKeyPools } from './fulfilment/key-pools.ts';
import { markOf } from './fulfilment/key-mark.ts';
import type { RetrySchedule } from './fulfilment/backoff.ts';
import type { ActionParts } from './fulfilment/run-action.ts';
import { createRunner, type Runner, type RunnerParts } from './fulfilment/runner.ts';
import { insistent } from './fulfilment/insist.ts';
import { runStep } from './fulfilment/run-step.ts';
import { settleCallback } from './fulfilment/settle-callback.ts';
import { isGone, nameWorker } from './fulfilment/worker-name.ts';
import { builtInGateways } from './gateways/index.ts';
import { claimPlace, leavePlace } from './wiring/claim-place.ts';
import { createHiding } from './wiring/hiding.ts';
import { createMessages } from './wiring/messages.ts';
import { createMonitoring, type Monitoring } from './wiring/monitoring.ts';
import { openStore } from './wiring/open-store.ts';
import type { HandoverOptions } from './wiring/options.ts';
import { createIntakeGate, type IntakeGate } from './http/intake-gate.ts';
import { createConsoleLog } from './outgoing/console-log.ts';
import { createHttpClient } from './outgoing/axios-http.ts';
import { freshStep } from './processes/fresh-step.ts';
import { noticeStep, parkedNotice } from './processes/notices.ts';
import { clockPassed } from './wiring/own-events.ts';
import { rulesFrom } from './wiring/rules.ts';
import { hideInLog } from './secrets/hide-texts.ts';
import { createSealer, type Sealer } from './secrets/sealing.ts';
import { poolsOf } from './wiring/stock-pools.ts';
import { createStockWatch } from './wiring/stock-watch.ts';
import { createWaitingOrders } from './wiring/waiting-orders.ts';
import { startHousekeeping } from './wiring/housekeeping.ts';
import { startSweeper } from './wiring/sweeper.ts';
import type { StepClaim, Store } from './storage/store.ts';

import { createVerdictCounter, type VerdictCounter } from './wiring/verdict-counter.ts';

/** All parts of one mounted Handover, joined. Decides nothing itself. */
export interface App {
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => Date;
  readonly runner: Runner;
  readonly verdicts: VerdictCounter;
  readonly monitoring: Monitoring;
  /** Bounds what callbacks take of the process. */
  readonly intake: IntakeGate;
  readonly http: HttpClient;
  readonly keys: KeyPools;
  /** Answers software that asks about its key. */
  readonly activation: ActivationService;
  /** The configuration in force; known from the first moment. */
  configuration(): Configuration;
  /** What hangs on it; known once `ready` has resolved. */
  edition(): Edition;
  catalogues: Catalogues;
  sealer(): Sealer;
  actionParts(): ActionParts;
  gateway(name: string): OpenGateway | undefined;
  /** Takes the files up now. Throws `CONFIG_INVALID` and keeps the last good ones when they are wrong. */
  reload(): Promise<void>;
  /** Decides again about an order, with an event of staff added where there is one. */
  reconsider: (orderId: string, added?: Parameters<typeof reconsider>[1]) => Promise<boolean>;
  /** Facts that came by no callback: a checkout we began, money that staff confirm. */
  record(events: readonly PaymentEvent[]): Promise<void>;
  /** Compares what was kept since then with the gateway's own list and fetches what is missing. Throws what the gateway throws. */
  sweep(gateway: OpenGateway, since: Date): Promise<SweepCount>;
  /** Puts a parked step back on the schedule; a grant as its product file says now. False when it is not parked. */
  retryStep(key: string, by: string): Promise<boolean>;
  ready(): Promise<void>;
  /** Calls back when the app closes. */
  onClose(listener: () => void): void;
  /** Takes nothing more on, finishes or gives back what it has claimed, and closes the store. Ten seconds at most. */
  close(): Promise<void>;
}

/** What sites have no reason to change. */
export type Tuning = Pick<RunnerParts, 'leaseMs' | 'pollMs' | 'graceMs' | 'quietMs'>;

/** Between two attempts to open. */
const [firstPauseMs, longestPauseMs] = [1000, 5000];

/** Reads the configuration at once and throws when it is wrong; opens the store and begins to work in the background. */
export function createApp(options: HandoverOptions, tuning: Tuning = {}): App {
  const { now = () => new Date(), logger = createConsoleLog() } = options;
  const known = {
    gateways: [...builtInGateways, ...(options.gateways ?? [])],
    connectors: [...builtInConnectors, ...(options.connectors ?? [])],
  };
  const load = (): Configuration => loadConfiguration(options.config, { ...known, env: options.env ?? process.env });
  let configuration = load();
  const hide = createHiding(() => configuration);
  const log = hideInLog(logger, hide);
  for (const { file, path, message } of configuration.warnings) log.warn({ file, path }, message);

  const warnOfStore = (message: string): void => log.warn({ code: 'STORE_NOT_DURABLE' }, message);
  const place = openStore(
    options.store ?? join(configuration.folder, 'handover.db'),
    options.now && (() => now().getTime()),
    warnOfStore,
  );
  const http = createHttpClient({ now: () => now().getTime() });
  const monitoring = createMonitoring({
    options,
    store: place.store,
    http,
    log,
    now,
    catalogues: () => catalogues,
    configuration: () => configuration,
    runner: () => runner,
    start: () => ({ isReady: edition !== undefined && !isClosed, code: isClosed ? 'CLOSED' : startProblem }),
  });
  const { store } = monitoring;
  claimPlace(place.path);

  const stopping = new AbortController();
  const catalogues = createCatalogues(store);
  const verdicts = createVerdictCounter(store, log);
  const intake = createIntakeGate();
  let sealer: Sealer | undefined;
  let edition: Edition | undefined;
  let opening: Promise<void> | undefined;
  let watcher: { close(): void } | undefined;
  let isClosed = false;
  let startProblem: string | undefined;
  let pauseMs = firstPauseMs;
  const closing: (() => void)[] = [];

  const inForce = (): Edition => {
    if (!edition)
      throw new HandoverError('NOT_READY', 'Handover is still starting.', { hint: 'Await handover(…).ready() first.' });
    return edition;
  };
  const sealerInForce = (): Sealer => {
    if (!sealer)
      throw new HandoverError('NOT_READY', 'Handover is still starting.', { hint: 'Await handover(…).ready() first.' });
    return sealer;
  };
  const lazySealer = {
    seal: (text: string) => sealerInForce().seal(text),
    open: (text: string) => sealerInForce().open(text),
    fingerprint: (text: string) => sealerInForce().fingerprint(text),
  };
  const keys = createKeyPools(store, lazySealer);
  const desks = createDesks({ store: insistent(store, stopping.signal), sealer: lazySealer, edition: inForce, catalogues });
  const activation = createActivationService({ store, sealer: lazySealer, markOf, now, settings: () => configuration.site });
  const schedule = (): RetrySchedule => configuration.site.retries;
  const messages = createMessages({
    catalogues,
    edition: inForce,
    sealer: lazySealer,
    log,
    shopFolder: configuration.folder,
    now,
    ordersOf: (text) => store.findOrders({ text, limit: 20 }),
    isSpared: (email) => store.isSpared(sealerInForce().fingerprint(email.toLowerCase())),
  });

  const stock = createStockWatch({ store, catalogues, configuration: () => configuration, log });

  const parts: Parts = {
    store,
    gateway: (name) => inForce().gateway(name),
    catalogue: () => catalogues.keptNewest(),
    catalogueOf: (version) => catalogues.of(version),
    rules: (gateway, files) => rulesFrom(files, gateway, configuration.gateways.get(gateway), configuration.site.mode),
    pools: () => poolsOf(configuration.products),
    shapeOf: shapesFrom((name) => inForce().account(name)),
    count: (callback, verdict) => verdicts.count(callback, verdict),
    wake: () => {
      runner.wake();
      stock.lookAtUnits();
    },
  };
  const actionParts = (): ActionParts => ({
    store,
    account: (name) => inForce().account(name),
    http: monitoring.connectorHttp,
    keys,
    desks,
    sealer: lazySealer,
    now,
    log,
  });
  const runner: Runner = createRunner({
    store,
    worker: nameWorker(),
    isGone,
    ...tuning,
    log,
    stopping,
    limits: () => inForce().limits,
    digest: (callback) =>
      settleCallback(callback, {
        store,
        now,
        log,
        hide,
        schedule,
        stopping: stopping.signal,
        digest: (claimed) => monitoring.digest(claimed, async () => digest(claimed, gatewayOf(claimed.gateway), parts)),
        noticesAbout: ({ gateway, id, deliveryId, receivedAt, attempts }, problem) => [
          noticeStep(
            {
              kind: 'parkedCallback',
              key: `callback/${id}/${attempts}`,
              orderId: '',
              about: { id: String(id), gateway, deliveryId, receivedAt: receivedAt.getTime(), attempts, ...problem },
            },
            catalogues.newest(),
          ),
        ],
      }),
    crowd: () => intake.waiting(),
    runStep: async (claim, isTrial) => {
      const stepParts = {
        ...actionParts(),
        store,
        hide,
        schedule,
        stopping: stopping.signal,
        isTrial,
        sendMessage: messages.send.bind(messages),
        passTime: (step: StepClaim) => passTime(step),
        noticesAbout: (step: StepClaim, problem: StepProblem) => [parkedNotice(step, problem, catalogues.newest())],
      };
      const news = await monitoring.step(claim, () => runStep(claim, stepParts));
      stock.look(claim.account);
      return news;
    },
  });

  const waitingOrders = createWaitingOrders({
    store,
    configuration: () => configuration,
    reconsider: (id) => reconsiderOrder(id),
    log,
  });

  function gatewayOf(name: string): OpenGateway {
    const gateway = inForce().gateway(name);
    if (gateway) return gateway;
    throw giveUp('GATEWAY_UNKNOWN', `The configuration has no gateway "${name}" any more, so its callback cannot be read.`, {
      hint: `Put "${name}" back under "gateways" in handover.json, then run: npx handover retry --callbacks`,
    });
  }

  async function adopt(next: Configuration): Promise<void> {
    catalogues.adopt(next);
    configuration = next;
    edition = createEdition(next, { store, sealer: sealerInForce(), http: monitoring.http, log, now, stopping: stopping.signal });
    messages.use(next);
    await waitingOrders.release();
  }

  async function reconsiderOrder(id: string, added: Parameters<typeof reconsider>[1] = []): Promise<boolean> {
    const record = await store.findOrder(id);
    if (record) await reconsider(record.order, added, parts);
    return record !== undefined;
  }

  async function passTime({ orderId, notBefore = 0 }: StepClaim): Promise<void> {
    const record = await store.findOrder(orderId);
    if (record) await reconsider(record.order, [clockPassed(record.order, notBefore)], parts);
  }

  async function retryStep(key: string, by: string): Promise<boolean> {
    const record = await store.findOrder(key.slice(0, key.indexOf('/')));
    const step = record?.steps.find((each) => each.key === key);
    return store.retryStep(key, by, step && record && freshStep(record.order, step, catalogues.newest(), parts.shapeOf));
  }

  async function open(): Promise<void> {
    await store.open();
    sealer = createSealer(configuration.site.secret ?? [await place.secret()]);
    await adopt(configuration);
    if (isClosed) return;
    if (options.worker !== false) {
      runner.start();
      closing.push(store.onWork(() => runner.wake()));
      const sweeper = startSweeper({
        store,
        now,
        log,
        configuration: () => configuration,
        gateway: (name) => inForce().gateway(name),
        sweep: (gateway, since) => sweep(gateway, since, parts),
      });
      closing.push(() => sweeper.close());
      const housekeeping = startHousekeeping({ store, configuration: () => configuration, log });
      closing.push(() => housekeeping.close());
      monitoring.alarms.start();
    }
    if (options.watch !== false) watcher = watch();
    log.info(
      { products: configuration.products.size, mode: configuration.site.mode, version: configuration.version },
      'Handover is ready.',
    );
  }

  function watch(): { close(): void } {
    return watchConfiguration(configuration.folder, load, {
      onChange: (next) =>
        void adopt(next).then(
          () => log.info({ version: next.version, products: next.products.size }, 'The changed configuration is in force.'),
          (error: unknown) =>
            log.error({ error: messageOf(error) }, 'The changed configuration could not be adopted; the last good one stays.'),
        ),
      onRefused: (error) =>
        log.error(
          { code: 'CONFIG_INVALID' },
          `The changed configuration is refused; the last good one stays.\n${messageOf(error)}`,
        ),
    });
  }

  /** A failed opening is tried again by itself, so that a full disk heals without a restart, also where nobody calls. */
  function ready(): Promise<void> {
    if (isClosed) return Promise.reject(new HandoverError('CLOSED', 'This Handover was closed.'));
    opening ??= open().catch((error: unknown) => {
      const { code, where, hint } = error instanceof HandoverError ? error : { code: 'START_FAILED' };
      startProblem = code;
      log.error({ code, error: messageOf(error), where, hint }, 'Handover could not start; callbacks get 503 until it can.');
      setTimeout(openAgain, pauseMs).unref();
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      throw error;
    });
    return opening;
  }

  function openAgain(): void {
    opening = undefined;
    ready().catch(() => undefined);
  }

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    for (const listener of closing) listener();
    watcher?.close();
    await opening?.catch(() => undefined);
    await runner.stop();
    await waitingOrders.close();
    crashPoint('while closing');
    stock.close();
    monitoring.close();
    await verdicts.close();
    messages.close();
    await store.close();
    leavePlace(place.path);
  }

  ready().catch(() => undefined);
  return {
    store,
    log,
    now,
    runner,
    verdicts,
    monitoring,
    intake,
    http,
    keys,
    activation,
    catalogues,
    configuration: () => configuration,
    edition: inForce,
    sealer: sealerInForce,
    actionParts,
    gateway: (name) => edition?.gateway(name),
    reload: async () => adopt(load()),
    reconsider: reconsiderOrder,
    record: (events) => recordEvents(events, parts),
    sweep: (gateway, since) => sweep(gateway, since, parts),
    retryStep,
    ready,
    onClose: (listener) => void closing.push(listener),
    close,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
