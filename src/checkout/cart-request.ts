import type { Person } from '../contract/event.ts';

/** What a caller asks to buy. Nothing of it is a price: those come from the product files. */
export interface CartRequest {
  readonly items: readonly CartItem[];
  /** Which of the products' prices. Default: the first one that all have. */
  readonly currency?: string;
}

export interface CartItem {
  readonly sku: string;
  readonly quantity: number;
  readonly learner?: Person;
}

/** A cart that is to be paid. */
export interface CheckoutRequest extends CartRequest {
  readonly gateway?: string;
  readonly method?: string;
  readonly buyer: Person;
  /** BCP 47. */
  readonly language?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The caller's own name of this cart: the same one twice begins one payment. */
  readonly key?: string;
  readonly cancelUrl?: string;
}

/** The cart page with these items. What is in it can be read by whoever has the address, so no person is named there. */
export function cartPath({ items, currency, language }: CartRequest & { readonly language?: string }): string {
  const query = new URLSearchParams();
  for (const { sku, quantity } of items) {
    query.append('sku', sku);
    query.append('quantity', String(quantity));
  }
  if (currency !== undefined) query.set('currency', currency);
  if (language !== undefined) query.set('language', language);
  return `/cart?${query.toString()}`;
}
