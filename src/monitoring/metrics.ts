import type * as PromClient from 'prom-client';
import { HandoverError } from '../contract/errors.ts';
import type { Verdict } from '../contract/gateway.ts';
import type { KeyPoolCount, StoreStatus } from '../storage/store.ts';
import type { Listener } from './listener.ts';
import { boundedLabel } from './bounded-label.ts';
import { createDeferred, createDeferredByName } from './deferred.ts';
import type { MetricsRegistry } from './metrics-types.ts';
import { createReceipts } from './receipts.ts';
import { createGauges } from './store-gauges.ts';

export interface MetricsParts {
  readonly client: typeof PromClient;
  /** Where they go. @default a registry of their own */
  readonly registry?: MetricsRegistry;
  /** Counts of this moment; undefined while the store cannot tell. */
  counts(): Promise<{ readonly status: StoreStatus; readonly pools: readonly KeyPoolCount[] } | undefined>;
  /** Whether a gateway of this name is set up: other names come from strangers. */
  knows(gateway: string): boolean;
  readonly now: () => Date;
}

export interface Metrics extends Listener {
  /** The page for Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
  /** Takes them out of the registry, so that a site that is opened anew can put its own there. */
  close(): void;
}

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const delivery = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200, 259_200];

/** Names and help texts; docs/operations.md lists them. Labels are few: no SKU, no person, no order. */
export function createMetrics(parts: MetricsParts): Metrics {
  const { client, now } = parts;
  const collection = (parts.registry ?? new client.Registry()) as unknown as PromClient.Registry;
  refuseTaken(collection);
  const registers = [collection];
  const names: string[] = [];
  const named = <Settings extends { name: string }>(settings: Settings): Settings & { registers: PromClient.Registry[] } => {
    names.push(settings.name);
    return { ...settings, registers };
  };

  const callbacks = new client.Counter(
    named({
      name: 'handover_callbacks_total',
      help: 'Callbacks answered, by gateway, verdict (accepted, ignored, refused, failed) and code.',
      labelNames: ['gateway', 'verdict', 'code'] as const,
      collect: () => accepted.flush(),
    }),
  );
  const answering = new client.Histogram(
    named({
      name: 'handover_callback_duration_seconds',
      help: 'From the arrival of a callback to its answer.',
      labelNames: ['gateway'] as const,
      buckets: fast,
      collect: () => answered.flush(),
    }),
  );
  const committing = new client.Histogram(
    named({
      name: 'handover_callback_commit_seconds',
      help: 'Until an accepted callback was committed and synced.',
      buckets: fast,
      collect: () => committed.flush(),
    }),
  );
  const attempts = new client.Counter(
    named({
      name: 'handover_step_attempts_total',
      help: 'Attempts at steps, by how they ended (done, later, waiting, parked, released, lost).',
      labelNames: ['account', 'action', 'verb', 'result'] as const,
    }),
  );
  const attempting = new client.Histogram(
    named({
      name: 'handover_step_duration_seconds',
      help: 'How long attempts at steps took.',
      labelNames: ['account', 'verb'] as const,
      buckets: slow,
    }),
  );
  const delivering = new client.Histogram(
    named({
      name: 'handover_callback_to_delivered_seconds',
      help: 'From the arrival of the callback to each grant that was delivered for it.',
      buckets: delivery,
    }),
  );
  createGauges({ client, named, counts: () => parts.counts() });

  const accepted = createDeferredByName((gateway, count) =>
    callbacks.inc({ gateway: gatewayLabel(gateway), verdict: 'accepted', code: '' }, count),
  );
  const answered = createDeferredByName((gateway, seconds) => answering.observe({ gateway: gatewayLabel(gateway) }, seconds));
  const committed = createDeferred((seconds) => committing.observe(seconds));
  const receipts = createReceipts();
  const gatewayLabel = (name: string): string => (parts.knows(name) ? name : 'unknown');
  const code = boundedLabel(100);
  const codeOf = (verdict: Verdict): string => (verdict.kind === 'refused' ? code(verdict.code) : '');
  const action = boundedLabel(300);

  return {
    async callback(gateway, work) {
      const since = performance.now();
      try {
        return await work();
      } finally {
        answered.note(gateway, (performance.now() - since) / 1000);
      }
    },
    verdict(gateway, verdict) {
      if (verdict.kind === 'accepted') accepted.note(gateway, 1);
      else callbacks.inc({ gateway: gatewayLabel(gateway), verdict: verdict.kind, code: codeOf(verdict) });
    },
    failed: (gateway, why) => callbacks.inc({ gateway: gatewayLabel(gateway), verdict: 'failed', code: code(why) }),
    committed: (seconds) => committed.note(seconds),
    recorded: ({ receivedAt }, orders) => receipts.note(orders, receivedAt.getTime()),
    async step(claim, work) {
      const since = performance.now();
      try {
        return await work();
      } finally {
        attempting.observe({ account: claim.account, verb: claim.verb }, (performance.now() - since) / 1000);
      }
    },
    settled(claim, result) {
      attempts.inc({ account: claim.account, action: action(claim.action), verb: claim.verb, result });
      if (result !== 'done' || claim.verb !== 'grant' || claim.notBefore !== undefined) return;
      delivering.observe(Math.max(0, now().getTime() - receipts.of(claim.orderId, claim.createdAt)) / 1000);
    },
    async render() {
      return { type: collection.contentType, text: await collection.metrics() };
    },
    close: () => names.forEach((name) => collection.removeSingleMetric(name)),
  };
}

function refuseTaken(collection: PromClient.Registry): void {
  if (collection.getSingleMetric('handover_callbacks_total') === undefined) return;
  throw new HandoverError(
    'METRICS_REGISTRY_TAKEN',
    'Another handover(…) of this process has put its metrics into this registry.',
    {
      hint: 'Give each its own registry (metrics: new Registry()), with a default label that tells the shops apart.',
    },
  );
}
