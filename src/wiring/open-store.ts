import { resolve } from 'node:path';
import { HandoverError } from '../contract/errors.ts';
import { readOrCreateKeyFile } from '../secrets/sealing.ts';
import { openPostgresStore, readAddress } from '../storage/postgres/index.ts';
import { openSqliteStore } from '../storage/sqlite/index.ts';
import type { Store } from '../storage/store.ts';

/** A store and where the secret comes from when the configuration names none. */
export interface StorePlace {
  readonly store: Store;
  /** Says which store it is, to tell two of them apart; undefined for a store handed in ready-made. */
  readonly path: string | undefined;
  /** The key file beside the store. Throws `SECRET_REQUIRED` where there is no place beside it. */
  secret(): Promise<string>;
}

/** `warn` is told what puts acknowledged callbacks at risk. */
export function openStore(choice: string | Store, now?: () => number, warn?: (message: string) => void): StorePlace {
  if (typeof choice !== 'string') return { store: choice, path: undefined, secret: noPlace };
  if (/^postgres(ql)?:/.test(choice)) {
    return { store: openPostgresStore({ url: choice, ...(warn && { warn }) }), path: readAddress(choice).where, secret: noPlace };
  }
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(choice)?.[0];
  if (scheme !== undefined) {
    throw new HandoverError('STORE_UNKNOWN', `Handover keeps everything in SQLite or in PostgreSQL, not in "${scheme}".`, {
      hint: 'Give the path of a file, e.g. store: "./handover.db", or an address: postgres://user:password@host/database.',
    });
  }
  if (choice === ':memory:')
    return { store: openSqliteStore({ path: choice, ...(now && { now }) }), path: undefined, secret: noPlace };
  const path = resolve(choice);
  return { store: openSqliteStore({ path, ...(now && { now }) }), path, secret: () => readOrCreateKeyFile(`${path}.key`) };
}

async function noPlace(): Promise<string> {
  throw new HandoverError('SECRET_REQUIRED', 'There is no secret to seal keys and sign links with.', {
    hint: 'Set "secret": { "env": "HANDOVER_SECRET" } in handover.json, with at least 32 random characters in that variable.',
  });
}
