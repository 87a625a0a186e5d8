import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Stripe from 'stripe';
import { handover } from 'handover';
import { benchSecret } from './callbacks.ts';

/** One process, two routes: `/verify` only checks the signature and answers; `/shop/callbacks/stripe` keeps durably before it answers. */
const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
process.env['STRIPE_WEBHOOK_SECRET'] = benchSecret;
process.env['STRIPE_API_KEY'] = 'sk_test_bench';
process.env['AXIS_LMS_API_KEY'] = 'bench';
const shop = handover({
  config: new URL('../../examples/minimal/shop', import.meta.url).pathname,
  store: join(folder, 'bench.db'),
  worker: false,
  logger: { debug() {}, info() {}, warn() {}, error: (fields, message) => console.error(fields, message) },
});
await shop.ready();

const app = express();
app.use('/shop', shop);
app.post('/verify', express.raw({ type: () => true }), (req, res) => {
  try {
    Stripe.webhooks.constructEvent(req.body as Buffer, req.headers['stripe-signature'] ?? '', benchSecret);
    res.sendStatus(200);
  } catch {
    res.sendStatus(400);
  }
});
const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => process.send?.(process.cpuUsage().user + process.cpuUsage().system));
process.once('disconnect', () => {
  server.closeAllConnections();
  void shop.close().then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
});
