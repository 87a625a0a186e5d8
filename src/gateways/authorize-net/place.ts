import type { AuthorizeNetOptions } from './options.ts';
import type { Transaction } from './transaction.ts';

/** What the invoice numbers of our checkout begin with. */
export const cartPrefix = 'HO-';
/** Authorize.net's limit. */
export const invoiceLength = 20;

/**
 * Which purchase a transaction belongs to: its subscription, the cart of ours that its invoice number names, or itself. A
 * shop's own invoice numbers count only where the configuration says that no two purchases share one.
 */
export function purchaseOf(
  { id, invoice, subscription }: Pick<Transaction, 'id' | 'invoice'> & { readonly subscription?: Transaction['subscription'] },
  { orders = 'transaction' }: Pick<AuthorizeNetOptions, 'orders'>,
): string {
  if (subscription) return subscriptionPurchase(subscription.id);
  if (invoice === undefined || invoice === '') return id;
  const isOurs = invoice.startsWith(cartPrefix) && invoice.length === invoiceLength;
  return isOurs || orders === 'invoice' ? invoice : id;
}

/** Subscriptions and transactions are numbered apart, so the same number may stand for both. */
export function subscriptionPurchase(id: string): string {
  return `arb-${id}`;
}
