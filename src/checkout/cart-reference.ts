import { createHash, randomBytes } from 'node:crypto';
import type { CheckoutRequest } from './cart-request.ts';

/**
 * Names an attempt to buy: the gateway's idempotency key. With the caller's own key the same cart has the same name, so a form
 * sent twice begins one payment. Without one each request is a purchase of its own: a name made from what is in the cart would
 * lead whoever knows a buyer's address to that buyer's order.
 */
export function cartReference(request: CheckoutRequest, gateway: string): string {
  if (request.key === undefined) return randomBytes(16).toString('hex');
  const { key, items, currency, buyer, method, metadata } = request;
  const words = [key, gateway, method ?? '', currency ?? '', items, buyer, metadata];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32);
}
