import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import Stripe from 'stripe';
import { benchSecret } from '../support/callbacks.ts';
import { beChild } from '../support/child.ts';
import { benchToken } from '../support/outside/moodle.ts';
import { webhook } from './handler.ts';
import { moodle } from './lms.ts';
import { fulfil } from './task.ts';

/** A shop without Handover: an Express route, a queue in PostgreSQL, one task. Web and workers in one process. */
const { BENCH_STORE: connectionString = '', BENCH_PORTS: ports = '{}', BENCH_WORKER: worker = 'yes' } = process.env;
const outside = JSON.parse(ports) as Record<string, number>;
const concurrency = 10;
const logger = new Logger(() => (level, message) => {
  if (['error', 'warning'].includes(level)) console.error(message);
});

const pool = new pg.Pool({ connectionString, max: concurrency + 4 });
pool.on('error', (error) => console.error(error.message));
pool.on('connect', (client) => client.on('error', (error) => console.error(error.message)));
const queue = await makeWorkerUtils({ pgPool: pool, logger });
const stripe = new Stripe('sk_test_bench', {
  host: '127.0.0.1',
  port: outside['stripe'] ?? 1,
  protocol: 'http',
  maxNetworkRetries: 2,
  telemetry: false,
});
const mailer = createTransport({ pool: true, host: '127.0.0.1', port: outside['smtp'] ?? 1, maxConnections: 5 });
const enrol = moodle(`http://127.0.0.1:${outside['moodle'] ?? 1}`, benchToken);
const runner =
  worker === 'yes'
    ? await run({
        pgPool: pool,
        logger,
        concurrency,
        noHandleSignals: true,
        pollInterval: 1000,
        taskList: { fulfil: fulfil({ pool, stripe, enrol, mailer }) },
      })
    : undefined;

const server = express()
  .use('/webhooks', webhook({ queue, secret: benchSecret }))
  .listen(0, '127.0.0.1');
await once(server, 'listening');
beChild(
  { port: (server.address() as AddressInfo).port },
  {
    async close() {
      server.closeAllConnections();
      await runner?.stop();
      mailer.close();
      await queue.release();
      await pool.end();
    },
  },
);
