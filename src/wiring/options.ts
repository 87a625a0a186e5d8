import type { Connector } from '../contract/connector.ts';
import type { Gateway } from '../contract/gateway.ts';
import type { Logger } from '../contract/log.ts';
import type { MetricsRegistry } from '../monitoring/metrics-types.ts';
import type { Store } from '../storage/store.ts';

/** What `handover()` takes. Only `config` is needed. */
export interface HandoverOptions {
  /** The folder with handover.json and products/. */
  readonly config: string;
  /**
   * Where everything is kept: the path of a SQLite file (made when it is missing; its folder must exist), the address of a
   * PostgreSQL database (`postgres://user:password@host/database`, needs `npm install pg`), or a store of your own.
   * @default `handover.db` in the configuration's folder
   */
  readonly store?: string | Store;
  /** Whether this process also carries steps out. With false it only takes callbacks and shows pages. @default true */
  readonly worker?: boolean;
  /** Whether changed files are taken up while running. @default true */
  readonly watch?: boolean;
  /** Gateways of your own, beside the built-in ones. */
  readonly gateways?: readonly Gateway<never>[];
  /** Connectors of your own, beside the built-in ones. */
  readonly connectors?: readonly Connector<never>[];
  /** A logger of pino's shape. @default JSON lines on standard error */
  readonly logger?: Logger;
  /** Where `{ "env": … }` is looked up. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => Date;
  /**
   * Metrics for Prometheus, in a registry of their own (true) or in yours. Needs `npm install prom-client`. The address /metrics
   * below the mount exists only where handover.json names its token.
   * @default false
   */
  readonly metrics?: boolean | MetricsRegistry;
  /**
   * Spans through OpenTelemetry; you bring the SDK. Needs `npm install @opentelemetry/api`. `traceparent`: calls of connectors
   * carry it, so that the other side can go on with the trace.
   * @default false
   */
  readonly tracing?: boolean | { readonly traceparent?: boolean };
}
