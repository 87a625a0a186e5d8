import { HandoverError } from '../contract/errors.ts';
import type { Store, StoreStatus } from '../storage/store.ts';

/** What an orchestrator or a balancer reads. No personal data, no addresses, no words of others. */
export interface Health {
  readonly status: 'ok' | 'failing';
  /** Why it is failing. */
  readonly code: string | null;
  readonly store: 'writable' | 'failing' | 'starting';
  /** `off`: this process carries nothing out, as it was told. */
  readonly worker: WorkerState;
  /** The version of the configuration in force. */
  readonly configuration: string;
  /** Age of the oldest unfinished callback or step. Null: unknown or none. */
  readonly oldestOpenSeconds: number | null;
  readonly parked: { readonly steps: number; readonly callbacks: number; readonly orders: number } | null;
  /** Orders that wait for staff. */
  readonly held: number | null;
}

export type WorkerState = 'running' | 'stuck' | 'off' | 'starting';

export interface HealthParts {
  readonly store: Pick<Store, 'touch' | 'status'>;
  /** Whether the store is open; else why not. */
  start(): { readonly isReady: boolean; readonly code?: string | undefined };
  worker(): WorkerState;
  version(): string;
  /** An answer is never older. @default 1000 */
  readonly freshMs?: number;
  /** The store must have answered within. @default 1500 */
  readonly patienceMs?: number;
}

type Findings = Pick<Health, 'store' | 'code' | 'oldestOpenSeconds' | 'parked' | 'held'>;

/**
 * Looks whether all is well, with a write to the store once a second at most, shared by all who ask. A store that hangs is asked
 * once, not again and again, and is told as failing meanwhile.
 */
export function createHealth(parts: HealthParts): () => Promise<Health> {
  const { freshMs = 1000, patienceMs = 1500 } = parts;
  let last: { readonly at: number; readonly findings: Promise<Findings> } | undefined;
  let isAsking = false;

  async function ask(): Promise<Findings> {
    isAsking = true;
    try {
      const [, status] = await Promise.all([parts.store.touch(), parts.store.status()]);
      return countsOf(status);
    } catch (error) {
      return failing(error instanceof HandoverError ? error.code : 'STORE_FAILED');
    } finally {
      isAsking = false;
    }
  }

  function findings(): Promise<Findings> {
    const isFresh = last !== undefined && (isAsking || performance.now() - last.at < freshMs);
    if (!last || !isFresh) last = { at: performance.now(), findings: within(patienceMs, ask()) };
    return last.findings;
  }

  return async () => {
    const start = parts.start();
    const found = start.isReady ? await findings() : starting(start.code);
    const worker = start.isReady ? parts.worker() : parts.worker() === 'off' ? 'off' : 'starting';
    const code = found.code ?? (worker === 'stuck' ? 'WORKER_STUCK' : null);
    return { status: code === null ? 'ok' : 'failing', ...found, code, worker, configuration: parts.version() };
  };
}

const unknown = { oldestOpenSeconds: null, parked: null, held: null };

function countsOf({ steps, callbacks, orders, oldestOpenMs }: StoreStatus): Findings {
  return {
    store: 'writable',
    code: null,
    oldestOpenSeconds: oldestOpenMs === undefined ? null : Math.round(oldestOpenMs / 1000),
    parked: { steps: steps.parked, callbacks: callbacks.parked, orders: orders.waitingForProduct },
    held: orders.held,
  };
}

function failing(code: string): Findings {
  return { store: 'failing', code, ...unknown };
}

/** A failed opening says why; before the first one has ended there is only this to say. */
function starting(code = 'NOT_READY'): Findings {
  return { store: 'starting', code, ...unknown };
}

function within(ms: number, asking: Promise<Findings>): Promise<Findings> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(failing('STORE_SILENT')), ms);
    void asking.then((found) => {
      clearTimeout(timer);
      resolve(found);
    });
  });
}
