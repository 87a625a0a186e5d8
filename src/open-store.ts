import { resolve } from 'node:path';
import { HandoverError } from './contract/errors.ts';
import { readOrCreateKeyFile } from './sealing.ts';
import { openSqliteStore } from './storage/sqlite/index.ts';
import type { Store } from './storage/store.ts';

/** A store and where the secret comes from when the configuration names none. */
export interface StorePlace {
  readonly store: Store;
  /** Says which store it is, to tell two of them apart; undefined for a store handed in ready-made. */
  readonly path: string | undefined;
  /** The key file beside the store. Throws `SECRET_REQUIRED` where there is no place beside it. */
  secret(): Promise<string>;
}

export function openStore(choice: string | Store, now: () => number): StorePlace {
  if (typeof choice !== 'string') return { store: choice, path: undefined, secret: noPlace };
  if (/^postgres(ql)?:/.test(choice)) {
    throw new HandoverError('STORE_UNKNOWN', 'This version keeps everything in SQLite; PostgreSQL is not supported yet.', {
      hint: 'Give the path of a file, e.g. store: "./handover.db".',
    });
  }
  if (choice === ':memory:') return { store: openSqliteStore({ path: choice, now }), path: undefined, secret: noPlace };
  const path = resolve(choice);
  return { store: openSqliteStore({ path, now }), path, secret: () => readOrCreateKeyFile(`${path}.key`) };
}

async function noPlace(): Promise<string> {
  throw new HandoverError('SECRET_REQUIRED', 'There is no secret to seal keys and sign links with.', {
    hint: 'Set "secret": { "env": "HANDOVER_SECRET" } in handover.json, with at least 32 random characters in that variable.',
  });
}
