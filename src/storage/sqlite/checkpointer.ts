import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.ts';

/** A quiet shop checkpoints by itself, a page at a time. From so many changes on, a thread does it beside the writer. */
const changesToStart = 2000;
const changesBetween = 500;
const betweenMs = 50;
/** The writer's own limit while the thread is at work: a log that grew this long is checkpointed in line. In pages of 8 KB. */
const inLineLimit = 4000;
const usualLimit = 1000;

/**
 * Keeps checkpoints off the path of callbacks: copying the log into the database file takes milliseconds, in which nothing
 * could be answered. If the thread cannot run, the writer checkpoints in line as SQLite does by default.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #writer: Connection;
  #thread: Worker | undefined;
  #isBusy = false;
  #isEnded = false;
  #changes = 0;
  #lastAt = 0;

  constructor(path: string, writer: Connection) {
    this.#path = path;
    this.#writer = writer;
  }

  /** A batch of changes was committed. */
  wrote(changes: number): void {
    this.#changes += changes;
    if (this.#isEnded || this.#isBusy || this.#changes < (this.#thread ? changesBetween : changesToStart)) return;
    const now = performance.now();
    if (now - this.#lastAt < betweenMs) return;
    this.#lastAt = now;
    this.#changes = 0;
    this.#thread ??= this.#start();
    this.#isBusy = true;
    this.#thread.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    const thread = this.#thread;
    if (!thread) return;
    this.#thread = undefined;
    const ended = once(thread, 'exit');
    thread.ref(); // a process that has nothing else to do must not end before it has closed its store
    thread.postMessage('end');
    await ended;
  }

  #start(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './checkpoint-thread.ts' : './checkpoint-thread.js';
    const thread = new Worker(new URL(file, import.meta.url), { workerData: this.#path });
    thread.unref();
    thread.on('message', () => (this.#isBusy = false));
    thread.on('error', () => this.#giveUp());
    this.#writer.exec(`PRAGMA wal_autocheckpoint = ${inLineLimit}`);
    return thread;
  }

  #giveUp(): void {
    this.#isEnded = true;
    this.#thread = undefined;
    this.#writer.exec(`PRAGMA wal_autocheckpoint = ${usualLimit}`);
  }
}
