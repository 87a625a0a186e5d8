import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import { handover, type Handover, type HandoverOptions } from 'handover';
import { readCart, readCatalogue } from './catalogue.ts';
import { startCheckout } from './checkout.ts';
import { homePage } from './home-page.ts';

export interface SiteOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly logger?: HandoverOptions['logger'];
  /** Runs before everything else, e.g. an access log. */
  readonly before?: RequestHandler;
}

/** The whole site: its own pages, and Handover below /shop. */
export function createSite({ env = process.env, logger, before }: SiteOptions = {}): { app: Express; shop: Handover } {
  const config = env['HANDOVER_SHOP'] ?? fileURLToPath(new URL('shop', import.meta.url));
  const shop = handover({ config, store: env['HANDOVER_STORE'] ?? 'handover.db', env, ...(logger && { logger }) });

  const app = express();
  if (before) app.use(before);

  // First Handover, then the body parsers: callbacks must reach it as they were sent.
  app.use('/shop', shop);
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));

  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
  app.get('/', async (_req, res) => {
    res.type('html').send(homePage(await readCatalogue(config)));
  });
  app.post('/checkout', async (req, res) => {
    const cart = readCart((req.body ?? {}) as Record<string, unknown>, await readCatalogue(config));
    const apiBase = env['STRIPE_API_BASE'] ?? 'https://api.stripe.com';
    const baseUrl = env['HANDOVER_BASE_URL'] ?? 'http://localhost:3000/shop';
    const apiKey = env['STRIPE_API_KEY'] ?? '';
    res.redirect(303, cart.length === 0 ? '/' : await startCheckout(cart, { apiBase, baseUrl, apiKey }));
  });
  app.post('/api/price', async (req, res) => {
    const cart = readCart((req.body ?? {}) as Record<string, unknown>, await readCatalogue(config));
    res.json({ total: cart.reduce((sum, { price, quantity }) => sum + price.amount * quantity, 0), currency: 'EUR' });
  });
  return { app, shop };
}
