import { definition } from '../../src/config/definitions.ts';
import { check } from '../../src/config/schema.ts';
import type { ProductConfig, SiteConfig } from '../../src/config/types.ts';
import type { Catalogue } from '../../src/processes/find-product.ts';

export function product(sku: string, changes: Partial<ProductConfig> = {}): ProductConfig {
  const file = {
    sku,
    title: `Course ${sku}`,
    price: '49.00 EUR',
    grants: { course: { action: 'lms.enrol', with: { course: sku.toLowerCase(), note: 'Order {{order.number}}' } } },
    ...changes,
  };
  return withDefaults(file, 'product') as ProductConfig;
}

export function catalogue(products: readonly ProductConfig[], changes: Partial<SiteConfig> = {}, version = 'v1'): Catalogue {
  const file = {
    baseUrl: 'https://shop.example.org/shop',
    site: { name: 'Ada Training' },
    owner: { email: 'owner@example.org' },
    retries: { delaysSeconds: [0, 5], everySeconds: 60, untilHours: 1 },
    ...changes,
  };
  return { version, site: withDefaults(file, 'site') as SiteConfig, products: new Map(products.map((each) => [each.sku, each])) };
}

/** As a file is read: what it leaves out is filled in. */
function withDefaults(file: object, kind: 'site' | 'product'): unknown {
  const problems = check(file, definition(kind));
  if (problems.length > 0) throw new Error(problems.map(({ keys, message }) => `${keys.join('.')}: ${message}`).join('\n'));
  return file;
}
