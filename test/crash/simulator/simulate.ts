import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Played } from './play.ts';
import type { Order } from './thread.ts';
import type { Breakage } from './world.ts';

export interface SimulateOptions {
  readonly schedules: number;
  /** Of the first one; the others follow. */
  readonly seed: number;
  /** Breaks the product on purpose. */
  readonly breakage?: Breakage;
  /** @default two, as many as there are processors in most places */
  readonly threads?: number;
}

export interface Simulated {
  readonly schedules: number;
  readonly failed: readonly Played[];
  /** What the schedules came to, added up. */
  readonly deaths: number;
  readonly attempts: number;
  readonly byHand: number;
}

/** Plays schedules until all are played, or with a broken product until one is found. */
export async function simulate({ schedules, seed, breakage, threads = 2 }: SimulateOptions): Promise<Simulated> {
  const seeds = Array.from({ length: schedules }, (_, index) => seed + index);
  const parts = Array.from({ length: threads }, (_, place) => seeds.filter((_each, index) => index % threads === place));
  const played: Played[] = [];
  await Promise.all(
    parts.map((each) =>
      play({ seeds: each, stopsAtFirst: breakage !== undefined, isTraced: false, ...(breakage && { breakage }) }, (told) =>
        played.push(told.played),
      ),
    ),
  );
  const sum = (read: (each: Played) => number): number => played.reduce((total, each) => total + read(each), 0);
  return {
    schedules: played.length,
    failed: played.filter(({ problems }) => problems.length > 0).sort((a, b) => a.seed - b.seed),
    deaths: sum(({ deaths }) => deaths),
    attempts: sum(({ claims }) => claims),
    byHand: sum(({ byHand }) => byHand),
  };
}

/** One schedule, with all that happens in it. */
export async function replay(seed: number): Promise<{ readonly played: Played; readonly lines: readonly string[] }> {
  let found: Told | undefined;
  await play({ seeds: [seed], stopsAtFirst: false, isTraced: true }, (told) => (found = told));
  if (!found) throw new Error('The schedule told nothing.');
  return found;
}

interface Told {
  readonly played: Played;
  readonly lines: readonly string[];
}

async function play(order: Order, hear: (told: Told) => unknown): Promise<void> {
  const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData: order });
  thread.on('message', hear);
  const [code] = (await once(thread, 'exit')) as [number];
  if (code !== 0) throw new Error(`A thread of the simulator ended with ${code}.`);
}
