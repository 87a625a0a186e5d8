import type { ProductConfig, SiteConfig } from '../../src/config/types.ts';
import type { Catalogue } from '../../src/processes/find-product.ts';

export function product(sku: string, changes: Partial<ProductConfig> = {}): ProductConfig {
  return {
    sku,
    title: `Course ${sku}`,
    price: '49.00 EUR',
    metadata: {},
    grants: { course: { action: 'lms.enrol', with: { course: sku.toLowerCase(), note: 'Order {{order.number}}' } } },
    outcomes: {},
    ...changes,
  };
}

export function catalogue(products: readonly ProductConfig[], changes: Partial<SiteConfig> = {}, version = 'v1'): Catalogue {
  const site: SiteConfig = {
    mode: 'live',
    baseUrl: 'https://shop.example.org/shop',
    site: { name: 'Ada Training', language: 'en', timeZone: 'UTC' },
    brand: {
      colors: { primary: '#1d4ed8', background: '#f8fafc', surface: '#ffffff', text: '#0f172a' },
      fonts: { body: 'sans-serif', heading: 'sans-serif' },
      layout: 'card',
    },
    owner: { email: 'owner@example.org', sales: 'notice' },
    messages: 'condensed',
    discounts: 'hold',
    taxes: 'included',
    outcomes: {},
    retries: { delaysSeconds: [0, 5], everySeconds: 60, untilHours: 1 },
    mailPatienceSeconds: 120,
    links: { pageDays: 90 },
    ...changes,
  };
  return { version, site, products: new Map(products.map((each) => [each.sku, each])) };
}
