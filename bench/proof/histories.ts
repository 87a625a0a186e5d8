/**
 * Histories of purchases, told to a site over HTTP as callbacks that are repeated, shuffled, late, lost and cut off; afterwards
 * the books of the LMS and of the keys are compared with what a model says must stand. Ends with 1 when anything differs.
 * `npm run proof:histories -- --histories 1000 --seed 7 [--gateway sandbox | standard-webhooks]`
 */
import { parseArgs } from 'node:util';
import { modelGateways } from '../../test/flow/histories/model-callbacks.ts';
import { playModels } from '../../test/flow/histories/model-play.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    gateway: { type: 'string' },
  },
});
const [histories, seed] = [Number(values.histories), Number(values.seed)];
const gateway = modelGateways.find((name) => name === values.gateway);
if (!Number.isInteger(histories) || histories < 1 || !Number.isFinite(seed) || (values.gateway !== undefined && !gateway)) {
  console.error(`--histories takes a whole number, --seed a number, --gateway one of ${modelGateways.join(', ')}.`);
  process.exit(2);
}
console.log(`${histories} histories, seed ${seed}, gateway ${gateway ?? modelGateways.join(' and ')}, Node ${process.version}`);

const begin = performance.now();
const { callbacks, cut, differences } = await playModels({ histories, seed, gateway });
console.table({
  histories,
  'callbacks and decisions': callbacks,
  'cut off once': cut,
  'histories whose books differ': differences.length,
  'seconds in all': Math.round((performance.now() - begin) / 1000),
});
for (const difference of differences.slice(0, 20)) console.log(JSON.stringify(difference, undefined, 2));
process.exitCode = differences.length === 0 ? 0 : 1;
