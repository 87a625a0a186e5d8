import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createApp } from '../../src/app.ts';
import { createAppRouter } from '../../src/wiring/router.ts';
import type { BacklogState } from './backlog.ts';

/** A whole site in a process of its own, whose goods are keys it makes itself: what is measured is the way from callback to order and grant. */
const folder = mkdtempSync(join(tmpdir(), 'handover-backlog-'));
const secret = process.env['BACKLOG_SECRET'] ?? '';
mkdirSync(join(folder, 'products'));
writeFileSync(
  join(folder, 'handover.json'),
  JSON.stringify({
    mode: 'test',
    baseUrl: 'http://127.0.0.1:1/shop',
    site: { name: 'Backlog', support: 'mailto:help@example.org' },
    owner: { email: 'owner@example.org', sales: 'none' },
    gateways: { sender: { use: 'signed', secrets: [{ env: 'BACKLOG_SECRET' }] } },
    connectors: { 'test-pro': { sources: { made: { kind: 'pattern', secret: { env: 'BACKLOG_SECRET' } } } } },
  }),
);
const licence = { action: 'test-pro.issueKey', with: { source: 'made' } };
writeFileSync(
  join(folder, 'products', 'KEY.json'),
  JSON.stringify({ sku: 'KEY', title: 'A key', price: '5.00 EUR', grants: { licence } }),
);

const none = (): void => undefined;
const app = createApp({
  config: folder,
  store: process.env['BACKLOG_STORE'] ?? join(folder, 'backlog.db'),
  watch: false,
  env: { ...process.env, BACKLOG_SECRET: secret },
  logger: { debug: none, info: none, warn: none, error: (fields, message) => console.error(fields, message) },
});
await app.ready();
let mostBytes = 0;
const meter = setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage().rss)), 50);

const server = createServer(express().use('/shop', createAppRouter(app)));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

process.on('message', () => {
  void app.store.status().then(({ callbacks, steps }) => {
    const { user, system } = process.cpuUsage();
    const open = callbacks.open + steps.ready + steps.running;
    const state: BacklogState = { open, parked: callbacks.parked + steps.parked, mostBytes, cpuSeconds: (user + system) / 1e6 };
    process.send?.(state);
  });
});
process.once('disconnect', () => {
  clearInterval(meter);
  server.closeAllConnections();
  void app.close().then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
});
