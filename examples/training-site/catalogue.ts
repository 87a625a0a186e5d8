import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMoney, type Money } from 'handover/contract';

/** What the site shows of a product. */
export interface CatalogueItem {
  readonly sku: string;
  readonly title: string;
  readonly description: string;
  readonly price: Money;
}

interface ProductFile {
  readonly sku: string;
  readonly title: string;
  readonly description?: string;
  readonly price: string;
}

/** From the files that Handover reads too, so that the price on the page is the price that is checked. The cheapest first. */
export async function readCatalogue(shopFolder: string): Promise<CatalogueItem[]> {
  const folder = join(shopFolder, 'products');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const products = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as ProductFile),
  );
  return products
    .map(({ sku, title, description = '', price }) => {
      const money = parseMoney(price);
      if (!money) throw new Error(`${sku}: "${price}" is not a price.`);
      return { sku, title, description, price: money };
    })
    .sort((a, b) => a.price.amount - b.price.amount);
}

export interface CartLine extends CatalogueItem {
  readonly quantity: number;
}

/** Reads `of:SKU = quantity`, as the form on the home page sends it. What is not for sale or not a small number is left out. */
export function readCart(form: Readonly<Record<string, unknown>>, catalogue: readonly CatalogueItem[]): CartLine[] {
  return catalogue
    .map((item) => ({ ...item, quantity: Number(form[`of:${item.sku}`]) }))
    .filter(({ quantity }) => Number.isInteger(quantity) && quantity > 0 && quantity < 100);
}
