import { giveUp, type OrderLine, type Row, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import type { Settings } from './options.ts';

export const productTypes = ['course', 'bundle', 'subscription'] as const;
export type ProductType = (typeof productTypes)[number];

/** Something a school sells. */
export interface Product {
  readonly id: string;
  readonly type: ProductType;
}

const routes: Readonly<Record<ProductType, string>> = {
  course: 'courses',
  bundle: 'bundles',
  subscription: 'subscription-plans',
};

export async function findProduct(client: Client, { id, type }: Product): Promise<Row | undefined> {
  if (id.trim() === '') return undefined;
  return client.rowIfThere({
    what: `find ${type} "${id}"`,
    writes: false,
    method: 'GET',
    path: `/v2/${routes[type]}/${encodeURIComponent(id)}`,
  });
}

/** The product's title. */
export async function titleFor(client: Client, product: Product, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<string> {
  const found = await findProduct(client, product);
  if (found) return textOf(found['title']);
  throw giveUp('LEARNWORLDS_PRODUCT_UNKNOWN', `LearnWorlds has no ${product.type} "${product.id}", which SKU ${sku} names.`, {
    hint: 'Correct "with.product" or "with.type" in the product file; then retry the step.',
  });
}

export function pageOf({ schoolUrl, coursePath, otherPath }: Settings, { id, type }: Product): string {
  return schoolUrl + (type === 'course' ? coursePath : otherPath).replaceAll('{id}', encodeURIComponent(id));
}
