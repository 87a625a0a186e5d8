/**
 * A shop under load whose processes are killed (kill -9) at random moments; afterwards the books of the LMS, the key sources
 * and the mail server are compared with what was sold. Ends with 1 when anything paid for was lost or given twice.
 * `npm run proof:kill -- --cycles 200 --procs 3 --seed 7 [--store sqlite|postgres|PATH|ADDRESS]`; `postgres` starts a server for it.
 */
import { parseArgs } from 'node:util';
import { killLoop } from '../../test/crash/kill-loop.ts';
import { startCluster } from '../../test/support/postgres-cluster.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    procs: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    store: { type: 'string', default: 'sqlite' },
  },
});
const [cycles, procs, seed] = [Number(values.cycles), Number(values.procs), Number(values.seed)];
console.log(`${cycles} kills, ${procs} processes, store ${values.store}, seed ${seed}, Node ${process.version}`);

const begin = performance.now();
const cluster = values.store === 'postgres' ? await startCluster() : undefined;
const store = cluster?.url ?? (values.store === 'sqlite' ? undefined : values.store);
const result = await killLoop({ cycles, procs, seed, store }).finally(() => cluster?.remove());
const { ledger } = result;
console.table({
  kills: result.kills,
  orders: result.orders,
  'callbacks acknowledged': result.acknowledged,
  'sent again after that': result.duplicates,
  'units delivered': Object.values(ledger.delivered).reduce((sum, count) => sum + count, 0),
  lost: ledger.lost.length,
  doubled: ledger.doubled.length,
  'waiting for a person (blind)': ledger.unknown.length,
  'suspected of the kills': result.suspects,
  'keys astray': result.keysAstray,
  'calls made again': ledger.repeats.calls,
  'mails sent again': ledger.repeats.mails,
  'mails about what was late': ledger.followUps,
  'ms to settle': result.settledMs,
  'seconds in all': Math.round((performance.now() - begin) / 1000),
});
console.log('answers to callbacks:', Object.fromEntries(result.statuses));
for (const line of [...ledger.lost.map((what) => `lost: ${what}`), ...ledger.doubled.map((what) => `doubled: ${what}`)])
  console.log(line);
process.exitCode = ledger.lost.length + ledger.doubled.length + result.keysAstray === 0 ? 0 : 1;
