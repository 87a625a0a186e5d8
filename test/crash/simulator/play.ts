import type { Callback } from '../../../src/contract/index.ts';
import { chance, type Chance } from '../chance.ts';
import { check } from './check.ts';
import { FakeTime } from './fake-time.ts';
import { openMemoryStore, type MemoryStore } from './memory-store.ts';
import { lookInto } from './person.ts';
import { startProcess, type SimulatedProcess } from './process.ts';
import { drawSchedule, type Delivery, type Schedule } from './schedule.ts';
import { World, type Breakage } from './world.ts';

/** What came of one schedule. */
export interface Played {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly deaths: number;
  readonly claims: number;
  readonly byHand: number;
  readonly steps: number;
}

export interface Player {
  /** `tell` is handed what happens, line by line. */
  play(seed: number, tell?: (line: string) => void): Promise<Played>;
  /** What the store's own history says of the last one. */
  history(): string[];
}

const lookEveryMs = 3000;
const longestMs = 4 * 3_600_000;
const mostSteps = 20_000;

/** To be called once in a thread: from then on its time is not real. */
export async function openPlayer(breakage?: Breakage): Promise<Player> {
  const time = new FakeTime();
  let dice = chance(0);
  time.putInForce(() => dice.below(1_000_000_000) / 1_000_000_000);
  const withoutFence = (sql: string): string => sql.replaceAll("AND fence = ? AND state = 'running'", 'AND ? IS NOT NULL');
  const memory = await openMemoryStore(
    () => Math.floor(time.now + time.skewMs),
    breakage === 'no fence' ? remembered(withoutFence) : undefined,
  );
  return {
    history: () =>
      memory
        .all<{ text: string }>("SELECT COALESCE(order_id, '') || '  ' || text AS text FROM history ORDER BY id")
        .map(({ text }) => text),
    async play(seed, tell) {
      dice = chance(seed);
      memory.empty();
      const schedule = drawSchedule(seed, dice);
      time.startAt(schedule.begin);
      const world = new World({ schedule, dice, time, store: memory.store, breakage, tell });
      return new Play(schedule, world, time, dice, memory).run();
    },
  };
}

function remembered(change: (sql: string) => string): (sql: string) => string {
  const known = new Map<string, string>();
  return (sql) => {
    const changed = known.get(sql) ?? change(sql);
    known.set(sql, changed);
    return changed;
  };
}

/** One schedule from its first callback until nothing is open. */
class Play {
  readonly #schedule: Schedule;
  readonly #world: World;
  readonly #time: FakeTime;
  readonly #dice: Chance;
  readonly #memory: MemoryStore;
  readonly #processes: SimulatedProcess[] = [];
  readonly #dead = new Set<string>();
  readonly #acknowledged = new Set<string>();
  #open: number;
  #started = 0;
  #byHand = 0;

  constructor(schedule: Schedule, world: World, time: FakeTime, dice: Chance, memory: MemoryStore) {
    this.#schedule = schedule;
    this.#world = world;
    this.#time = time;
    this.#dice = dice;
    this.#memory = memory;
    this.#open = schedule.deliveries.length;
  }

