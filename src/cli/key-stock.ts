import type { Configuration } from '../config/configuration.ts';
import type { KeyPoolCount } from '../storage/store.ts';
import { table } from './table.ts';

/** A pool of keys as staff see it. `lowStock`: the configuration warns below so many; undefined when no connector names the pool. */
export interface KeyStock extends KeyPoolCount {
  readonly lowStock?: number;
}

/** What the store counts, and pools the configuration names that were never filled. */
export function stocksOf(counts: readonly KeyPoolCount[], shop: Configuration | undefined): KeyStock[] {
  const wanted = poolsOf(shop);
  const known = new Set(counts.map(({ pool }) => pool));
  const neverFilled = [...wanted.keys()]
    .filter((pool) => !known.has(pool))
    .map((pool) => ({ pool, free: 0, taken: 0, revoked: 0 }));
  return [...counts, ...neverFilled].map((count) => {
    const lowStock = wanted.get(count.pool);
    return { ...count, ...(lowStock !== undefined && { lowStock }) };
  });
}

/** Pools that connectors take keys from, and below how many free ones they warn. */
export function poolsOf(shop: Configuration | undefined): ReadonlyMap<string, number> {
  const pools = new Map<string, number>();
  for (const { connector, options } of shop?.accounts.values() ?? []) {
    for (const { name, lowStock } of connector.pools?.(options) ?? []) pools.set(name, Math.max(lowStock, pools.get(name) ?? 0));
  }
  return pools;
}

export function describeStocks(stocks: readonly KeyStock[], indent = ''): string[] {
  const rows = stocks.map((stock) => [
    stock.pool,
    `${stock.free} free`,
    `${stock.taken} taken`,
    `${stock.revoked} revoked`,
    markOf(stock),
  ]);
  return table(rows, { indent });
}

function markOf({ free, lowStock }: KeyStock): string {
  if (lowStock === undefined) return '';
  if (free === 0) return 'SOLD OUT';
  return free < lowStock ? `LOW: fewer than ${lowStock}` : '';
}
