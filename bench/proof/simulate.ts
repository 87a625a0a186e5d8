/**
 * Many short lives of a shop in memory, with a clock of their own: processes die between any two calls, the store refuses, the other
 * sides time out after they acted, clocks jump. After each, the books of the other sides are compared with what was paid for.
 * Ends with 1 when a schedule failed, and says how to play it alone.
 * `npm run proof:simulate -- --schedules 100000 --seed 1`, `npm run proof:simulate -- --replay SEED`
 */
import { parseArgs } from 'node:util';
import { replay, simulate } from '../../test/crash/simulator/simulate.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    replay: { type: 'string' },
  },
});

if (values.replay !== undefined) {
  const { played, lines } = await replay(Number(values.replay));
  for (const line of lines) console.log(line);
  console.log(played.problems.length === 0 ? 'Everything is as it must be.' : played.problems.join('\n'));
  process.exitCode = played.problems.length === 0 ? 0 : 1;
} else {
  const [schedules, seed] = [Number(values.schedules), Number(values.seed)];
  const begin = performance.now();
  const { failed, deaths, attempts, byHand } = await simulate({ schedules, seed });
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.table({ schedules, 'first seed': seed, failed: failed.length, 'processes that died': deaths, 'attempts at steps': attempts, 'looked into by staff': byHand, seconds }); // prettier-ignore
  for (const { seed: which, problems } of failed.slice(0, 10))
    console.log(`Seed ${which}: ${problems.join('; ')}\n  npm run proof:simulate -- --replay ${which}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
