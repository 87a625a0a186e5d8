import { fieldsAt, textAt, type Fields } from './fields.ts';

/** Where a SKU may stand. */
export interface SkuPlaces {
  readonly line: Fields;
  readonly price: Fields | undefined;
  readonly product: Fields | undefined;
  /** Metadata of the payment itself. It can name a SKU only where there is one line. */
  readonly payment: Readonly<Record<string, string>> | undefined;
}

/**
 * The first SKU found. A source is `line.metadata.KEY`, `price.lookup_key`, `product.id` and the like; `options.ts` lists them.
 * A deleted product has an id and nothing else, so its metadata is passed over.
 */
export function findSku(sources: readonly string[], places: SkuPlaces): string | undefined {
  for (const source of sources) {
    const sku = textIn(source, places)?.trim();
    if (sku) return sku;
  }
  return undefined;
}

function textIn(source: string, { line, price, product, payment }: SkuPlaces): string | undefined {
  const [where, field = '', ...rest] = source.split('.');
  const key = rest.join('.');
  switch (where) {
    case 'line':
      return textAt(line, 'metadata', key);
    case 'price':
      return field === 'metadata' ? textAt(price, 'metadata', key) : textAt(price, field);
    case 'product':
      return field === 'metadata' ? textAt(product, 'metadata', key) : textAt(product, field);
    case 'payment':
      return textAt(payment, key);
    default:
      return undefined;
  }
}

/** A product named by its id alone, or the product itself. */
export function productOf(price: Fields | undefined): Fields | undefined {
  const id = textAt(price, 'product');
  return id === undefined ? fieldsAt(price, 'product') : { id };
}
