import type { Configuration } from '../config/configuration.ts';
import type { StockCount, Store } from '../storage/store.ts';
import { poolsOf } from '../wiring/stock-pools.ts';
import { table } from './table.ts';

/** A limited stock as staff see it. */
export interface UnitStock extends StockCount {
  readonly capacity: number;
  /** What can be sold now. */
  readonly left: number;
  /** The owner is told when so many are left. */
  readonly lowAt: number;
  readonly skus: readonly string[];
}

/** What the product files limit, and what the store counts of it. */
export async function unitStocks(store: Pick<Store, 'stockCounts'>, shop: Configuration | undefined): Promise<UnitStock[]> {
  if (!shop) return [];
  const pools = poolsOf(shop.products);
  const counts = await store.stockCounts(pools);
  return pools.map(({ name, capacity, skus }, index) => {
    const count = counts[index] ?? { name, sold: 0, reserved: 0, short: 0 };
    const lowAt = Math.max(0, ...skus.map((sku) => shop.products.get(sku)?.stock?.lowAt ?? 0));
    return { ...count, capacity, left: Math.max(0, capacity - count.sold - count.reserved), lowAt, skus };
  });
}

export function describeUnits(stocks: readonly UnitStock[], indent = ''): string[] {
  const rows = stocks.map((stock) => [
    stock.name,
    `${stock.left} of ${stock.capacity} left`,
    `${stock.sold} sold`,
    `${stock.reserved} being paid for`,
    markOf(stock),
  ]);
  return table(rows, { indent });
}

function markOf({ capacity, sold, lowAt, short }: UnitStock): string {
  const left = capacity - sold;
  const level = left <= 0 ? 'SOLD OUT' : left <= lowAt ? 'LOW' : '';
  const held = short > 0 ? `${short} paid beyond it and held` : '';
  return [level, held].filter(Boolean).join(', ');
}
