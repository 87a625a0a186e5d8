import type { Value, Work } from '../sql/database.ts';
import type { Connection } from './connection.ts';
import { closed, storeError } from './errors.ts';
import { OpenTransaction } from './open-transaction.ts';
import { waitForLock } from './wait-for-lock.ts';

/**
 * Reads what is committed, one work after the other: a read that came after a commit never sees the moment before it.
 */
export class Reader {
  readonly #connection: Connection;
  readonly #where: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(connection: Connection, where: string) {
    this.#connection = connection;
    this.#where = where;
  }

  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]> {
    return this.#inTurn(() => this.#connection.all<Row>(sql, values));
  }

  get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined> {
    return this.#inTurn(() => this.#connection.get<Row>(sql, values));
  }

  read<T>(work: Work<T>): Promise<T> {
    return this.#inTurn(async () => {
      const tx = new OpenTransaction(this.#connection, this.#where);
      this.#connection.run('BEGIN');
      try {
        return await work(tx);
      } finally {
        tx.end();
        if (this.#connection.inTransaction) this.#connection.run('COMMIT');
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #inTurn<T>(task: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw closed(this.#where);
    this.#waiting++;
    const turn = this.#waiting === 1 ? waitForLock(task) : this.#last.then(() => waitForLock(task));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      throw storeError(error, this.#where);
    } finally {
      this.#waiting--;
    }
  }
}
