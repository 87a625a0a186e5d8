/** A site in a process of its own: takes the shop's folder, says at which port it listens, and works until it is stopped. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { handover } from '../../src/index.ts';

const [config = ''] = process.argv.slice(2);
const none = (): void => undefined;
const shop = handover({ config, watch: false, logger: { debug: none, info: none, warn: none, error: none } });
const server = createServer(express().use('/shop', shop));
server.listen(0, '127.0.0.1');
await Promise.all([once(server, 'listening'), shop.ready()]);
process.once('SIGTERM', () => {
  server.close();
  void shop.close();
});
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
