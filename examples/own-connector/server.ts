import express from 'express';
import { handover } from 'handover';
import { connectors } from './connectors.ts';

const shop = handover({
  config: process.env['HANDOVER_SHOP'] ?? new URL('shop', import.meta.url).pathname,
  store: process.env['HANDOVER_STORE'] ?? 'handover.db',
  connectors,
});
const app = express().use('/shop', shop);
const server = app.listen(Number(process.env['PORT'] ?? 3000), () => console.log('Listening on', server.address()));
process.once('SIGTERM', () => {
  server.close();
  void shop.close().finally(() => server.closeAllConnections());
});
