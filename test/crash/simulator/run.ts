import { openPlayer } from './play.ts';
import type { Breakage } from './world.ts';
const [from, count, trace] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const realNow = process.hrtime.bigint.bind(process.hrtime);
const player = await openPlayer(process.argv[5] as Breakage | undefined);
const begin = realNow();
let bad = 0, deaths = 0, claims = 0, byHand = 0, steps = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const played = await player.play(seed, trace === 'trace' ? console.log : undefined);
  deaths += played.deaths; claims += played.claims; byHand += played.byHand; steps += played.steps;
  if (played.problems.length > 0) { bad += 1; if (bad < 8) console.log(seed, played.problems); }
}
console.log({ count, bad, deaths, claims, byHand, steps, msEach: Number(realNow() - begin) / 1e6 / count });
