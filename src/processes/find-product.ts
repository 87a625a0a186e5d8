import type { ProductConfig, SiteConfig } from '../config/types.ts';

/** One version of what the shop's files say: enough to carry an order out, without any secret. */
export interface Catalogue {
  readonly version: string;
  readonly site: Pick<
    SiteConfig,
    'site' | 'brand' | 'owner' | 'messages' | 'discounts' | 'taxes' | 'outcomes' | 'mailPatienceSeconds'
  >;
  readonly products: ReadonlyMap<string, ProductConfig>;
}

/** A product and the version of the files it was read from. */
export interface FoundProduct {
  readonly product: ProductConfig;
  readonly catalogue: Catalogue;
}

/** The product a SKU names: by the version the order was accepted under, else by the newest (its file came later). */
export function findProduct(sku: string | undefined, catalogues: readonly Catalogue[]): FoundProduct | undefined {
  if (sku === undefined) return undefined;
  for (const catalogue of catalogues) {
    const product = catalogue.products.get(sku) ?? [...catalogue.products.values()].find(({ aliases }) => aliases?.includes(sku));
    if (product) return { product, catalogue };
  }
  return undefined;
}
