import type { Configuration } from '../config/configuration.ts';
import type { Logger } from '../contract/log.ts';
import type { Store } from '../storage/store.ts';

export interface WaitingOrdersParts {
  readonly store: Pick<Store, 'ordersWaitingForSkus'>;
  readonly configuration: () => Configuration;
  readonly reconsider: (orderId: string) => Promise<unknown>;
  readonly log: Logger;
}

export interface WaitingOrders {
  /** Releases those whose product files have appeared: some before it resolves, a crowd of them beside the work. */
  release(): Promise<void>;
  /** Stops after the order that is dealt with now. */
  close(): Promise<void>;
}

/** How many are released before the site goes on. */
const atOnce = 100;
const most = 10_000;

/** Orders that wait for a product file of one of their SKUs. */
export function createWaitingOrders({ store, configuration, reconsider, log }: WaitingOrdersParts): WaitingOrders {
  let isClosed = false;
  let others = Promise.resolve();

  async function releaseAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (isClosed) return;
      await reconsider(id).catch((error: unknown) =>
        log.error(
          { order: id, error: error instanceof Error ? error.message : 'unknown' },
          'An order whose product file has appeared could not be released; the next change of the files tries again.',
        ),
      );
    }
  }

  return {
    async release() {
      const skus = [...configuration().products.values()].flatMap(({ sku, aliases = [] }) => [sku, ...aliases]);
      const ids = await store.ordersWaitingForSkus(skus, most);
      await releaseAll(ids.slice(0, atOnce));
      others = others.then(() => releaseAll(ids.slice(atOnce)));
    },
    async close() {
      isClosed = true;
      await others;
    },
  };
}
