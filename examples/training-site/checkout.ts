import type { CartLine } from './catalogue.ts';

export interface CheckoutSettings {
  /** Address of Stripe's API. */
  readonly apiBase: string;
  readonly apiKey: string;
  /** Where Handover is mounted, as buyers reach it. */
  readonly baseUrl: string;
}

/**
 * Starts a payment at Stripe and gives the address of its payment page. Names and prices come from our own files, never from
 * the browser, and each line carries its SKU: that is all Handover needs to know the product again. Ordinary shop code;
 * the `stripe` package does the same (https://docs.stripe.com/api/checkout/sessions/create).
 */
export async function startCheckout(cart: readonly CartLine[], { apiBase, apiKey, baseUrl }: CheckoutSettings): Promise<string> {
  const form = new URLSearchParams({
    mode: 'payment',
    success_url: `${baseUrl}/return/stripe?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: new URL('/', baseUrl).href,
  });
  cart.forEach(({ sku, title, price, quantity }, index) => {
    const line = `line_items[${index}]`;
    form.set(`${line}[quantity]`, String(quantity));
    form.set(`${line}[price_data][currency]`, price.currency.toLowerCase());
    form.set(`${line}[price_data][unit_amount]`, String(price.amount));
    form.set(`${line}[price_data][product_data][name]`, title);
    form.set(`${line}[price_data][product_data][metadata][sku]`, sku);
  });
  const answer = await fetch(`${apiBase}/v1/checkout/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}` },
    body: form,
  });
  const session = (await answer.json()) as { url?: string; error?: { message?: string } };
  if (!answer.ok || session.url === undefined) {
    throw new Error(`Stripe started no payment (${answer.status}): ${session.error?.message ?? 'no reason given'}`);
  }
  return session.url;
}
