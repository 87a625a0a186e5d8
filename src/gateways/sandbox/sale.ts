import type { EventLine, Person } from '../../contract/event.ts';
import { HandoverError } from '../../contract/errors.ts';
import type { Money } from '../../contract/money.ts';
import { hmacSha256, isEqual } from '../signature.ts';

/** What a product costs and is called. */
export interface SandboxProduct {
  readonly title: string;
  readonly price: Money;
}

export interface SandboxItem {
  readonly sku: string;
  /** @default 1 */
  readonly quantity?: number;
}

/** One purchase in the sandbox. It is kept nowhere: whoever goes on with it hands it in again. */
export interface SandboxSale {
  /** `sbx_…` */
  readonly payment: string;
  readonly lines: readonly EventLine[];
  readonly total: Money;
  readonly buyer?: Person;
  readonly language?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Where the shop wants a buyer who gives up. */
  readonly cancelUrl?: string;
}

/** Throws `SANDBOX_…` when there is nothing to buy, a SKU has no product, or the currencies differ. */
export function linesFor(
  items: readonly SandboxItem[],
  products: ReadonlyMap<string, SandboxProduct>,
): { lines: EventLine[]; total: Money } {
  const lines = items.map((item) => lineFor(item, products));
  const [first] = lines;
  if (!first) throw new HandoverError('SANDBOX_CART_EMPTY', 'Nothing is in the cart.', { hint: 'Name at least one SKU.' });
  const { currency } = first.total;
  if (lines.some(({ total }) => total.currency !== currency)) {
    throw new HandoverError('SANDBOX_CURRENCIES_DIFFER', 'The products in the cart have prices in different currencies.', {
      hint: 'Buy them one by one.',
    });
  }
  return { lines, total: { amount: lines.reduce((sum, { total }) => sum + total.amount, 0), currency } };
}

function lineFor({ sku, quantity = 1 }: SandboxItem, products: ReadonlyMap<string, SandboxProduct>): EventLine {
  const product = products.get(sku);
  if (!product) {
    throw new HandoverError('SANDBOX_SKU_UNKNOWN', `No product file has the SKU "${sku}".`, {
      hint: products.size > 0 ? `There is ${[...products.keys()].slice(0, 10).join(', ')}.` : 'There are no product files yet.',
    });
  }
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > 999) {
    throw new HandoverError('SANDBOX_QUANTITY_WRONG', `"${sku}" cannot be bought ${quantity} times.`, {
      hint: 'Give a number from 1 to 999.',
    });
  }
  const sum = { amount: product.price.amount * quantity, currency: product.price.currency };
  return { sku, title: product.title, quantity, subtotal: sum, total: sum };
}

/** A sale as a text for a form field or address, which only we can have written. */
export function sealSale(secret: string, sale: SandboxSale): string {
  const text = Buffer.from(JSON.stringify(sale)).toString('base64url');
  return `${text}.${markOf(secret, text).toString('base64url')}`;
}

/** Undefined when it was not sealed with this secret. */
export function openSale(secret: string, sealed: string): SandboxSale | undefined {
  const [text = '', mark = ''] = sealed.split('.');
  if (!isEqual(Buffer.from(mark, 'base64url'), markOf(secret, text))) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as SandboxSale;
}

/** A form must not pass as a callback, so what is signed begins differently. */
function markOf(secret: string, text: string): Buffer {
  return hmacSha256(secret, 'sandbox sale\n', text);
}
