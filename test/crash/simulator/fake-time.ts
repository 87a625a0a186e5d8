import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

interface Entry {
  at: number;
  readonly place: number;
  run: (() => void) | undefined;
}

/** What `setTimeout` gives, as far as our code uses it. */
class Timer {
  entry: Entry;
  constructor(entry: Entry) {
    this.entry = entry;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const realTurn = setImmediate;

/**
 * Time that passes only when it is told to. While it is in force, everything of this thread that waits, waits for it: the global
 * timers, those of `node:timers/promises`, `performance.now()` and `Date.now()`. For a thread that does nothing else.
 */
export class FakeTime {
  /** Milliseconds that only ever go forward. */
  now = 0;
  /** How far the clock that can be set is off. */
  skewMs = 0;
  /** What happened so far, a measure of how long a schedule takes. */
  steps = 0;
  #entries: Entry[] = [];
  #count = 0;

  /** Cannot be taken back. `random` replaces `Math.random`. */
  putInForce(random: () => number): void {
    const cancel = (timer: unknown): void => {
      if (timer instanceof Timer) timer.entry.run = undefined;
    };
    const every = (run: () => void, ms: number): Timer => {
      const again = (): void => {
        timer.entry = this.after(ms, again);
        run();
      };
      const timer = new Timer(this.after(ms, again));
      return timer;
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0) => new Timer(this.after(ms, run)),
      setInterval: every,
      clearTimeout: cancel,
      clearInterval: cancel,
    });
    Object.assign(timers, {
      setTimeout: (ms = 0, value?: unknown) => new Promise((resolve) => void this.after(ms, () => resolve(value))),
      setImmediate: (value?: unknown) => new Promise((resolve) => void this.after(0, () => resolve(value))),
    });
    syncBuiltinESMExports();
    Object.defineProperty(performance, 'now', { value: () => this.now });
    Date.now = () => this.now + this.skewMs;
    Math.random = random;
  }

  startAt(now: number): void {
    this.now = now;
    this.skewMs = 0;
    this.steps = 0;
    this.#entries = [];
    this.#count = 0;
  }

  after(ms: number, run: () => void): Entry {
    const entry = { at: this.now + Math.max(0, ms || 0), place: (this.#count += 1), run };
    this.#push(entry);
    return entry;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets what is due next happen, with everything that follows from it at once. False: nothing will happen any more. */
  async step(): Promise<boolean> {
    const entry = this.#pop();
    if (!entry) return false;
    if (!entry.run) return true;
    this.steps += 1;
    this.now = Math.max(this.now, entry.at);
    entry.run();
    await new Promise((resolve) => realTurn(resolve));
    return true;
  }

  #push(entry: Entry): void {
    const entries = this.#entries;
    let place = entries.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, entries[parent]!)) break;
      entries[place] = entries[parent]!;
      place = parent;
    }
    entries[place] = entry;
  }

  #pop(): Entry | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (!first || !last || entries.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1]!, entries[child]!)) child += 1;
      if (!isBefore(entries[child]!, last)) break;
      entries[place] = entries[child]!;
      place = child;
    }
    entries[place] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.place < b.place);
}
