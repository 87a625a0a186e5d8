import { setTimeout as sleep } from 'node:timers/promises';
import { chance, type Chance } from './chance.ts';
import { deliverFrom } from './deliveries.ts';
import { compare, type Ledger } from './ledger.ts';
import { settle } from './settle.ts';
import { startPart, type SitePart } from './site-part.ts';
import { skus } from './shop.ts';
import { startWorld, type Sold, type World } from './world.ts';

export interface KillLoopOptions {
  /** How many processes are killed. */
  readonly cycles: number;
  /** One takes the callbacks, the others work; a single one does both. */
  readonly procs: number;
  /** Carts, pauses and victims follow from it; how the processes interleave does not. */
  readonly seed: number;
  /** A path or address. @default a SQLite file of its own */
  readonly store?: string | undefined;
}

export interface KillLoopResult {
  readonly ledger: Ledger;
  readonly orders: number;
  readonly kills: number;
  /** Callbacks that were acknowledged, each counted once, and how often acknowledged ones were sent again. */
  readonly acknowledged: number;
  readonly duplicates: number;
  /** Attempts of the gateway by what was answered; 0 stands for a broken connection. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Work that was under way at three kills in a row, which is parked by rule, and which this loop puts back as staff would. */
  readonly suspects: number;
  /** Keys taken from stock that no order shows. */
  readonly keysAstray: number;
  /** From the last kill until nothing was open. */
  readonly settledMs: number;
}

const ordersUnderWay = 150;

/** A shop under load whose processes are killed at random moments, again and again; then its books are compared. */
export async function killLoop({ cycles, procs, seed, store }: KillLoopOptions): Promise<KillLoopResult> {
  const dice = chance(seed);
  const world = await startWorld({ store, keysInStock: 10_000 });
  const deliveries = deliverFrom(world);
  const start = (index: number): SitePart => startPart(world, { worker: procs === 1 || index > 0, listensEarly: true });
  const parts = Array.from({ length: procs }, (_, index) => start(index));
  const web = async (): Promise<string | undefined> => parts[0]?.url;
  try {
    await Promise.all(parts.map(({ url }) => url));
    const trade = beginTrade(world, dice, async (sold) => {
      await deliveries.insist(sold, web);
      return async () => deliveries.attempt(sold, await web());
    });
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await sleep(dice.between(100, 800));
      const victim = pickVictim(parts, dice);
      parts[victim]?.kill();
      await parts[victim]?.ended;
      parts[victim] = start(victim);
    }
    const lastKill = Date.now();
    const { sales, duplicates } = await trade.end();
    const heir = parts.at(-1);
    if (!heir) throw new Error('There is no process to ask.');
    await heir.url;
    const suspects = await settleAll(heir);
    const settledMs = Date.now() - lastKill;
    const ledger = compare(world, sales, await heir.ask.parkedSteps());
    return {
      ledger,
      orders: sales.length,
      kills: cycles,
      acknowledged: deliveries.acknowledged.size,
      duplicates,
      statuses: deliveries.statuses,
      suspects,
      keysAstray: (await heir.ask.keysTaken()) - ledger.delivered.POOL,
      settledMs,
    };
  } finally {
    for (const part of parts) part.kill();
    await Promise.all(parts.map(({ ended }) => ended));
    await world.close();
  }
}

/** Mostly one that is at work; now and then one that has not even started. */
function pickVictim(parts: readonly SitePart[], dice: Chance): number {
  const up = parts.flatMap((part, index) => (part.isListening ? [index] : []));
  const any = dice.below(parts.length);
  return dice.below(5) === 0 ? any : (up[dice.below(Math.max(up.length, 1))] ?? any);
}

type Deliver = (sold: Sold) => Promise<() => Promise<unknown>>;

/** Sells without a pause, as long as not too much is under way. Some callbacks come more than once, as they do. */
function beginTrade(world: World, dice: Chance, deliver: Deliver) {
  const sales: Sold[] = [];
  const underWay = new Set<Promise<void>>();
  let duplicates = 0;
  let isOver = false;

  async function sellOne(): Promise<void> {
    const sold = world.sell(cart(dice));
    const [twiceAtOnce, repeats, pauseMs] = [dice.below(10) === 0, dice.below(5) === 0 ? 2 : 0, dice.between(1, 400)];
    sales.push(sold);
    const [again] = await Promise.all([deliver(sold), twiceAtOnce ? deliver(sold) : undefined]);
    for (let count = 0; count < repeats; count += 1) {
      await sleep(pauseMs);
      await again();
      duplicates += 1;
    }
    if (twiceAtOnce) duplicates += 1;
  }

  async function trade(): Promise<void> {
    while (!isOver) {
      if (sales.length - world.mailbox.messages.length < ordersUnderWay) {
        const one = sellOne().finally(() => underWay.delete(one));
        underWay.add(one);
      }
      await sleep(dice.between(5, 40));
    }
  }

  const trading = trade();
  return {
    async end() {
      isOver = true;
      await trading;
      await Promise.all(underWay);
      return { sales, duplicates };
    },
  };
}

function cart(dice: Chance): Sold['quantities'] {
  const kinds = dice.shuffle(skus).slice(0, dice.between(1, 3));
  return Object.fromEntries(kinds.map((sku) => [sku, dice.between(1, 2)]));
}

/** Until nothing is open. What was suspected of the kills is put back, since here it was the loop that killed. */
async function settleAll(part: SitePart): Promise<number> {
  for (let suspects = 0; ;) {
    await settle(part, 120_000);
    const steps = (await part.ask.parkedSteps()).filter(({ code }) => code === 'STEP_KILLS_PROCESS');
    const callbacks = (await part.ask.parkedCallbacks()).filter(({ code }) => code === 'CALLBACK_KILLS_PROCESS');
    if (steps.length + callbacks.length === 0) return suspects;
    suspects += steps.length + callbacks.length;
    for (const { key } of steps) await part.ask.retryStep(key);
    for (const { id } of callbacks) await part.ask.retryCallback(id);
  }
}
