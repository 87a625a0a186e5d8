import { expect } from 'chai';
import { deliverFrom, type Deliveries } from './deliveries.ts';
import { compare } from './ledger.ts';
import { settle } from './settle.ts';
import { startPart, type PartOptions, type SitePart } from './site-part.ts';
import { startWorld, type Sold, type World } from './world.ts';

/** What a scenario works with. Everything it starts ends with it. */
export interface Stage {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly start: (options?: PartOptions) => SitePart;
}

/** `store`: an address, instead of a file. */
export async function onStage(play: (stage: Stage) => Promise<void>, store?: string): Promise<void> {
  const world = await startWorld({ keysInStock: 2000, store });
  const parts: SitePart[] = [];
  try {
    await play({
      world,
      deliveries: deliverFrom(world),
      start(options) {
        const part = startPart(world, options);
        parts.push(part);
        return part;
      },
    });
  } finally {
    for (const part of parts) part.kill();
    await Promise.all(parts.map(({ ended }) => ended));
    await world.close();
  }
}

/** One of each kind. */
export const everything = { COURSE: 1, PATH: 1, POOL: 1, KEYED: 1, BLIND: 1 };

/** Compares the books of all sides once nothing is open any more. */
export async function expectAllDelivered(world: World, sales: readonly Sold[], part: SitePart): Promise<void> {
  await settle(part, 60_000);
  const parked = await part.ask.parkedSteps();
  const { lost, doubled, unknown } = compare(world, sales, parked);
  expect({ lost, doubled, unknown, parked }).to.deep.equal({ lost: [], doubled: [], unknown: [], parked: [] });
}
