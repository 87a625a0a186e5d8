import type { Callback } from '../../contract/gateway.ts';
import { storable } from './connections.ts';
import { busy, closed, StatementError } from './errors.ts';

/** Puts callbacks in, all in one commit, and gives the keys of those that were not there before. */
export type Insert = (batch: readonly Item[]) => Promise<ReadonlySet<string>>;

export interface Item {
  /** Says which delivery it is. */
  readonly key: string;
  readonly callback: Callback;
  readonly deliveryId: string;
}

interface Job extends Item {
  readonly since: number;
  readonly resolve: (result: 'kept' | 'known') => void;
  readonly reject: (error: unknown) => void;
}

const queueLimit = 2000;
const batchLimit = 256;
const batchBytes = 4 * 1024 * 1024;
const batchesAtOnce = 2;

/**
 * Keeps callbacks: those that arrive together share a commit, and so a sync of the server's disk. Nobody hears of his before
 * the commit that holds it, also who brought one that was there already. Up to two batches are under way.
 */
export class Intake {
  readonly #insert: Insert;
  readonly #where: string;
  readonly #patienceMs: number;
  #queue: Job[] = [];
  #underWay = 0;
  #isScheduled = false;
  #isClosed = false;
  #expiry: NodeJS.Timeout | undefined;
  #whenEmpty: (() => void) | undefined;

  /** `patienceMs`: how long a callback may wait for its turn. */
  constructor(insert: Insert, where: string, patienceMs = 5000) {
    this.#insert = insert;
    this.#where = where;
    this.#patienceMs = patienceMs;
  }

  keep(callback: Callback, deliveryId: string): Promise<'kept' | 'known'> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) reject(closed(this.#where));
      else if (this.#queue.length >= queueLimit) reject(busy(this.#where, `${queueLimit} callbacks wait to be kept.`));
      else {
        const key = keyOf(callback.gateway, deliveryId);
        this.#queue.push({ key, callback, deliveryId, since: performance.now(), resolve, reject });
        this.#schedule();
      }
    });
  }

  /** Finishes what was asked for, then takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#queue.length + this.#underWay > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#rejectExpired();
      while (this.#queue.length > 0 && this.#underWay < batchesAtOnce) void this.#send(this.#take());
      if (this.#queue.length + this.#underWay === 0) this.#whenEmpty?.();
      else if (this.#queue.length > 0) this.#expireLater();
    });
  }

  /** What waits is told so in time, also when the batches before it never come back. */
  #expireLater(): void {
    this.#expiry ??= setTimeout(() => {
      this.#expiry = undefined;
      this.#schedule();
    }, this.#patienceMs).unref();
  }

  #take(): Job[] {
    let count = 0;
    let bytes = 0;
    for (const { callback } of this.#queue) {
      bytes += callback.body.byteLength;
      if (count > 0 && (count === batchLimit || bytes > batchBytes)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #send(jobs: readonly Job[]): Promise<void> {
    this.#underWay += 1;
    const waiting = Map.groupBy(jobs, ({ key }) => key);
    try {
      this.#settle(waiting, await this.#insert(itemsOf(waiting)));
    } catch (error) {
      if (waiting.size > 1 && isOfOneItem(error)) await this.#sendOneByOne(waiting);
      else for (const job of jobs) job.reject(error);
    }
    this.#underWay -= 1;
    this.#schedule();
  }

  /** One of them cannot be kept; the others must not suffer for it. */
  async #sendOneByOne(waiting: ReadonlyMap<string, readonly Job[]>): Promise<void> {
    for (const [key, jobs] of waiting) {
      const alone = new Map([[key, jobs]]);
      try {
        this.#settle(alone, await this.#insert(itemsOf(alone)));
      } catch (error) {
        for (const job of jobs) job.reject(error);
      }
    }
  }

  #settle(waiting: ReadonlyMap<string, readonly Job[]>, added: ReadonlySet<string>): void {
    for (const [key, jobs] of waiting) {
      for (const [place, job] of jobs.entries()) job.resolve(place === 0 && added.has(key) ? 'kept' : 'known');
    }
  }

  #rejectExpired(): void {
    const tooLong = performance.now() - this.#patienceMs;
    const fresh = this.#queue.findIndex(({ since }) => since > tooLong);
    const expired = this.#queue.splice(0, fresh === -1 ? this.#queue.length : fresh);
    for (const job of expired) job.reject(busy(this.#where, `A callback waited ${this.#patienceMs} ms for its turn.`));
  }
}

/** As the database will have it: two names that differ only in what it cannot hold are one. */
export function keyOf(gateway: string, deliveryId: string): string {
  return JSON.stringify([storable(gateway), storable(deliveryId)]);
}

/** In one order everywhere, so that two batches that hold the same deliveries do not wait for each other. */
function itemsOf(waiting: ReadonlyMap<string, readonly Job[]>): Item[] {
  const items = [...waiting.values()].flatMap(([first]) => (first ? [first] : []));
  return items.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Whether the statement itself was refused; what the server or the connection suffers from concerns every item. */
function isOfOneItem(error: unknown): boolean {
  return !(error instanceof StatementError) || error.code === 'STORE_FAILED';
}
