/**
 * Kept callbacks per second of the SQLite store alone: callers that each wait for theirs, and share commits when there are
 * several. `npm run bench store [-- --seconds 3 --markdown]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Callback } from '../src/contract/gateway.ts';
import { openSqliteStore } from '../src/storage/sqlite/index.ts';
import { machine, print, type Row } from './support/report.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, markdown: { type: 'boolean', default: false } },
});
const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
const store = openSqliteStore({ path: join(folder, 'shop.db') });
const body = Buffer.alloc(2048, 'a');
const seconds = Number(values.seconds);
let count = 0;

await store.open();
try {
  const rows: Row[] = [];
  for (const callers of [1, 64, 512]) {
    await keepFor(1, callers);
    rows.push({ callers, 'kept callbacks/s': Math.round(await keepFor(seconds, callers)) });
  }
  print({ bench: 'store', rows, summary: { ...machine(), secondsPerRound: seconds } }, values.markdown);
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
