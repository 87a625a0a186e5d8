import type { Statements, Value } from '../sql/database.ts';
import type { Connection } from './connection.ts';
import { closed } from './errors.ts';

/** The statements of one work. It refuses what comes after the work's end: that would land in a neighbour's transaction. */
export class OpenTransaction implements Statements {
  readonly #connection: Connection;
  readonly #where: string;
  #isOpen = true;

  constructor(connection: Connection, where: string) {
    this.#connection = connection;
    this.#where = where;
  }

  async all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]> {
    return this.#use().all<Row>(sql, values);
  }

  async get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined> {
    return this.#use().get<Row>(sql, values);
  }

  async run(sql: string, values?: readonly Value[]): Promise<number> {
    return this.#use().run(sql, values);
  }

  end(): void {
    this.#isOpen = false;
  }

  #use(): Connection {
    if (!this.#isOpen) throw closed(this.#where);
    return this.#connection;
  }
}
