import { fileURLToPath } from 'node:url';
import express from 'express';
import { handover } from 'handover';

const shop = handover({
  config: process.env['HANDOVER_SHOP'] ?? fileURLToPath(new URL('shop', import.meta.url)),
  store: process.env['HANDOVER_STORE'] ?? 'handover.db',
});
const app = express().use('/shop', shop);
const server = app.listen(Number(process.env['PORT'] ?? 3000), (error) => {
  if (error) throw error;
  console.log('Listening on', server.address());
});
process.once('SIGTERM', () => void shop.close().then(() => server.close()));
