import type * as PromClient from 'prom-client';
import type { KeyPoolCount, StoreStatus } from '../storage/store.ts';

export interface Counts {
  readonly status: StoreStatus;
  readonly pools: readonly KeyPoolCount[];
}

type Set = (value: number, label?: string) => void;

interface GaugeParts {
  readonly client: typeof PromClient;
  /** Notes the name and where it goes. */
  readonly named: <Settings extends { name: string }>(settings: Settings) => Settings & { registers: PromClient.Registry[] };
  readonly counts: () => Promise<Counts | undefined>;
}

/** What the store says at the moment Prometheus asks: asked once for all of them. While it cannot tell, they are left out. */
export function createGauges({ client, named, counts }: GaugeParts): void {
  let asked: { readonly at: number; readonly counts: Promise<Counts | undefined> } | undefined;
  const askOnce = (): Promise<Counts | undefined> => {
    if (!asked || performance.now() - asked.at > sharedMs) asked = { at: performance.now(), counts: counts() };
    return asked.counts;
  };

  const gauge = (name: string, help: string, fill: (found: Counts, set: Set) => void, label?: string): void => {
    new client.Gauge(
      named({
        name,
        help,
        labelNames: label === undefined ? [] : [label],
        async collect(this: PromClient.Gauge): Promise<void> {
          const found = await askOnce();
          this.reset();
          if (found) fill(found, (value, of) => (label === undefined ? this.set(value) : this.set({ [label]: of ?? '' }, value)));
          else if (label === undefined) this.remove();
        },
      }),
    );
  };

  new client.Gauge(
    named({
      name: 'handover_store_readable',
      help: '1 when the store could be asked, 0 when not; then the gauges below are left out.',
      async collect(this: PromClient.Gauge): Promise<void> {
        this.set((await askOnce()) ? 1 : 0);
      },
    }),
  );
  gauge('handover_steps', 'Steps that are not finished, by state.', ({ status: { steps } }, set) => {
    for (const [state, count] of Object.entries(steps)) set(count, state);
  }, 'state'); // prettier-ignore
  gauge('handover_callbacks', 'Kept callbacks that are not finished, by state (open, parked).', ({ status: { callbacks } }, set) => {
    for (const [state, count] of Object.entries(callbacks)) set(count, state);
  }, 'state'); // prettier-ignore
  gauge('handover_orders_held', 'Orders that do not add up and wait for staff.', ({ status }, set) => set(status.orders.held));
  gauge('handover_orders_parked', 'Orders that wait for a product file.', ({ status }, set) =>
    set(status.orders.waitingForProduct),
  );
  gauge(
    'handover_oldest_open_seconds',
    'Age of the oldest unfinished callback or step; 0 when there is none.',
    ({ status }, set) => set((status.oldestOpenMs ?? 0) / 1000),
  );
  gauge('handover_key_pool_free', 'Activation keys left in a pool.', ({ pools }, set) => {
    for (const { pool, free } of pools) set(free, pool);
  }, 'pool'); // prettier-ignore
}

/** Gauges of one visit are filled one after the other. */
const sharedMs = 500;
