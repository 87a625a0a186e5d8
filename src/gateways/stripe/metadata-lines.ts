import type { EventLine } from '../../contract/event.ts';
import { parseMoney, type Money } from '../../contract/money.ts';

/**
 * What was bought by a payment without Checkout, from the metadata the shop gave it: `sku` with an optional `quantity`, or
 * `items` as a list `SKU`, `SKU:quantity` or `SKU:quantity:amount`, e.g. `TS-101:1:49.00,TS-102:2:98.00`. The amount is for the
 * whole quantity; one item may leave it out and gets the rest. Empty when the metadata has none of it.
 */
export function metadataLines(metadata: Readonly<Record<string, string>>, paid: Money): EventLine[] {
  const items = readItems(metadata, paid.currency);
  const named = items.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  const open = items.findIndex(({ amount }) => amount === undefined);
  return items.map(({ sku, quantity, amount }, index) => {
    const sum = { amount: amount ?? (index === open ? paid.amount - named : 0), currency: paid.currency };
    return { sku, title: sku, quantity, subtotal: sum, total: sum };
  });
}

interface Item {
  readonly sku: string;
  readonly quantity: number;
  readonly amount: number | undefined;
}

function readItems(metadata: Readonly<Record<string, string>>, currency: string): Item[] {
  const list = metadata['items'] ?? metadata['skus'];
  if (list !== undefined) return list.split(',').flatMap((text) => readItem(text.trim(), currency) ?? []);
  const sku = metadata['sku']?.trim();
  if (!sku) return [];
  const quantity = /^\d{1,6}$/.test(metadata['quantity'] ?? '') ? Number(metadata['quantity']) : 1;
  return [{ sku, quantity, amount: undefined }];
}

function readItem(text: string, currency: string): Item | undefined {
  const [, sku, quantity = '1', amount] = /^(.+?)(?::(\d{1,6}))?(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (sku === undefined) return undefined;
  return {
    sku,
    quantity: Number(quantity),
    amount: amount === undefined ? undefined : parseMoney(`${amount} ${currency}`)?.amount,
  };
}