  async run(): Promise<Played> {
    const { workers, deliveries, begin, end, troubleMs } = this.#schedule;
    for (let place = 0; place < workers; place += 1) this.#start(place);
    for (const delivery of deliveries) this.#time.after(delivery.atMs, () => this.#deliver(delivery));
    for (let jumps = this.#dice.below(3); jumps > 0; jumps -= 1)
      this.#time.after(this.#dice.below(troubleMs), () => this.#setClock(this.#drawSkew()));
    await this.#passUntil(() => this.#time.now > begin + troubleMs);
    this.#world.isTroubled = false;
    this.#world.tell('', 'all is well from now on');
    this.#setClock(0);
    const isSettled = (await this.#settle()) && (await this.#moveTo(end));
    const stuck = isSettled ? [] : [`Still open after ${longestMs / 3_600_000} hours: ${this.#openNow().join(', ')}`];
    const facts = deliveries.filter(({ isCallback }) => isCallback).map(({ id }) => id);
    const kept = new Set(facts.filter((id) => this.#acknowledged.has(id)));
    return {
      seed: this.#schedule.seed,
      problems: [...this.#world.problems, ...stuck, ...check(this.#schedule, this.#world.book, this.#memory, kept)],
      deaths: this.#dead.size,
      claims: Number(this.#memory.all<{ sum: number }>('SELECT COALESCE(SUM(fence), 0) AS sum FROM steps')[0]?.sum),
      byHand: this.#byHand,
      steps: this.#time.steps,
    };
  }

  /** The days between are passed in one step, as by machines that sleep. */
  async #moveTo(end: number): Promise<boolean> {
    this.#time.now = Math.max(this.#time.now, end);
    this.#world.tell('', 'the last day');
    return this.#settle();
  }

  #start(place: number): void {
    const { schedule, world } = { schedule: this.#schedule, world: this.#world };
    this.#started += 1;
    const skewMs = this.#dice.between(-120_000, 120_000);
    this.#processes[place] = startProcess({
      name: `w${this.#started}`,
      schedule,
      world,
      now: () => new Date(Date.now() + skewMs),
      isGone: (worker) => schedule.isOneMachine && this.#dead.has(worker),
      isUnread: () => world.isTroubled && this.#dice.below(3000) < schedule.perMille.target,
    });
    world.tell(`w${this.#started}`, 'starts');
  }

  /** Starts another one in the place of each that died, after a while. */
  #lookAfterProcesses(): void {
    for (const [place, each] of this.#processes.entries()) {
      if (!each.isDead || this.#dead.has(each.name)) continue;
      this.#dead.add(each.name);
      this.#time.after(this.#dice.below(12_000), () => this.#start(place));
    }
  }

  /** As a gateway does, and staff: until it is acknowledged, and now and then once more. */
  #deliver(delivery: Delivery): void {
    const again = (): void => void this.#time.after(this.#dice.between(1000, 12_000), () => this.#deliver(delivery));
    const alive = this.#processes.filter(({ isDead }) => !isDead);
    const process = alive[this.#dice.below(Math.max(1, alive.length))];
    if (!process) {
      again();
      return;
    }
    let isOver = false;
    const end = (isDone: boolean): void => {
      if (isOver) return;
      isOver = true;
      if (!isDone) {
        again();
        return;
      }
      this.#world.tell(process.name, `acknowledges ${delivery.id}`);
      if (!this.#acknowledged.has(delivery.id)) this.#open -= 1;
      this.#acknowledged.add(delivery.id);
      if (this.#world.isTroubled && this.#dice.below(10) === 0) again();
    };
    this.#time.after(20_000, () => end(false));
    this.#world.tell(process.name, `is told ${delivery.id}: ${delivery.events.map(({ id }) => id).join(', ')}`);
    const told = delivery.isCallback
      ? process.takes(callbackOf(delivery, this.#time.now))
      : process.decides(delivery.events).then(() => true);
    told.then(end, () => end(false));
  }

  #drawSkew(): number {
    const { begin, end } = this.#schedule;
    const most = Math.min(end - begin, 86_400_000);
    return this.#dice.below(2) === 0 ? this.#dice.below(most + 1) : -this.#dice.below(86_400_000);
  }

  /** Not before somebody could look at it since it was set last: what comes and goes unseen is known to nobody. */
  #setClock(skewMs: number): void {
    if (!this.#world.isTroubled && skewMs !== 0) return;
    if (!this.#world.isClockSeen) {
      this.#time.after(500, () => this.#setClock(skewMs));
      return;
    }
    this.#world.isClockSeen = Math.abs(skewMs - this.#time.skewMs) < 5000;
    this.#time.skewMs = skewMs;
    this.#world.tell('', `THE CLOCK IS SET, it is off by ${Math.round(skewMs / 1000)} s`);
  }

  async #passUntil(isReached: () => boolean): Promise<void> {
    while (!isReached() && this.#time.steps < mostSteps && (await this.#time.step())) this.#lookAfterProcesses();
  }

  /** Until nothing goes on by itself; then staff look into what waits for them, until there is nothing more to do. */
  async #settle(): Promise<boolean> {
    const until = this.#time.now + longestMs;
    for (;;) {
      let next = this.#time.now;
      await this.#passUntil(() => {
        if (this.#time.now < next) return false;
        next = this.#time.now + lookEveryMs;
        return this.#time.now > until || this.#openNow().length === 0;
      });
      if (this.#openNow().length > 0) return false;
      const done = await lookInto(
        this.#memory.store,
        this.#world.book,
        (what) => this.#world.tell('bo', what),
        () => this.#time.step(),
      );
      this.#byHand += done;
      if (done === 0) return true;
    }
  }

  /** What will go on by itself before long. */
  #openNow(): string[] {
    if (this.#open > 0) return [`${this.#open} deliveries`];
    if (this.#time.skewMs !== 0) return ['the clock'];
    if (this.#world.underWay > 0) return [`${this.#world.underWay} requests`];
    const callbacks = this.#memory.all<{ id: number }>("SELECT id FROM callbacks WHERE state IN ('ready', 'running')");
    const steps = this.#memory.all<{ key: string }>(
      `SELECT key || ' ' || state AS key FROM steps WHERE state IN ('ready', 'running') AND COALESCE(not_before, 0) <= ?
       AND NOT (state = 'ready' AND due_at > ?)`,
      [this.#time.now, this.#time.now + 86_400_000],
    );
    return [...callbacks.map(({ id }) => `callback ${id}`), ...steps.map(({ key }) => key)];
  }
}

function callbackOf({ id, events }: Delivery, now: number): Callback {
  return {
    gateway: 'stripe',
    method: 'POST',
    url: '/callbacks/stripe',
    headers: { delivery: id },
    body: Buffer.from(JSON.stringify(events)),
    receivedAt: new Date(now),
  };
}
