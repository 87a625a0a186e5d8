/** What is to be bought, from the address of the sandbox's page. */
export interface CartItem {
  readonly sku: string;
  readonly quantity: number;
}

/**
 * Reads `sku=A&sku=B&quantity=2&quantity=1` (a missing quantity is 1), `items=A:2,B:1`, and the product list's own
 * `of:A=2`, where nothing or 0 means not this one. A quantity that is no number is kept as NaN, for the shop to refuse.
 */
export function readCart(query: URLSearchParams): CartItem[] {
  const quantities = query.getAll('quantity');
  const single = query.getAll('sku').map((sku, index) => ({ sku, quantity: numberIn(quantities[index] ?? '1') }));
  const listed = query.getAll('items').flatMap((list) => list.split(',').map(itemIn));
  const chosen = [...query].flatMap(([name, text]) =>
    name.startsWith('of:') ? [{ sku: name.slice(3), quantity: numberIn(text || '0') }] : [],
  );
  return [...single, ...listed, ...chosen.filter(({ quantity }) => quantity !== 0)].filter(({ sku }) => sku !== '');
}

/** A SKU may hold colons; the quantity is what stands behind the last one, when that is a number. */
function itemIn(text: string): CartItem {
  const [, sku = '', quantity = '1'] = /^(.+?)(?::(\d{1,6}))?$/.exec(text.trim()) ?? [];
  return { sku, quantity: numberIn(quantity) };
}

function numberIn(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN;
}
