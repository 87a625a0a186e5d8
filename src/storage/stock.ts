import type { StockPool } from '../contract/stock.ts';

export type * from '../contract/stock.ts';

export interface StockCount {
  readonly name: string;
  readonly sold: number;
  readonly reserved: number;
  /** Paid beyond the capacity, and held. */
  readonly short: number;
}

/** Limited stock: who holds how many units. What an order holds is written with each decision about it. */
export interface StockStore {
  /**
   * Holds units for a cart while its payment is begun, all or none; it ends by itself after `forMs`, and when an order that
   * carries `cart` among its references is recorded. The same cart again changes what it holds; where an order has it, nothing
   * happens. Gives the name of the first pool that has too few.
   */
  reserveStock(
    cart: string,
    pools: readonly StockPool[],
    wanted: readonly { readonly sku: string; readonly units: number }[],
    forMs: number,
  ): Promise<string | undefined>;
  /** The cart's payment was not begun. */
  releaseStock(cart: string): Promise<void>;
  /** `except`: an order whose own units are left out. */
  stockCounts(pools: readonly StockPool[], except?: string): Promise<readonly StockCount[]>;
}
