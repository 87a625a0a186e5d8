import type { ClientConfig, Pool, PoolClient, PoolConfig, QueryResult } from 'pg';

import type { Value } from '../sql/database.ts';
import { connectError, statementError } from './errors.ts';
import type { Pg } from './load-pg.ts';
import type { Prepared } from './statements.ts';

/** How long to wait for a connection, new or in use. */
const connectMs = 5000;
/** How long to wait for an answer. The server gives up earlier; this is for one that cannot tell us. */
const longestAnswerMs = 15_000;
const idleMs = 30_000;
/** Connections are renewed, so that after a failover, or behind a balancer, they spread again. */
const lifetimeSeconds = 1800;
const int8 = 20;

/** No settings are sent along: a pooler in between would refuse them, or leave them to others. */
export function clientConfig(pg: Pg, connectionString: string): ClientConfig {
  const others = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;
  return {
    connectionString,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    fallback_application_name: 'handover',
    types: { getTypeParser: (oid: number, format?: string) => (oid === int8 ? Number : others(oid, format)) },
  };
}

/** A pool that never lets an error of an idle or a lost connection end the process. */
export function openPool(pg: Pg, connectionString: string, size: { max: number; answerMs?: number }): Pool {
  const config: PoolConfig = {
    ...clientConfig(pg, connectionString),
    query_timeout: size.answerMs ?? longestAnswerMs,
    max: size.max,
    idleTimeoutMillis: idleMs,
    maxLifetimeSeconds: lifetimeSeconds,
    allowExitOnIdle: true,
  };
  const pool = new pg.Pool(config);
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export async function takeConnection(pool: Pool, where: string): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw connectError(error, where);
  }
}

/** Runs a prepared statement, or texts without values. Throws a `StatementError`. */
export async function query(
  client: PoolClient,
  statement: Prepared | string,
  values: readonly unknown[],
  where: string,
): Promise<QueryResult> {
  try {
    if (typeof statement === 'string') return await client.query(statement);
    return await client.query({ ...statement, values: values as unknown[] });
  } catch (error) {
    throw statementError(error, where);
  }
}

/** PostgreSQL's texts hold every character but one, and no half of one. */
export function storable<T extends Value>(value: T): T | string {
  if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) return value;
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}
