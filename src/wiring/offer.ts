import type { Configuration } from '../config/configuration.ts';
import type { Offer } from '../contract/gateway.ts';
import { parseMoney } from '../contract/money.ts';

/** What the product files say of a SKU, or of an older name of it, before money moves. */
export function offerOf(products: Configuration['products'], sku: string): Offer | undefined {
  const product = products.get(sku) ?? [...products.values()].find(({ aliases }) => aliases?.includes(sku));
  if (!product) return undefined;
  const prices = [product.price].flat().flatMap((price) => parseMoney(price) ?? []);
  return { sku: product.sku, title: product.title, prices };
}
