import type { CartRequest, CheckoutRequest } from '../checkout/cart-request.ts';
import type { PricedCart } from '../checkout/price-cart.ts';
import type { Started } from '../contract/gateway.ts';
import type { Money } from '../contract/money.ts';

/** Begins payments. */
export interface Checkout {
  price(request: CartRequest): Promise<PricedCart>;
  /** Throws a `CheckoutError` when nothing was begun. */
  start(request: CheckoutRequest): Promise<BegunCheckout>;
  /** The ways to pay a sum, in the configuration's order. */
  choices(total: Money): readonly CheckoutChoice[];
  /** What the product files of these lines say of tax, each once. */
  taxes(cart: PricedCart): readonly ('included' | 'added')[];
}

export interface CheckoutChoice {
  readonly gateway: string;
  readonly method?: string;
  /** What its button says. */
  readonly label: string;
  readonly needsBuyer: boolean;
}

export interface BegunCheckout {
  readonly started: Started;
  /** The order's number and the signed address of its page. */
  readonly order?: { readonly number: string; readonly url: string };
}
