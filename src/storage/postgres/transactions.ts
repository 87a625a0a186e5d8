import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient, QueryResult } from 'pg';

import { crashPoint } from '../../crash-point.ts';
import type { Work } from '../sql/database.ts';
import { query, takeConnection } from './connections.ts';
import { busy, outcomeUnknown, refused, StatementError } from './errors.ts';
import { OpenTransaction } from './open-transaction.ts';
import type { Prepare } from './statements.ts';

/** How often a change that met another one is run again. */
const repeats = 6;
/** How often a change is begun anew on another connection. Several of a pool are lost at once. */
const reconnects = 2;
const queueLimit = 2000;
const minorLimit = queueLimit / 2;

/**
 * For every transaction, since no setting of a connection can be relied on. The server may not keep a lock for a process that
 * stands still, and a statement may not run for ever. A plan made while a table is nearly empty is kept and used when it is
 * large, so it must not read the whole table even then.
 */
const limits = `SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '5s';
  SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL enable_seqscan = off`;

/** Statements on a pool of connections: each work in a transaction of its own, begun anew when that can help. */
export class Transactions {
  readonly #pool: Pool;
  readonly #prepare: Prepare;
  readonly #where: string;
  readonly #begin: string;

  /** `synchronousCommit`: how far a commit must have come before it is told. */
  constructor(pool: Pool, prepare: Prepare, where: string, synchronousCommit: string) {
    this.#pool = pool;
    this.#prepare = prepare;
    this.#where = where;
    this.#begin = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = ${synchronousCommit}; ${limits}`;
  }

  /** Runs `work` in a transaction; resolves when it is committed and synced. */
  async change<T>(work: Work<T>, label = 'transaction', minor = false): Promise<T> {
    const where = `${this.#where}, ${label}`;
    const limit = minor ? minorLimit : queueLimit;
    if (this.#pool.waitingCount >= limit) throw busy(where, `${limit} changes wait for a connection.`);
    return untilItHelpsNoMore(() => this.#inTransaction(this.#begin, work, where));
  }

  /** Several reads of one moment. */
  read<T>(work: Work<T>): Promise<T> {
    const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${limits}`;
    return untilItHelpsNoMore(() => this.#inTransaction(begin, work, `${this.#where}, read`));
  }

  /** One statement that is a transaction of its own: a read, or a change that brings its own settings and may be repeated. */
  single(sql: string, values: readonly unknown[], label = 'read'): Promise<QueryResult> {
    const where = `${this.#where}, ${label}`;
    const statement = this.#prepare(sql);
    return untilItHelpsNoMore(() => this.#onConnection(where, (client) => query(client, statement, values, where)));
  }

  async #inTransaction<T>(begin: string, work: Work<T>, where: string): Promise<T> {
    return this.#onConnection(where, async (client) => {
      let result: T;
      try {
        await query(client, begin, [], where);
        result = await this.#perform(client, work, where);
      } catch (error) {
        if (!isUseless(error)) await query(client, 'ROLLBACK', [], where);
        throw error;
      }
      await commit(client, where);
      return result;
    });
  }

  async #perform<T>(client: PoolClient, work: Work<T>, where: string): Promise<T> {
    const tx = new OpenTransaction(client, this.#prepare, where);
    try {
      return await work(tx);
    } finally {
      tx.end();
    }
  }

  async #onConnection<T>(where: string, use: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await takeConnection(this.#pool, where);
    let error: unknown;
    try {
      return await use(client);
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      client.release(isUseless(error));
    }
  }
}

async function commit(client: PoolClient, where: string): Promise<void> {
  let command: string;
  crashPoint('before a commit');
  try {
    ({ command } = await query(client, 'COMMIT', [], where));
  } catch (error) {
    throw isUseless(error) ? outcomeUnknown(where, error) : error;
  }
  crashPoint('after a commit');
  if (command !== 'COMMIT') throw refused('a failed statement was passed over', where);
}

function isUseless(error: unknown): boolean {
  return error instanceof StatementError && (error.remedy === 'reconnect' || error.remedy === 'discard');
}

/** Begins anew what another change or a lost connection undid, by chance a little later each time. */
async function untilItHelpsNoMore<T>(attempt: () => Promise<T>): Promise<T> {
  for (let [repeated, reconnected] = [0, 0]; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      if (error.remedy === 'repeat' && repeated < repeats) repeated += 1;
      else if (error.remedy === 'reconnect' && reconnected < reconnects) reconnected += 1;
      else throw error;
      await delay(Math.random() * 10 * 2 ** (repeated + reconnected));
    }
  }
}
