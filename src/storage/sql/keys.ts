import type { KeyPoolCount, KeyRow, SealedKey, Store } from '../store.ts';
import { inParts, lock, someOf } from './database.ts';
import type { Database, Statements } from './database.ts';

type KeyOperations = 'importKeys' | 'takeKey' | 'revokeKey' | 'keyCounts' | 'listKeys' | 'findKeys' | 'keysHeldBy';

/** Stocks of activation keys. The counts of a pool are kept beside it, so that asking for them costs the same at any size. */
export function keyOperations(database: Database): Pick<Store, KeyOperations> {
  const { dialect } = database;
  const { now, skipLocked } = dialect;

  const take = `
    UPDATE keys SET state = 'taken', holder = ?, taken_at = ${now}
    WHERE id = (SELECT id FROM keys WHERE pool = ? AND state = 'free' ORDER BY id LIMIT 1${skipLocked})
    RETURNING sealed`;

  return {
    importKeys: (pool, keys) =>
      database.transaction(
        async (tx) => {
          await lock(tx, dialect, `keys ${pool}`);
          const duplicates = await duplicatesAmong(tx, pool, keys);
          if (duplicates.length > 0) return { added: 0, duplicates };
          for (const key of keys) {
            await tx.run("INSERT INTO keys (pool, fingerprint, sealed, state) VALUES (?, ?, ?, 'free')", [
              pool,
              key.fingerprint,
              key.sealed,
            ]);
          }
          await tx.run(
            `INSERT INTO key_pools (pool, free, taken, revoked) VALUES (?, ?, 0, 0)
             ON CONFLICT (pool) DO UPDATE SET free = key_pools.free + excluded.free`,
            [pool, keys.length],
          );
          return { added: keys.length, duplicates };
        },
        { label: 'importKeys' },
      ),

    takeKey: (pool, holder) =>
      database.transaction(
        async (tx) => {
          await lock(tx, dialect, `keys ${pool}`);
          const own = await tx.get<{ sealed: string }>(
            "SELECT sealed FROM keys WHERE pool = ? AND holder = ? AND state = 'taken'",
            [pool, holder],
          );
          if (own) return own.sealed;
          const taken = await tx.get<{ sealed: string }>(take, [holder, pool]);
          if (taken) await tx.run('UPDATE key_pools SET free = free - 1, taken = taken + 1 WHERE pool = ?', [pool]);
          return taken?.sealed;
        },
        { label: 'takeKey' },
      ),

    revokeKey: (pool, holder) =>
      database.transaction(
        async (tx) => {
          await lock(tx, dialect, `keys ${pool}`);
          const values = [pool, holder];
          const changed = await tx.run(
            "UPDATE keys SET state = 'revoked' WHERE pool = ? AND holder = ? AND state = 'taken'",
            values,
          );
          if (changed > 0) {
            await tx.run('UPDATE key_pools SET taken = taken - 1, revoked = revoked + 1 WHERE pool = ?', [pool]);
            return true;
          }
          const before = "SELECT 1 AS found FROM keys WHERE pool = ? AND holder = ? AND state = 'revoked' LIMIT 1";
          return (await tx.get(before, values)) !== undefined;
        },
        { label: 'revokeKey' },
      ),

    async keyCounts() {
      const rows = await database.all<KeyPoolCount>('SELECT pool, free, taken, revoked FROM key_pools ORDER BY pool');
      return rows.map((row) => ({ ...row }));
    },

    async listKeys(pool, limit) {
      const rows = await database.all<KeyRecord>(`SELECT ${columns} FROM keys WHERE pool = ? ORDER BY id DESC LIMIT ?`, [
        pool,
        limit,
      ]);
      return rows.map(readKey);
    },

    async findKeys(fingerprint) {
      const rows = await database.all<KeyRecord & { pool: string }>(
        `SELECT pool, ${columns} FROM keys WHERE fingerprint = ? ORDER BY pool`,
        [fingerprint],
      );
      return rows.map((row) => ({ pool: row.pool, ...readKey(row) }));
    },

    keysHeldBy: (holders) =>
      database.read(async (tx) => {
        const held: (KeyRow & { readonly pool: string })[] = [];
        for (const { pool } of await tx.all<{ pool: string }>('SELECT pool FROM key_pools ORDER BY pool')) {
          for (const part of inParts([...new Set(holders)])) {
            const rows = await tx.all<KeyRecord>(
              `SELECT ${columns} FROM keys WHERE pool = ? AND holder IS NOT NULL AND holder IN (${someOf}) ORDER BY id`,
              [pool, ...part],
            );
            held.push(...rows.map((row) => ({ pool, ...readKey(row) })));
          }
        }
        return held;
      }),
  };
}

/** Fingerprints that are in the pool already, in any state, or twice in the list. */
async function duplicatesAmong(tx: Statements, pool: string, keys: readonly SealedKey[]): Promise<string[]> {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { fingerprint } of keys) {
    if (seen.has(fingerprint)) duplicates.add(fingerprint);
    seen.add(fingerprint);
  }
  for (const part of inParts([...seen])) {
    const known = await tx.all<{ fingerprint: string }>(
      `SELECT fingerprint FROM keys WHERE pool = ? AND fingerprint IN (${someOf})`,
      [pool, ...part],
    );
    for (const row of known) duplicates.add(row.fingerprint);
  }
  return [...duplicates];
}

const columns = 'fingerprint, sealed, state, holder, taken_at';

interface KeyRecord {
  fingerprint: string;
  sealed: string;
  state: KeyRow['state'];
  holder: string | null;
  taken_at: number | null;
}

function readKey(row: KeyRecord): KeyRow {
  return {
    fingerprint: row.fingerprint,
    sealed: row.sealed,
    state: row.state,
    ...(row.holder === null ? {} : { holder: row.holder }),
    ...(row.taken_at === null ? {} : { takenAt: row.taken_at }),
  };
}
