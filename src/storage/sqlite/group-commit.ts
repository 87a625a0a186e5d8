import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import type { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import type { Value, Work } from '../sql/database.ts';
import type { Connection } from './connection.ts';
import { busy, closed, isBusy, storeError } from './errors.ts';
import { OpenTransaction } from './open-transaction.ts';
import { lockDelayMs } from './wait-for-lock.ts';

const queueLimit = 2000;
const minorLimit = queueLimit / 2;
const batchLimit = 256;
/** A batch that runs longer is cut: what waits for its commit should not wait for slower neighbours. */
const batchMs = 25;
/** How long after another process wrote we leave it gaps, and how wide they are: SQLite's lock is not fair. */
const courtesyMs = 1000;
const gapMs = 2;

interface Job {
  readonly since: number;
  readonly statement: string | undefined;
  readonly values: readonly Value[];
  readonly work: Work<unknown> | undefined;
  readonly label: string;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  result: unknown;
  error: unknown;
  failed: boolean;
  /** Shares its transaction with nobody: an earlier one that it shared was given up. */
  readonly isAlone: boolean;
}

export interface GroupCommitOptions {
  /** How long a change may wait for its turn. @default 5000 */
  readonly patienceMs?: number;
  /** Told of each commit, with the number of changes in it. */
  readonly committed?: (changes: number) => void;
}

/**
 * The one way to write: changes that arrive together share a transaction, and so a sync of the disk. Nobody hears of a
 * change before the commit that holds it. What fails is undone alone.
 */
export class GroupCommit {
  readonly #connection: Connection;
  readonly #where: string;
  readonly #patienceMs: number;
  readonly #committed: ((changes: number) => void) | undefined;
  readonly #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  #dataVersion: unknown;
  #othersWroteAt = -Infinity;

  constructor(connection: Connection, where: string, { patienceMs = 5000, committed }: GroupCommitOptions = {}) {
    this.#connection = connection;
    this.#where = where;
    this.#patienceMs = patienceMs;
    this.#committed = committed;
    this.#dataVersion = this.#readDataVersion();
  }

  /** One statement, a transaction of its own. */
  run(statement: string, values: readonly Value[]): Promise<number> {
    return this.#add<number>(statement, values, undefined, 'statement', queueLimit);
  }

  transaction<T>(work: Work<T>, label = 'transaction', minor = false): Promise<T> {
    return this.#add<T>(undefined, [], work, label, minor ? minorLimit : queueLimit);
  }

  /** Finishes what was asked for, then takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #add<T>(statement: string | undefined, values: readonly Value[], work: Work<T> | undefined, label: string, limit: number) {
    return new Promise<T>((resolve, reject) => {
      const refusal = this.#refusal(limit);
      if (refusal) {
        reject(refusal);
        return;
      }
      this.#queue.push({
        since: performance.now(),
        statement,
        values,
        work,
        label,
        resolve,
        reject,
        result: undefined,
        error: undefined,
        failed: false,
        isAlone: false,
      });
      this.#running ??= this.#pump();
    });
  }

  #refusal(limit: number): HandoverError | undefined {
    if (this.#closed) return closed(this.#where);
    const waiting = this.#queue.length;
    return waiting >= limit ? busy(this.#where, `${waiting} changes wait for the disk.`) : undefined;
  }

  async #pump(): Promise<void> {
    await nextTurn();
    while (this.#queue.length > 0) {
      if (await this.#begin()) {
        const taken = this.#queue.splice(0, this.#queue[0]?.isAlone ? 1 : batchLimit);
        await this.#runBatch(taken).catch((error: unknown) => this.#rejectAll(taken, error));
        this.#rejectExpired();
      }
      if (performance.now() - this.#othersWroteAt < courtesyMs) await delay(gapMs);
      else if (this.#queue.length > 0) await nextTurn();
    }
    this.#running = undefined;
  }

  /** Takes the write lock, waiting for it without holding up the process. False when nobody waits for it any more. */
  async #begin(): Promise<boolean> {
    for (let attempt = 0; this.#queue.length > 0; attempt++) {
      try {
        if (this.#connection.inTransaction) this.#connection.run('ROLLBACK');
        this.#connection.run('BEGIN IMMEDIATE');
        const version = this.#readDataVersion();
        if (version !== this.#dataVersion) this.#othersWroteAt = performance.now();
        this.#dataVersion = version;
        return true;
      } catch (error) {
        if (!isBusy(error)) this.#rejectAll(this.#queue.splice(0), error);
        else {
          this.#rejectExpired(error);
          await delay(lockDelayMs(attempt));
        }
      }
    }
    return false;
  }

  async #runBatch(taken: readonly Job[]): Promise<void> {
    const until = performance.now() + batchMs;
    const batch: Job[] = [];
    for (const job of taken) {
      if (job.work !== undefined && batch.length > 0 && performance.now() > until) break;
      batch.push(job);
      if (job.statement !== undefined) this.#runStatement(job, job.statement);
      else await this.#runWork(job);
      if (!this.#connection.inTransaction) {
        this.#startOver(taken, job);
        return;
      }
    }
    this.#queue.unshift(...taken.slice(batch.length));
    try {
      crashPoint('before a commit');
      this.#connection.run('COMMIT');
      crashPoint('after a commit');
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.run('ROLLBACK');
      this.#rejectAll(batch, error);
      return;
    }
    for (const job of batch) {
      if (job.failed) job.reject(storeError(job.error, `${this.#where}, ${job.label}`));
      else job.resolve(job.result as never);
    }
    this.#committed?.(batch.length);
  }

  /** A statement undoes itself when it fails, so it needs no savepoint. */
  #runStatement(job: Job, statement: string): void {
    try {
      job.result = this.#connection.run(statement, job.values);
    } catch (error) {
      job.failed = true;
      job.error = error;
    }
  }

  async #runWork(job: Job): Promise<void> {
    const connection = this.#connection;
    const tx = new OpenTransaction(connection, this.#where);
    try {
      connection.run('SAVEPOINT work');
      job.result = await job.work?.(tx);
      connection.run('RELEASE work');
    } catch (error) {
      job.failed = true;
      job.error = error;
      if (connection.inTransaction) {
        connection.run('ROLLBACK TO work');
        connection.run('RELEASE work');
      }
    } finally {
      tx.end();
    }
  }

  /** SQLite gave up the whole transaction, so nothing of it is kept: its cause is told, the neighbours run again, one by one. */
  #startOver(taken: readonly Job[], culprit: Job): void {
    this.#rejectAll([culprit], culprit.error);
    const others = taken.filter((job) => job !== culprit);
    this.#queue.unshift(...others.map((job) => ({ ...job, failed: false, error: undefined, result: undefined, isAlone: true })));
  }

  #rejectExpired(cause?: unknown): void {
    const tooLong = performance.now() - this.#patienceMs;
    const fresh = this.#queue.findIndex((job) => job.since > tooLong);
    const expired = this.#queue.splice(0, fresh === -1 ? this.#queue.length : fresh);
    this.#rejectAll(expired, cause ?? busy(this.#where, `A change waited ${this.#patienceMs} ms for its turn.`));
  }

  #rejectAll(jobs: readonly Job[], error: unknown): void {
    for (const job of jobs) job.reject(storeError(error, `${this.#where}, ${job.label}`));
  }

  #readDataVersion(): unknown {
    return this.#connection.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
  }
}
