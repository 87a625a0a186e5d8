import { watch, type FSWatcher } from 'node:fs';
import { Throttle } from '../sql/throttle.ts';
import type { Connection } from './connection.ts';

/** Where the system does not tell of changes, they are found so often. */
const lookEveryMs = 250;
/** The log is written first and the commit seen a little later, when the disk has synced it. */
const closeLookEveryMs = 3;
const closeLookMs = 60;
/** Told no more often: under load others write all the time. */
const hintGapMs = 25;

/**
 * Notices that another process wrote. SQLite sends no notices, but every commit changes the log beside the file, which the
 * operating system tells of at once; from then on SQLite is asked, which is cheap, whether it was another connection. A hint only.
 */
export class OthersWatch {
  readonly #connection: Connection;
  readonly #told: Throttle;
  readonly #timer: NodeJS.Timeout;
  #closeLooks: NodeJS.Timeout | undefined;
  #closeLooksEndAt = 0;
  readonly #log: FSWatcher | undefined;
  #version: unknown;

  constructor(connection: Connection, path: string, told: () => void) {
    this.#connection = connection;
    this.#told = new Throttle(told, hintGapMs);
    this.#version = this.#read();
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref();
    this.#log = watchLog(`${path}-wal`, () => this.#lookClosely());
  }

  stop(): void {
    clearInterval(this.#timer);
    clearInterval(this.#closeLooks);
    this.#log?.close();
    this.#told.stop();
  }

  #lookClosely(): void {
    this.#closeLooksEndAt = performance.now() + closeLookMs;
    this.#closeLooks ??= setInterval(() => {
      this.#look();
      if (performance.now() < this.#closeLooksEndAt) return;
      clearInterval(this.#closeLooks);
      this.#closeLooks = undefined;
    }, closeLookEveryMs).unref();
  }

  #look(): void {
    const found = this.#read();
    if (found === this.#version) return;
    this.#version = found;
    this.#told.ask();
  }

  /** Undefined when it cannot be told just now. */
  #read(): unknown {
    try {
      return this.#connection.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
    } catch {
      return undefined;
    }
  }
}

/** Undefined where files cannot be watched, or too many are. */
function watchLog(path: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
