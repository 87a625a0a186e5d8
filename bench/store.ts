import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Callback } from '../src/contract/gateway.ts';
import { openSqliteStore } from '../src/storage/sqlite/index.ts';

/** Kept callbacks per second: one caller that waits for each, and 64 callers whose commits are shared. */
const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
const store = openSqliteStore({ path: join(folder, 'shop.db') });
const body = Buffer.alloc(2048, 'a');
const seconds = Number(process.argv[2] ?? 3);
let count = 0;

await store.open();
try {
  for (const callers of [1, 64, 512]) {
    await keepFor(1, callers);
    const perSecond = await keepFor(seconds, callers);
    console.log(`${String(callers).padStart(4)} callers: ${Math.round(perSecond)} kept callbacks per second`);
  }
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function keepFor(duration: number, callers: number): Promise<number> {
  const before = count;
  const from = performance.now();
  const until = from + duration * 1000;
  await Promise.all(Array.from({ length: callers }, () => keepUntil(until)));
  return ((count - before) / (performance.now() - from)) * 1000;
}

async function keepUntil(until: number): Promise<void> {
  while (performance.now() < until) {
    count += 1;
    await store.keepCallback(callback(), `evt_${count}_${process.pid}`);
  }
}

function callback(): Callback {
  const headers = {
    host: 'shop.example.com',
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': `t=1782000000,v1=${'a'.repeat(64)}`,
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
  return { gateway: 'stripe', method: 'POST', url: '/callbacks/stripe', headers, body, receivedAt: new Date() };
}
