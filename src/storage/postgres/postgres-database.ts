import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';

import { HandoverError } from '../../contract/errors.ts';
import type { Callback } from '../../contract/gateway.ts';
import type { Database, Dialect, TransactionOptions, Value, Work } from '../sql/database.ts';
import type { Address } from './address.ts';
import { checkServer } from './check-server.ts';
import { clientConfig, openPool, storable } from './connections.ts';
import { closed, connectError } from './errors.ts';
import { Intake } from './intake.ts';
import { insertCallbacks } from './keep-callbacks.ts';
import { Listener } from './listener.ts';
import { loadPg } from './load-pg.ts';
import type { Pg } from './load-pg.ts';
import { migrate } from './migrate.ts';
import { preparer } from './statements.ts';
import type { Prepare } from './statements.ts';
import { Throttle } from '../sql/throttle.ts';
import { Transactions } from './transactions.ts';

/** The server's clock. It stands still during a statement, so that an index can be asked for what is due by it. */
const now = 'CAST(floor(extract(epoch FROM statement_timestamp()) * 1000) AS bigint)';
const intakeConnections = 2;
const workConnections = 8;
/** A gateway waits no longer for its answer. */
const intakeAnswerMs = 8000;
/** Hints are told and passed on no more often: NOTIFY makes all who commit wait for each other. */
const hintGapMs = 50;
/** Nothing is lost with a hint, so it does not wait for the disk, nor let others wait meanwhile. */
const tellOthers = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";
const partingMs = 2000;

/** One schema of a PostgreSQL database, used by as many processes and hosts as there are. */
export class PostgresDatabase implements Database {
  readonly dialect: Dialect;
  readonly #address: Address;
  readonly #prepare: Prepare;
  readonly #warn: (message: string) => void;
  readonly #listeners = new Set<() => void>();
  readonly #ownName = randomUUID();
  #opening: Promise<void> | undefined;
  #parts: Parts | undefined;
  #listener: Listener | undefined;
  #heard = new Throttle(() => this.#listeners.forEach((listener) => listener()), hintGapMs);
  #underWay = 0;
  #whenIdle: (() => void) | undefined;

  constructor(address: Address, warn: (message: string) => void) {
    this.#address = address;
    this.#warn = warn;
    this.#prepare = preparer(address.schema);
    this.dialect = {
      now,
      greatest: 'GREATEST',
      skipLocked: ' FOR UPDATE SKIP LOCKED',
      lock: `SELECT pg_advisory_xact_lock(hashtextextended('${address.schema} ' || CAST(? AS text), 0))`,
      anyOf: (ids) => `= ANY (ARRAY(${ids}))`,
      listOf: (select) => `(SELECT json_agg(row_to_json(listed)) FROM (${select}) AS listed)`,
    };
  }

  async open(): Promise<void> {
    if (this.#parts) return;
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const parts = this.#parts;
    if (!parts) return;
    this.#parts = undefined;
    this.#heard.stop();
    parts.hints.stop();
    await parts.intake.close();
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    const listener = this.#listener;
    this.#listener = undefined;
    const parting = Promise.allSettled([parts.intakePool.end(), parts.workPool.end(), listener?.stop() ?? Promise.resolve()]);
    await Promise.race([parting, delay(partingMs, undefined, { ref: false })]);
  }

  onWork(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#listen();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      void this.#listener?.stop();
      this.#listener = undefined;
    };
  }

  async all<Row>(sql: string, values: readonly Value[] = []): Promise<Row[]> {
    const { rows } = await this.#during(({ work }) => work.single(sql, values.map(storable)));
    return rows as Row[];
  }

  async get<Row>(sql: string, values: readonly Value[] = []): Promise<Row | undefined> {
    return (await this.all<Row>(sql, values))[0];
  }

  read<T>(work: Work<T>): Promise<T> {
    return this.#during((parts) => parts.work.read(work));
  }

  run(sql: string, values: readonly Value[] = []): Promise<number> {
    return this.#during(({ work }) => work.change((tx) => tx.run(sql, values), 'statement'));
  }

  transaction<T>(work: Work<T>, { label, minor, leavesWork }: TransactionOptions = {}): Promise<T> {
    return this.#during(async (parts) => {
      const result = await parts.work.change(work, label, minor);
      if (leavesWork) parts.hints.ask();
      return result;
    });
  }

  /** As the shared statement does, but with others in one commit. */
  async keepCallback(callback: Callback, deliveryId: string): Promise<'kept' | 'known'> {
    const { intake, hints } = this.#use();
    const result = await intake.keep(callback, deliveryId);
    if (result === 'kept') hints.ask();
    return result;
  }

  #use(): Parts {
    if (!this.#parts) throw closed(this.#address.where);
    return this.#parts;
  }

  async #during<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
    const parts = this.#use();
    this.#underWay += 1;
    try {
      return await work(parts);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#whenIdle?.();
    }
  }

  async #open(): Promise<void> {
    const { connectionString, connections = workConnections, where, schema } = this.#address;
    const pg = await loadPg();
    const { synchronousCommit, warnings } = await prepareServer(pg, this.#address);
    warnings.forEach((warning) => this.#warn(warning));
    const intakePool = openPool(pg, connectionString, { max: intakeConnections, answerMs: intakeAnswerMs });
    const workPool = openPool(pg, connectionString, { max: connections });
    const work = new Transactions(workPool, this.#prepare, where, synchronousCommit);
    const keeping = new Transactions(intakePool, this.#prepare, where, synchronousCommit);
    const intake = new Intake(insertCallbacks(keeping, now, synchronousCommit), where);
    const channel = `handover_${schema}`;
    const tell = () => work.single(tellOthers, [channel, this.#ownName], 'hint');
    const hints = new Throttle(() => void this.#during(tell).catch(() => undefined), hintGapMs);
    this.#parts = { pg, intakePool, workPool, work, intake, hints };
    this.#listen();
  }

  #listen(): void {
    const { connectionString, schema } = this.#address;
    const pg = this.#parts?.pg;
    if (!pg || this.#listener || this.#listeners.size === 0) return;
    this.#listener = new Listener({
      connect: () => new pg.Client(clientConfig(pg, connectionString)),
      channel: `"handover_${schema}"`,
      ownName: this.#ownName,
      heard: () => this.#heard.ask(),
    });
  }
}

interface Parts {
  readonly pg: Pg;
  readonly intakePool: Pool;
  readonly workPool: Pool;
  readonly work: Transactions;
  readonly intake: Intake;
  readonly hints: Throttle;
}

/** Looks whether the server will do, and brings the tables up to date; on a connection that may take its time. */
async function prepareServer(pg: Pg, { connectionString, schema, where }: Address) {
  const client = new pg.Client(clientConfig(pg, connectionString));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const server = await checkServer(client, where);
    await migrate(client, schema, where);
    return server;
  } catch (error) {
    throw error instanceof HandoverError ? error : connectError(error, where);
  } finally {
    await client.end().catch(() => undefined);
  }
}
