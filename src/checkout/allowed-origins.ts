import type { SiteConfig } from '../config/types.ts';

/** Whose pages may post a cart: our own, the site's, and those the configuration names. */
export function allowedOrigins({
  baseUrl,
  site,
  checkout,
}: Pick<SiteConfig, 'baseUrl' | 'site' | 'checkout'>): ReadonlySet<string> {
  return new Set([baseUrl, site.url, ...checkout.origins].flatMap((address) => originOf(address) ?? []));
}

/**
 * Where the gateway sends a buyer who gives up: what the request says, if it leads to a page of ours or of a site that may post
 * carts; a path is one on our own host. Else the configured address, else our cart page. Undefined: the request's is not allowed.
 */
export function cancelAddress(
  wanted: string | undefined,
  cart: string,
  site: Pick<SiteConfig, 'baseUrl' | 'site' | 'checkout'>,
): string | undefined {
  if (wanted === undefined) return site.checkout.cancelUrl ?? `${site.baseUrl}${cart}`;
  const address = URL.canParse(wanted, site.baseUrl) ? new URL(wanted, site.baseUrl) : undefined;
  return address && !address.username && allowedOrigins(site).has(address.origin) ? address.href : undefined;
}

function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}
