import type { PoolClient } from 'pg';

import type { Statements, Value } from '../sql/database.ts';
import { query, storable } from './connections.ts';
import { closed } from './errors.ts';
import type { Prepare } from './statements.ts';

/** The statements of one work on one connection. It refuses what comes after the work's end. */
export class OpenTransaction implements Statements {
  readonly #client: PoolClient;
  readonly #prepare: Prepare;
  readonly #where: string;
  #isOpen = true;

  constructor(client: PoolClient, prepare: Prepare, where: string) {
    this.#client = client;
    this.#prepare = prepare;
    this.#where = where;
  }

  async all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]> {
    return (await this.#query(sql, values)).rows as Row[];
  }

  async get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined> {
    return (await this.#query(sql, values)).rows[0] as Row | undefined;
  }

  async run(sql: string, values?: readonly Value[]): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  end(): void {
    this.#isOpen = false;
  }

  async #query(sql: string, values: readonly Value[] = []) {
    if (!this.#isOpen) throw closed(this.#where);
    return query(this.#client, this.#prepare(sql), values.map(storable), this.#where);
  }
}
