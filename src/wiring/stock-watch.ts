import type { Catalogues } from './catalogues.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Logger } from '../contract/log.ts';
import { noticeStep } from '../processes/notices.ts';
import { poolsOf } from './stock-pools.ts';
import type { Store } from '../storage/store.ts';

/** Looks at key pools after something was taken from them, and tells the owner once per filling that one runs low or is empty. */
export interface StockWatch {
  /** An account has worked; cheap, may be called after every step. */
  look(account: string): void;
  /** Something was bought or paid back; as cheap. */
  lookAtUnits(): void;
  close(): void;
}

const everyMs = 5000;

export function createStockWatch(parts: {
  readonly store: Pick<Store, 'keyCounts' | 'stockCounts' | 'addSteps'>;
  readonly catalogues: Catalogues;
  configuration(): Configuration;
  readonly log: Logger;
}): StockWatch {
  const due = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let unitsTimer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    timer = undefined;
    const accounts = [...due].map((name) => parts.configuration().accounts.get(name));
    due.clear();
    const levels = accounts.flatMap((account) => account?.connector.pools?.(account.options) ?? []);
    if (levels.length === 0) return;
    const counts = await parts.store.keyCounts();
    for (const { name, lowStock } of levels) {
      const { free = 0, taken = 0, revoked = 0 } = counts.find(({ pool }) => pool === name) ?? {};
      if (free >= lowStock && free > 0) continue;
      const level = free === 0 ? 'empty' : 'low';
      const about = { pool: name, left: free, lowStock };
      await parts.store.addSteps([
        noticeStep(
          { kind: 'lowStock', key: `stock/${name}/${free + taken + revoked}/${level}`, orderId: '', about },
          parts.catalogues.newest(),
        ),
      ]);
    }
  }

  /** Told once per capacity and level: places that were paid back and sold again are nothing new. */
  async function checkUnits(): Promise<void> {
    unitsTimer = undefined;
    const { products } = parts.configuration();
    const pools = poolsOf(products);
    const counts = await parts.store.stockCounts(pools);
    for (const [index, { name, capacity, skus }] of pools.entries()) {
      const left = Math.max(0, capacity - (counts[index]?.sold ?? 0));
      const lowAt = Math.max(0, ...skus.map((sku) => products.get(sku)?.stock?.lowAt ?? 0));
      if (left > lowAt) continue;
      const about = { pool: name, left, lowStock: lowAt, capacity, skus: skus.join(', ') };
      const key = `units/${name}/${capacity}/${left === 0 ? 'empty' : 'low'}`;
      await parts.store.addSteps([noticeStep({ kind: 'lowStock', key, orderId: '', about }, parts.catalogues.newest())]);
    }
  }

  return {
    lookAtUnits() {
      if (poolsOf(parts.configuration().products).length === 0) return;
      unitsTimer ??= setTimeout(
        () => void checkUnits().catch(() => parts.log.warn({}, 'The stock could not be counted.')),
        everyMs,
      ).unref();
    },
    look(account) {
      if (!parts.configuration().accounts.get(account)?.connector.pools) return;
      due.add(account);
      timer ??= setTimeout(
        () => void check().catch(() => parts.log.warn({ account }, 'Key stock could not be counted.')),
        everyMs,
      ).unref();
    },
    close() {
      clearTimeout(timer);
      clearTimeout(unitsTimer);
    },
  };
}
