/** Plays schedules in a thread of its own, since from then on nothing in it keeps real time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openPlayer, type Played } from './play.ts';
import type { Breakage } from './world.ts';

export interface Order {
  readonly seeds: readonly number[];
  readonly breakage?: Breakage;
  /** Ends with the first problem. */
  readonly stopsAtFirst: boolean;
  readonly isTraced: boolean;
}

const { seeds, breakage, stopsAtFirst, isTraced } = workerData as Order;
const player = await openPlayer(breakage);
for (const seed of seeds) {
  const lines: string[] = [];
  const played: Played = await player.play(seed, isTraced ? (line) => void lines.push(line) : undefined);
  parentPort?.postMessage({ played, lines: isTraced ? [...lines, '', ...player.history()] : [] });
  if (stopsAtFirst && played.problems.length > 0) break;
}
