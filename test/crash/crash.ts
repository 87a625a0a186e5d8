import type { CrashPoint } from '../../src/crash-point.ts';
import { deliverFrom, type Deliveries } from './deliveries.ts';
import { compare, type Ledger } from './ledger.ts';
import type { Lane } from './run-ahead.ts';
import { settle, untilKilled } from './settle.ts';
import { startPart, type SitePart } from './site-part.ts';
import type { Parked } from './site-process.ts';
import { startWorld, type Sold, type World } from './world.ts';

/** A sale whose process dies at a given place, perhaps after a trouble of the other side. */
export interface CrashCase {
  readonly name: string;
  readonly at: CrashPoint;
  /** At the how manieth time. */
  readonly nth: number;
  readonly quantities: Sold['quantities'];
  /** What goes wrong before. */
  readonly trouble?: (world: World) => void;
  /** What happens until the process is dead. @default the callback is sent once */
  readonly provoke?: (world: World, part: SitePart, sold: Sold) => Promise<unknown>;
  /** It dies in its very first start, with nothing there yet. */
  readonly isFirstStart?: boolean;
}

export interface Aftermath {
  readonly ledger: Ledger;
  readonly parked: readonly Parked[];
  readonly parkedCallbacks: number;
  readonly keysTaken: number;
  /** Troubles that nothing met. */
  readonly unmet: number;
}

interface Open {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly sales: Sold[];
  /** What was found wrong after earlier deaths: told once. */
  readonly told: Set<string>;
  part: SitePart;
}

/**
 * One site that is killed again and again: each time another process starts on what was left, the gateway repeats what was not
 * acknowledged, and when nothing is open any more the books of all sides are compared, with those of the deaths before. `openStore`:
 * gives the address of an empty store; a file unless told otherwise.
 */
export function mortalSite(openStore: () => Promise<string | undefined> = async () => undefined): Lane<CrashCase, Aftermath> {
  let open: Open | undefined;

  async function close(): Promise<void> {
    open?.part.kill();
    await open?.part.ended;
    await open?.world.close();
    open = undefined;
  }

  return {
    async run(each) {
      try {
        if (each.isFirstStart === true) await close();
        open ??= await begin(await openStore(), each.isFirstStart === true ? each : undefined);
        return await crash(each, open);
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

async function begin(store: string | undefined, first: CrashCase | undefined): Promise<Open> {
  const world = await startWorld({ keysInStock: 500, store });
  const part = startPart(world, first ? { crashAt: `${first.at}:${first.nth}` } : {});
  await part.url;
  return { world, part, deliveries: deliverFrom(world), sales: [], told: new Set() };
}

async function crash({ at, nth, quantities, trouble, provoke, isFirstStart }: CrashCase, open: Open): Promise<Aftermath> {
  const { world, deliveries, sales, part: doomed } = open;
  const sold = world.sell(quantities);
  sales.push(sold);
  trouble?.(world);
  if (isFirstStart !== true) await doomed.ask.dieAt(`${at}:${nth}`);
  await (provoke ? provoke(world, doomed, sold) : deliveries.attempt(sold, await doomed.url));
  await untilKilled(doomed);

  open.part = startPart(world);
  const { part: heir } = open;
  if (deliveries.acknowledged.has(sold)) await heir.url;
  else await deliveries.insist(sold, () => heir.url);
  await settle(heir);
  const parked = await heir.ask.parkedSteps();
  return {
    ledger: fresh(compare(world, sales, parked), open.told),
    parked,
    parkedCallbacks: (await heir.ask.parkedCallbacks()).length,
    keysTaken: (await heir.ask.keysTaken()) - sales.reduce((sum, { quantities: { POOL = 0 } }) => sum + POOL, 0),
    unmet: [world.lms, world.keyed, world.blind].reduce((sum, { faults }) => sum + faults.waiting, 0),
  };
}

function fresh(ledger: Ledger, told: Set<string>): Ledger {
  const isNew = (what: string): boolean => !told.has(what) && told.add(what).has(what);
  return { ...ledger, lost: ledger.lost.filter(isNew), doubled: ledger.doubled.filter(isNew) };
}
