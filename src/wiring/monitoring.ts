import type * as OpenTelemetry from '@opentelemetry/api';
import type * as PromClient from 'prom-client';
import type { Catalogues } from './catalogues.ts';
import type { HandoverOptions } from './options.ts';
import type { Configuration } from '../config/configuration.ts';
import type { HttpClient } from '../contract/http.ts';
import type { Logger } from '../contract/log.ts';
import type { Runner } from '../fulfilment/runner.ts';
import type { MetricsPage } from '../http/metrics.ts';
import { createAlarms, type Alarms } from '../monitoring/alarms.ts';
import { createHealth, type Health, type WorkerState } from '../monitoring/health.ts';
import { together, type Around, type Listener } from '../monitoring/listener.ts';
import { loadPeer } from '../monitoring/load-peer.ts';
import { createMetrics, type Metrics, type MetricsParts } from '../monitoring/metrics.ts';
import { createTracing, type Tracing } from '../monitoring/tracing.ts';
import { watchStore } from '../monitoring/watch-store.ts';
import { noticeStep } from '../processes/notices.ts';
import type { ClaimedCallback, StepClaim, Store } from '../storage/store.ts';

/** How the site is watched. Where metrics and tracing are off, store and clients are the plain ones. */
export interface Monitoring {
  readonly store: Store;
  /** For gateways. */
  readonly http: HttpClient;
  readonly connectorHttp: HttpClient;
  readonly heard: Listener;
  readonly digest: Around<ClaimedCallback>;
  readonly step: Around<StepClaim>;
  readonly alarms: Alarms;
  health(): Promise<Health>;
  /** Undefined: metrics are off. */
  readonly metrics: MetricsPage | undefined;
  close(): void;
}

export interface MonitoringParts {
  readonly options: Pick<HandoverOptions, 'metrics' | 'tracing' | 'worker'>;
  readonly store: Store;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly now: () => Date;
  readonly catalogues: () => Catalogues;
  configuration(): Configuration;
  runner(): Pick<Runner, 'lookedAt' | 'wake'>;
  /** Whether the store is open; else why not. */
  start(): { readonly isReady: boolean; readonly code: string | undefined };
}

/** A runner looks about once a second; one whose look takes this long hangs. */
const stuckMs = 15_000;
/** Longer is not waited for the counts of a scrape. */
const countingMs = 2000;

export function createMonitoring(parts: MonitoringParts): Monitoring {
  const { options, store, http, log, now } = parts;
  const metrics = options.metrics ? openMetrics(options.metrics, parts) : undefined;
  const tracing = options.tracing ? openTracing(options.tracing) : undefined;
  const heard = together([...(metrics ? [metrics] : []), ...(tracing ? [tracing] : [])]);
  const alarms = createAlarms({
    store,
    settings: () => parts.configuration().site.alarms,
    notice: ({ key, about }) => noticeStep({ kind: 'alarm', key, orderId: '', about }, parts.catalogues().newest()),
    wake: () => parts.runner().wake(),
    now,
    log,
  });
  const worker = (): WorkerState => {
    const lookedAt = parts.runner().lookedAt();
    if (options.worker === false) return 'off';
    if (lookedAt === undefined) return 'starting';
    return performance.now() - lookedAt > stuckMs ? 'stuck' : 'running';
  };

  return {
    store: metrics || tracing ? watchStore(store, heard) : store,
    http: tracing ? tracing.http(http, 'gateway') : http,
    connectorHttp: tracing ? tracing.http(http, 'connector') : http,
    heard,
    digest: heard.digest ?? plainly,
    step: heard.step ?? plainly,
    alarms,
    health: createHealth({ store, start: () => parts.start(), worker, version: () => parts.configuration().version }),
    metrics: metrics && { token: () => parts.configuration().site.metrics?.token, render: () => metrics.render() },
    close() {
      alarms.close();
      metrics?.close();
    },
  };
}

function plainly<T>(_about: unknown, work: () => Promise<T>): Promise<T> {
  return work();
}

function openMetrics(choice: NonNullable<HandoverOptions['metrics']>, parts: MonitoringParts): Metrics {
  return createMetrics({
    client: loadPeer<typeof PromClient>('prom-client', 'metrics'),
    ...(typeof choice === 'object' && { registry: choice }),
    counts: () => countsOf(parts.store),
    knows: (gateway) => parts.configuration().gateways.has(gateway),
    now: parts.now,
  });
}

/** Undefined while the store cannot tell, or not in time. */
async function countsOf(store: Store): ReturnType<MetricsParts['counts']> {
  const counting = Promise.all([store.status(), store.keyCounts()]).then(
    ([status, pools]) => ({ status, pools }),
    () => undefined,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), countingMs)));
  return Promise.race([counting, late]).finally(() => clearTimeout(timer));
}

function openTracing(choice: NonNullable<HandoverOptions['tracing']>): Tracing {
  const traceparent = typeof choice === 'object' && choice.traceparent === true;
  return createTracing({ api: loadPeer<typeof OpenTelemetry>('@opentelemetry/api', 'tracing'), traceparent });
}
