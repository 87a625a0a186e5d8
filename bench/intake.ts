/**
 * Durable intake beside an Express route that only calls `stripe.webhooks.constructEvent` and answers, and beside a hand-written
 * route that queues a job in PostgreSQL. Each is a process of its own; they are loaded in turn within one run, alike.
 * `npm run bench intake -- [--store sqlite,postgres --connections 1,16,64,256 --seconds 3 --rounds 5 --markdown]`
 */
import { parseArgs } from 'node:util';
import { makeTables } from './baseline/tables.ts';
import { signedRequest } from './support/callbacks.ts';
import { startChild, type Child } from './support/child.ts';
import { median, rounded } from './support/figures.ts';
import { load, type Round } from './support/load.ts';
import { openPlaces, readEngines } from './support/places.ts';
import { machine, print } from './support/report.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite,postgres' },
    connections: { type: 'string', default: '1,16,64,256' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    markdown: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const engines = readEngines(values.store);
let serial = 0;

/** One of those compared: first the route that keeps nothing. */
interface Contender {
  readonly name: string;
  readonly path: string;
  readonly child: Child;
}
type Measured = Round & { readonly cpuMsPerRequest: number };

const places = await openPlaces({ withPostgres: engines.includes('postgres') });
const contenders: Contender[] = [];
try {
  contenders.push({ name: 'verify only', path: '/verify', child: await startChild('./verify-process.ts') });
  for (const engine of engines) {
    const env = { BENCH_STORE: await places.fresh(engine), BENCH_WORKER: 'no' };
    contenders.push({
      name: `kept, ${engine}`,
      path: '/shop/callbacks/stripe',
      child: await startChild('./site-process.ts', env),
    });
  }
  if (engines.includes('postgres')) {
    const place = await places.fresh('postgres');
    await makeTables(place);
    const env = { BENCH_STORE: place, BENCH_WORKER: 'no' };
    contenders.push({
      name: 'queued by hand',
      path: '/webhooks/stripe',
      child: await startChild('../baseline/process.ts', env),
    });
  }

  for (const each of contenders) await measure(each, 16, 1);
  const rows = [];
  for (const connections of values.connections.split(',').map(Number)) rows.push(...(await compare(connections)));
  print(
    {
      bench: 'intake',
      rows,
      summary: { ...machine({ postgres: places.postgresVersion }), secondsPerRound: seconds, rounds },
    },
    values.markdown,
  );
} finally {
  await Promise.all(contenders.map(({ child }) => child.stop()));
  await places.remove();
}

async function measure({ child, path }: Contender, connections: number, forSeconds = seconds): Promise<Measured> {
  const requests = Array.from({ length: forSeconds * 15_000 }, () => signedRequest(path, String((serial += 1))));
  const before = await child.cpuSeconds();
  const round = await load(child.told['port'] ?? 0, requests, connections, forSeconds);
  return { ...round, cpuMsPerRequest: (((await child.cpuSeconds()) - before) * 1000) / round.requests };
}

/** Ratios are those within a round, where all met the same machine; then the median of the rounds. */
async function compare(connections: number) {
  const measured = new Map(contenders.map((each) => [each, [] as Measured[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, results] of measured) results.push(await measure(contender, connections));
  }
  const [plain = []] = measured.values();
  return [...measured].map(([{ name }, results]) => {
    const of = (figure: keyof Measured) => rounded(median(results.map((each) => each[figure])));
    const ratio = (figure: keyof Measured) =>
      rounded(median(results.map((each, index) => each[figure] / (plain[index]?.[figure] ?? NaN))));
    return {
      connections,
      route: name,
      'requests/s': of('perSecond'),
      ratio: ratio('perSecond'),
      'p50 ms': of('p50Ms'),
      'p50 ratio': ratio('p50Ms'),
      'p99 ms': of('p99Ms'),
      'p99 ratio': ratio('p99Ms'),
      'CPU ms/request': of('cpuMsPerRequest'),
      'CPU ratio': ratio('cpuMsPerRequest'),
      'not 200': results.reduce((sum, each) => sum + each.not200, 0),
    };
  });
}
