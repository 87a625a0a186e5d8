/** SKUs that share so many units: places of a course session, a limited run. */
export interface StockPool {
  readonly name: string;
  readonly capacity: number;
  /** Of all products that draw on it, older names and bundles included. */
  readonly skus: readonly string[];
}

/** What a line of an order holds of the stock. */
export interface StockDraw {
  readonly line: number;
  readonly sku: string;
  readonly units: number;
  /** `reserved`: not paid yet. `sold`: paid. `short`: paid, but there was no more; it counts against nobody. */
  readonly state: 'reserved' | 'sold' | 'short';
  /** A reservation counts until then, milliseconds since 1970. Undefined: until the order says otherwise. */
  readonly until?: number;
}

/** A pool that an order draws on. Nobody else draws on it before the decision that reads this is written. */
export interface StockLevel {
  readonly pool: StockPool;
  /** Units that other orders and carts hold. */
  readonly others: number;
  /** Units this order was sold before. */
  readonly own: number;
}

/** References that name the cart an order came from begin like this. */
export const cartPrefix = 'cart:';
