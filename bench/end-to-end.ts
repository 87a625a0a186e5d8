/**
 * From the callback until the buyer is enrolled and has the mail: Handover beside a hand-written handler with a queue in
 * PostgreSQL (bench/baseline), in turn within one run, with the same Stripe API, LMS and mail server in a process of their own.
 * `npm run bench end-to-end -- [--store sqlite,postgres --processes 1,2,4 --orders 1000 --rounds 3 --singles 40 --markdown]`
 */
import { parseArgs } from 'node:util';
import { startChild } from './support/child.ts';
import { deliverMany, deliverSingly, type Delivery } from './support/deliver.ts';
import { median, rounded } from './support/figures.ts';
import { openPlaces, readEngines } from './support/places.ts';
import { machine, print, type Row } from './support/report.ts';
import { baseline, handoverOn, openShop, type ShopKind } from './support/shops.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite,postgres' },
    processes: { type: 'string', default: '1,2,4' },
    orders: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    /** Orders of the idle part; 0 leaves it out. */
    singles: { type: 'string', default: '40' },
    markdown: { type: 'boolean', default: false },
  },
});
const [orders, rounds, singles] = [Number(values.orders), Number(values.rounds), Number(values.singles)];
const kinds = [baseline, ...readEngines(values.store).map(handoverOn)];

const places = await openPlaces({ withPostgres: true });
const outside = await startChild('./outside/process.ts');
try {
  const many: Row[] = [];
  if (orders > 0) for (const processes of values.processes.split(',').map(Number)) many.push(...(await compareMany(processes)));
  const idle: Row[] = [];
  if (singles > 0) for (const processes of [1, 'apart'] as const) idle.push(...(await compareSingly(processes)));
  const measured = machine({ postgres: places.postgresVersion });
  if (many.length > 0) print({ bench: 'end-to-end', rows: many, summary: { ...measured, orders, rounds } }, values.markdown);
  if (idle.length > 0) print({ bench: 'end-to-end, idle', rows: idle, summary: { ...measured, singles } }, values.markdown);
} finally {
  await outside.stop();
  await places.remove();
}

/** Each round gives each a fresh store and a short warm-up. Ratios are those within a round; then the median of the rounds. */
async function compareMany(processes: number): Promise<Row[]> {
  const measured = new Map(kinds.map((kind) => [kind, [] as Delivery[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, results] of measured) {
      const shop = await openShop(kind, processes, outside, places);
      try {
        await deliverMany(shop, outside, Math.ceil(orders / 5));
        results.push(await deliverMany(shop, outside, orders));
      } finally {
        await shop.stop();
      }
    }
  }
  const plain = measured.get(baseline) ?? [];
  return [...measured].map(([{ name }, results]) => {
    const of = (figure: keyof Delivery) => rounded(median(results.map((each) => each[figure])));
    const ratio = (figure: keyof Delivery) =>
      rounded(median(results.map((each, index) => each[figure] / (plain[index]?.[figure] ?? NaN))));
    return {
      processes,
      shop: name,
      'orders/s': of('ordersPerSecond'),
      ratio: ratio('ordersPerSecond'),
      'delivered after p50 ms': of('p50Ms'),
      'p95 ms': of('p95Ms'),
      'CPU ms/order': of('cpuMsPerOrder'),
      'CPU ratio': ratio('cpuMsPerOrder'),
      'not delivered': results.reduce((sum, each) => sum + each.notDelivered, 0),
      'delivered twice': results.reduce((sum, each) => sum + each.repeated, 0),
    };
  });
}

async function compareSingly(processes: 1 | 'apart'): Promise<Row[]> {
  const rows: Row[] = [];
  let plain: Pick<Delivery, 'p50Ms' | 'p95Ms'> | undefined;
  for (const kind of kinds) {
    const measured = await singlyBy(kind, processes);
    plain ??= measured;
    rows.push({
      processes: processes === 1 ? 'one for both' : 'web and worker apart',
      shop: kind.name,
      'delivered after p50 ms': rounded(measured.p50Ms),
      'p50 ratio': rounded(measured.p50Ms / plain.p50Ms),
      'p95 ms': rounded(measured.p95Ms),
      'p95 ratio': rounded(measured.p95Ms / plain.p95Ms),
    });
  }
  return rows;
}

async function singlyBy(kind: ShopKind, processes: 1 | 'apart'): Promise<Pick<Delivery, 'p50Ms' | 'p95Ms'>> {
  const shop = await openShop(kind, processes, outside, places);
  try {
    await deliverSingly(shop, outside, Math.ceil(singles / 4));
    return await deliverSingly(shop, outside, singles);
  } finally {
    await shop.stop();
  }
}
