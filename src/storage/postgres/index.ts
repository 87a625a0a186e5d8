import { createSqlStore } from '../sql/sql-store.ts';
import type { Store } from '../store.ts';
import { readAddress } from './address.ts';
import { PostgresDatabase } from './postgres-database.ts';

export { readAddress } from './address.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`; `?schema=` and `&connections=` set what is below. */
  readonly url: string;
  /** Where the tables are; made when it is missing. Two shops in one database have two. @default handover */
  readonly schema?: string;
  /** How many connections the work of this process may take, beside two for callbacks and one for hints. @default 8 */
  readonly connections?: number;
  /** Told at opening what puts acknowledged callbacks at risk. @default a warning of the process */
  readonly warn?: (message: string) => void;
  /** Leases hang on the clock of the server, and on no other. */
  readonly now?: never;
}

/**
 * The store in PostgreSQL 14 or later, for several processes and hosts. Nothing is touched before `open()`. Throws
 * `STORE_ADDRESS_INVALID` at once; at open `STORE_POSTGRES_MISSING`, `STORE_POSTGRES_UNFIT`, `STORE_FOREIGN`, `STORE_TOO_NEW`;
 * and at any time `STORE_BUSY`, `STORE_UNAVAILABLE`, `STORE_CLOSED`: what was asked for may be asked for again.
 */
export function openPostgresStore({ url, schema, connections, warn = warnProcess }: PostgresOptions): Store {
  const chosen = { ...(schema !== undefined && { schema }), ...(connections !== undefined && { connections }) };
  const database = new PostgresDatabase(readAddress(url, chosen), warn);
  return {
    ...createSqlStore(database),
    keepCallback: (callback, deliveryId) => database.keepCallback(callback, deliveryId),
  };
}

function warnProcess(message: string): void {
  process.emitWarning(message, { type: 'HandoverWarning', code: 'STORE_NOT_DURABLE' });
}
