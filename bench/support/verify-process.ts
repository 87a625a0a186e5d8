import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import express from 'express';
import Stripe from 'stripe';
import { benchSecret } from './callbacks.ts';
import { beChild } from './child.ts';

/** An Express route that proves a callback as Stripe's library does, answers, and keeps nothing. */
const app = express();
app.post('/verify', express.raw({ type: 'application/json' }), (request, response) => {
  try {
    Stripe.webhooks.constructEvent(request.body as Buffer, request.headers['stripe-signature'] ?? '', benchSecret);
    response.sendStatus(200);
  } catch {
    response.sendStatus(400);
  }
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
beChild({ port: (server.address() as AddressInfo).port }, { close: () => server.closeAllConnections() });
