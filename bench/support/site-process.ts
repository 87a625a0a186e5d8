import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { handover } from 'handover';
import { benchSecret } from './callbacks.ts';
import { beChild } from './child.ts';
import { benchToken } from './outside/moodle.ts';

/** A site with Handover, as the documentation mounts it: one product, one course, one mail to the buyer. */
const { BENCH_STORE: store = '', BENCH_PORTS: ports = '{}', BENCH_WORKER: worker = 'yes' } = process.env;
const outside = JSON.parse(ports) as Record<string, number>;
const folder = mkdtempSync(join(tmpdir(), 'handover-bench-site-'));
mkdirSync(join(folder, 'products'));
const files = {
  'handover.json': {
    mode: 'test',
    baseUrl: 'http://127.0.0.1:1/shop',
    site: { name: 'Ada Training', support: 'mailto:help@example.org' },
    owner: { email: 'owner@example.org', sales: 'none' },
    secret: { env: 'BENCH_SITE_SECRET' },
    mail: { from: { email: 'shop@example.org' }, smtp: { host: '127.0.0.1', port: outside['smtp'] ?? 1 } },
    gateways: {
      stripe: {
        secrets: [{ env: 'BENCH_SECRET' }],
        apiKey: { env: 'BENCH_API_KEY' },
        apiBase: `http://127.0.0.1:${outside['stripe'] ?? 1}`,
      },
    },
    connectors: {
      moodle: {
        baseUrl: `http://127.0.0.1:${outside['moodle'] ?? 1}`,
        token: { env: 'BENCH_TOKEN' },
        allowHttp: true,
        limits: { parallel: 10 },
      },
    },
  },
  'products/TS-101.json': {
    sku: 'TS-101',
    title: 'TypeScript in a week',
    price: '49.00 EUR',
    grants: { course: { action: 'moodle.enrol', with: { course: 'ts-101', days: 365 } } },
  },
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));

const none = (): void => undefined;
let told = 0;
const tell = (fields: object, message: string): void => {
  if ((told += 1) <= 5) console.error(message, fields);
};
const shop = handover({
  config: folder,
  store,
  worker: worker === 'yes',
  watch: false,
  env: { BENCH_SECRET: benchSecret, BENCH_SITE_SECRET: 'f'.repeat(64), BENCH_API_KEY: 'sk_test_bench', BENCH_TOKEN: benchToken },
  logger: {
    debug: none,
    info: none,
    warn: tell,
    error: tell,
  },
});
await shop.ready();

const server = express().use('/shop', shop).listen(0, '127.0.0.1');
await once(server, 'listening');
beChild(
  { port: (server.address() as AddressInfo).port },
  {
    async close() {
      server.closeAllConnections();
      await shop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  },
);
