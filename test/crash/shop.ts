import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the shop of these tests sells: one thing for each way in which a repeated attempt is made safe. */
export const goods = {
  COURSE: { title: 'A course (set)', price: 1000, action: 'axis-lms.enrol', with: { course: '17', days: 365 } },
  PATH: { title: 'A learning path (check)', price: 1100, action: 'axis-lms.enrolPath', with: { path: '41' } },
  POOL: { title: 'A key from stock (pool)', price: 1200, action: 'test-pro.issueKey', with: { source: 'stock' } },
  KEYED: { title: 'A key from elsewhere (keyed)', price: 1300, action: 'test-pro.issueKey', with: { source: 'keyed' } },
  BLIND: { title: 'A key from elsewhere (blind)', price: 1400, action: 'test-pro.issueKey', with: { source: 'blind' } },
} as const;

export type Sku = keyof typeof goods;
export const skus = Object.keys(goods) as Sku[];

/** Where the doubles of the other sides listen. */
export interface Addresses {
  readonly stripe: string;
  readonly lms: string;
  readonly keyed: string;
  readonly blind: string;
  readonly smtpPort: number;
}

/** Tried again at once, so that no test waits for a schedule. */
const atOnce = { delaysSeconds: Array.from({ length: 40 }, () => 0), everySeconds: 1, untilHours: 1 };

/** Writes the shop's files. `more` is laid over handover.json. */
export async function writeShop(folder: string, at: Addresses, more: object = {}): Promise<void> {
  const asked = { buyer: '{{buyer.email}}', step: '{{stepKey}}', unit: '{{unit}}' };
  const http = (url: string) => ({ kind: 'http', url, body: asked, timeoutSeconds: 1 });
  const handover = {
    mode: 'test',
    baseUrl: 'http://127.0.0.1:1/shop',
    site: { name: 'Crash test shop', support: 'mailto:help@example.org' },
    owner: { email: 'owner@example.org', sales: 'none' },
    secret: { env: 'HANDOVER_SECRET' },
    mail: { from: { email: 'shop@example.org' }, smtp: { host: '127.0.0.1', port: at.smtpPort } },
    gateways: {
      unruly: {},
      stripe: { secrets: [{ env: 'STRIPE_WEBHOOK_SECRET' }], apiKey: { env: 'STRIPE_API_KEY' }, apiBase: at.stripe },
    },
    connectors: {
      unruly: {},
      'axis-lms': { baseUrl: at.lms, apiKey: { env: 'AXIS_LMS_API_KEY' }, requestTimeoutSeconds: 1 },
      'test-pro': {
        sources: {
          stock: { kind: 'pool', lowStock: 1 },
          keyed: { ...http(at.keyed), deduplicates: true },
          blind: http(at.blind),
        },
      },
    },
    retries: atOnce,
    mailPatienceSeconds: 3600,
    ...more,
  };
  await mkdir(join(folder, 'products'), { recursive: true });
  await writeFile(join(folder, 'handover.json'), JSON.stringify(handover));
  const unruly = {
    sku: 'UNRULY',
    title: 'What ends the process',
    price: '1.00 EUR',
    grants: { access: { action: 'unruly.grant' } },
  };
  await writeFile(join(folder, 'products', 'UNRULY.json'), JSON.stringify(unruly));
  for (const [sku, { title, price, action, with: input }] of Object.entries(goods)) {
    const product = { sku, title, price: `${(price / 100).toFixed(2)} EUR`, grants: { access: { action, with: input } } };
    await writeFile(join(folder, 'products', `${sku}.json`), JSON.stringify(product));
  }
}
