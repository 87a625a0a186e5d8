/**
 * Durable intake beside an Express route that only calls `stripe.webhooks.constructEvent` and answers, in one process and
 * one run, in turn. `npm run bench intake [-- --connections 64 --seconds 3 --rounds 5]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { signedRequest } from './support/callbacks.ts';
import { load, type Round } from './support/load.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
  },
});
const connections = Number(values.connections);
const seconds = Number(values.seconds);

const server = fork(new URL('support/intake-server.ts', import.meta.url), {
  execArgv: ['--conditions=dev-source', '--disable-warning=ExperimentalWarning'],
});
const [port] = (await once(server, 'message')) as [number];

let serial = 0;
const requestsFor = (path: string): Buffer[] =>
  Array.from({ length: seconds * 20_000 }, () => signedRequest(path, String(serial++)));
const round = async (path: string, forSeconds = seconds): Promise<Round & { perCpuSecond: number }> => {
  const requests = requestsFor(path);
  const before = await cpuMicroseconds();
  const result = await load(port, requests, connections, forSeconds);
  return { ...result, perCpuSecond: result.requests / (((await cpuMicroseconds()) - before) / 1e6) };
};

async function cpuMicroseconds(): Promise<number> {
  server.send('cpu');
  const [used] = (await once(server, 'message')) as [number];
  return used;
}

await round('/verify', 1);
await round('/shop/callbacks/stripe', 1);
const results: { verify: Awaited<ReturnType<typeof round>>; keep: Awaited<ReturnType<typeof round>> }[] = [];
for (let index = 0; index < Number(values.rounds); index += 1) {
  results.push({ verify: await round('/verify'), keep: await round('/shop/callbacks/stripe') });
}
server.disconnect();

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const rows = results.map(({ verify, keep }) => ({
  'verify only /s': Math.round(verify.perSecond),
  'kept durably /s': Math.round(keep.perSecond),
  ratio: Number((keep.perSecond / verify.perSecond).toFixed(2)),
  'verify p99 ms': Number(verify.p99Ms.toFixed(1)),
  'kept p99 ms': Number(keep.p99Ms.toFixed(1)),
  'p99 ratio': Number((keep.p99Ms / verify.p99Ms).toFixed(2)),
  'ratio per CPU second': Number((keep.perCpuSecond / verify.perCpuSecond).toFixed(2)),
  'not 200': verify.not200 + keep.not200,
}));
console.table(rows);
console.log(
  JSON.stringify({
    bench: 'intake',
    connections,
    secondsPerRound: seconds,
    node: process.version,
    sqlite: process.versions['sqlite'],
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    medianRatio: median(rows.map(({ ratio }) => ratio)),
    medianRatioPerCpuSecond: median(rows.map((row) => row['ratio per CPU second'])),
    medianP99Ratio: median(rows.map((row) => row['p99 ratio'])),
  }),
);
