import type pg from 'pg';

import { HandoverError } from '../../contract/errors.ts';

export type Pg = typeof pg;

/** `pg` is an optional peer: only a shop that is kept in PostgreSQL installs it. Throws `STORE_POSTGRES_MISSING`. */
export async function loadPg(): Promise<Pg> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new HandoverError('STORE_POSTGRES_MISSING', 'The store is in PostgreSQL, and the package "pg" is not installed.', {
      hint: 'Install it beside handover: npm install pg',
      cause: error,
    });
  }
}
