import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAxisLms, type AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';
import { startKeySource, type KeySourceDouble } from '../../src/testing/key-source/index.ts';
import { startMailbox, type Mailbox } from '../../src/testing/mailbox.ts';
import { startStripe, type StripeCallback, type StripeDouble } from '../../src/testing/stripe/index.ts';
import { goods, writeShop, type Sku } from './shop.ts';

/** One sale, as its gateway knows it. */
export interface Sold {
  readonly email: string;
  readonly quantities: Readonly<Partial<Record<Sku, number>>>;
  readonly callback: StripeCallback;
}

/** Everything around the site. It lives here, so its books survive whatever becomes of the site's processes. */
export interface World {
  readonly folder: string;
  /** What the site's processes are told to keep everything in. */
  readonly store: string;
  readonly shop: string;
  /** What they find in their environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stripe: StripeDouble;
  readonly lms: AxisLmsDouble;
  readonly keyed: KeySourceDouble;
  readonly blind: KeySourceDouble;
  readonly mailbox: Mailbox;
  /** A paid sale to a buyer of its own. */
  sell(quantities: Sold['quantities']): Sold;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** A path or address. @default a SQLite file in the world's folder */
  readonly store?: string | undefined;
  /** Keys in the site's own stock. @default 20 */
  readonly keysInStock?: number;
  /** Laid over handover.json. */
  readonly site?: object;
}

export async function startWorld({ store, keysInStock = 20, site }: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-crash-'));
  const shop = join(folder, 'shop');
  const [stripe, lms, keyed, blind, mailbox] = await Promise.all([
    startStripe(),
    startAxisLms(),
    startKeySource({ keys: numbered('KEYED', 50_000) }),
    startKeySource({ keys: numbered('BLIND', 50_000), deduplicates: false }),
    startMailbox(),
  ]);
  lms.addCourse({ id: '17', name: 'A course' });
  lms.addLearningPath({ id: '41', name: 'A learning path' });
  await writeShop(shop, { stripe: stripe.url, lms: lms.url, keyed: keyed.url, blind: blind.url, smtpPort: mailbox.port }, site);
  let buyers = 0;

  return {
    folder,
    shop,
    store: store ?? join(folder, 'site.db'),
    stripe,
    lms,
    keyed,
    blind,
    mailbox,
    env: {
      HANDOVER_SECRET: 'a secret of these tests, long enough to be one',
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_KEY: stripe.apiKey,
      AXIS_LMS_API_KEY: lms.apiKey,
      CRASH_STOCK: numbered('POOL', keysInStock).join('\n'),
    },
    sell(quantities) {
      buyers += 1;
      const email = `buyer-${buyers}@example.org`;
      const lines = Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity, unitAmount: goods[sku as Sku].price }));
      const callback = stripe.sale({ lines, buyer: { email, name: `Buyer ${buyers}` } }).completed();
      return { email, quantities, callback };
    },
    async close() {
      await Promise.all([stripe.close(), lms.close(), keyed.close(), blind.close(), mailbox.close()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(5, '0')}`);
}
