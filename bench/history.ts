/**
 * Whether a shop gets slower over the years: kept callbacks and whole orders per second and the time to start, beside 10^3 to 10^6
 * stored orders, at each size in turn. `npm run bench history [-- --store postgres --from 3 --to 5 --seconds 2 --rounds 3]`
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { silentLog } from '../src/outgoing/console-log.ts';
import type { Store } from '../src/storage/store.ts';
import { callback, decideOn, paid, step } from '../src/testing/suites/store/samples.ts';
import { benchShop } from './support/bench-shop.ts';
import { postgresHistory, sqliteHistory } from './support/history-store.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    from: { type: 'string', default: '3' },
    to: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const powers = Array.from({ length: Number(values.to) - Number(values.from) + 1 }, (_, index) => Number(values.from) + index);
const body = Buffer.alloc(2048, 'a');
const history = values.store === 'postgres' ? await postgresHistory() : await sqliteHistory();
const shop = benchShop();
let serial = 0;

/** As many as fit into the time, `callers` at once. */
async function perSecond(callers: number, work: (name: string) => Promise<unknown>): Promise<number> {
  const from = performance.now();
  const until = from + seconds * 1000;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await work(`evt_${Math.floor(1e9 + Math.random() * 1e7)} ${(serial += 1)}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (count / (performance.now() - from)) * 1000;
}

const keep = (store: Store) => (name: string) => store.keepCallback(callback({ body }), name);

/** An event becomes an order with one step, the step is claimed and finished. */
const wholeOrder = (store: Store) => async (name: string) => {
  const account = `account of ${name}`;
  const planned = decideOn({ steps: [step(`${name}/grant/1`, { orderId: `ORDER-${name.toUpperCase()}`, account })] });
  await store.record(undefined, [paid(name)], planned);
  for (const claim of await store.claimSteps('bench', new Map([[account, 1]]), 60_000))
    await store.finishStep(claim, { seat: 7 });
};

async function startUp(): Promise<number> {
  const from = performance.now();
  const app = createApp({
    config: shop.config,
    store: history.place,
    watch: false,
    worker: false,
    logger: silentLog,
    env: shop.env,
  });
  await app.ready();
  const ms = performance.now() - from;
  await app.close();
  return ms;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await measure());
  return found.sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 0;
}

const results: { orders: number; keep: number; order: number; startMs: number; megabytes: number }[] = [];
let filled = 0;
for (const power of powers) {
  await history.fill(filled + 1, 10 ** power);
  filled = 10 ** power;
  await startUp();
  const startMs = await median(startUp);
  const store = await history.open();
  await perSecond(64, keep(store));
  const result = {
    orders: filled,
    keep: await median(() => perSecond(64, keep(store))),
    order: await median(() => perSecond(16, wholeOrder(store))),
    startMs,
    megabytes: (await history.size()) / 1e6,
  };
  await store.close();
  await history.dropKept();
  results.push(result);
}
await history.remove();
shop.remove();

const [first] = results;
const rows = results.map(({ orders, keep: kept, order, startMs, megabytes }) => ({
  'stored orders': orders,
  'store MB': Math.round(megabytes),
  'kept callbacks/s': Math.round(kept),
  'to the first': Number((kept / (first?.keep ?? kept)).toFixed(2)),
  'whole orders/s': Math.round(order),
  'to the first ': Number((order / (first?.order ?? order)).toFixed(2)),
  'start ms': Math.round(startMs),
}));
console.table(rows);
console.log(
  JSON.stringify({
    bench: 'history',
    store: history.engine,
    node: process.version,
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    seconds,
    rounds,
    sizes: results.map((result) => ({
      ...result,
      keepRatio: result.keep / (first?.keep ?? 1),
      orderRatio: result.order / (first?.order ?? 1),
      startRatio: result.startMs / (first?.startMs ?? 1),
    })),
  }),
);
