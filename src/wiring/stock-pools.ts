import type { ProductConfig } from '../config/types.ts';
import type { StockPool } from '../contract/stock.ts';

type Products = ReadonlyMap<string, ProductConfig>;

/** What the product files limit. Whoever buys a bundle draws on the pools of all it includes. */
export function poolsFrom(products: Products): StockPool[] {
  const pools = new Map<string, StockPool & { readonly skus: string[] }>();
  for (const product of products.values()) {
    if (!product.stock) continue;
    const { capacity, pool: name = product.sku } = product.stock;
    const pool = pools.get(name) ?? { name, capacity, skus: [] };
    pools.set(name, pool);
    for (const sku of skusGiving(product, products)) if (!pool.skus.includes(sku)) pool.skus.push(sku);
  }
  return [...pools.values()];
}

const made = new WeakMap<Products, readonly StockPool[]>();

/** The same, made once for each version of the files. */
export function poolsOf(products: Products): readonly StockPool[] {
  const known = made.get(products) ?? poolsFrom(products);
  made.set(products, known);
  return known;
}

/** Every name under which a product is sold, by itself or in a bundle. */
export function skusGiving(product: ProductConfig, products: Products): string[] {
  const bundles = [...products.values()].filter(({ includes = [] }) => includes.includes(product.sku));
  return [product.sku, ...(product.aliases ?? []), ...bundles.flatMap((bundle) => skusGiving(bundle, products))];
}
