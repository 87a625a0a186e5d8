import { parseMoney } from '../contract/money.ts';
import type { GatewayInstance } from '../config/configuration.ts';
import type { MatchRules, Pricing } from '../orders/match-order.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import { findProduct, type Catalogue } from '../processes/find-product.ts';

/** The gateway of what staff give by hand. No configuration can use the name for another. */
export const handGateway = 'hand';

/** What an order is compared with: the product files' money, and what the site says of mode and gateway. */
export function rulesFrom(
  catalogues: readonly Catalogue[],
  name: string,
  gateway: GatewayInstance | undefined,
  mode: 'live' | 'test',
): MatchRules {
  return {
    mode,
    receivers: gateway?.receivers ?? [],
    ignoreSkus: gateway?.ignoreSkus ?? [],
    isEmailAddress,
    isGift: name === handGateway,
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
    trials: product.trials,
  };
}
