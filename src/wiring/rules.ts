import { parseMoney } from '../contract/money.ts';
import type { GatewayInstance } from '../config/configuration.ts';
import type { MatchRules, Pricing } from '../orders/match-order.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import { findProduct, type Catalogue } from '../processes/find-product.ts';

/** What an order is compared with: the product files' money, and what the site says of mode and gateway. */
export function rulesFrom(
  catalogues: readonly Catalogue[],
  gateway: GatewayInstance | undefined,
  mode: 'live' | 'test',
): MatchRules {
  return {
    mode,
    receivers: gateway?.receivers ?? [],
    ignoreSkus: gateway?.ignoreSkus ?? [],
    isEmailAddress,
    pricing: (sku) => pricingOf(sku, catalogues),
  };
}

function pricingOf(sku: string, catalogues: readonly Catalogue[]): Pricing | undefined {
  const found = findProduct(sku, catalogues);
  if (!found) return undefined;
  const { product, catalogue } = found;
  return {
    prices: [product.price].flat().flatMap((price) => parseMoney(price) ?? []),
    discounts: product.discounts ?? catalogue.site.discounts,
    taxes: product.taxes ?? catalogue.site.taxes,
  };
}
