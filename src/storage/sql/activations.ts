import type { SeatAnswer, SeatRequest, SeatStatus, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database, Statements } from './database.ts';

type ActivationOperations =
  | 'registerKey'
  | 'revokeRegisteredKey'
  | 'takeSeat'
  | 'findSeat'
  | 'freeSeat'
  | 'revokedKeyCount'
  | 'revokedKeys'
  | 'keepSecret'
  | 'keptSecret';

interface KeyRow {
  product: string;
  devices: number;
  expires: string | null;
  revoked_at: number | null;
}

const columns = 'product, devices, expires, revoked_at';

/** Keys that software asks about, the machines they are used on, and the list of those taken back. */
export function activationOperations(database: Database): Pick<Store, ActivationOperations> {
  const { dialect } = database;
  const { now } = dialect;

  const change = <T>(label: string, fingerprint: string, work: (tx: Statements) => Promise<T>): Promise<T> =>
    database.transaction(
      async (tx) => {
        await lock(tx, dialect, `activation ${fingerprint}`);
        return work(tx);
      },
      { label },
    );

  return {
    registerKey: ({ fingerprint, mark, grantId, product, devices, expires }) =>
      change('registerKey', fingerprint, async (tx) => {
        const known = await keyOf(tx, fingerprint);
        if (known && known.revoked_at !== null) return 'revoked';
        await tx.run(
          `INSERT INTO activation_keys (fingerprint, mark, grant_id, product, devices, expires) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (fingerprint) DO UPDATE SET grant_id = excluded.grant_id, product = excluded.product,
             devices = excluded.devices, expires = excluded.expires`,
          [fingerprint, mark, grantId, product, devices, expires ?? null],
        );
        return 'registered';
      }),

    async revokeRegisteredKey({ fingerprint, mark, grantId }) {
      await database.run(
        `INSERT INTO activation_keys (fingerprint, mark, grant_id, product, devices, revoked_at) VALUES (?, ?, ?, '', 0, ${now})
         ON CONFLICT (fingerprint) DO UPDATE SET revoked_at = COALESCE(activation_keys.revoked_at, excluded.revoked_at)`,
        [fingerprint, mark, grantId],
      );
    },

    takeSeat: (seat) =>
      change('takeSeat', seat.fingerprint, async (tx) => {
        const { fingerprint, machine, app = null } = seat;
        const answer = await standing(tx, seat);
        if (answer.status !== 'inactive' && answer.status !== 'active') return answer;
        if (answer.status === 'inactive' && answer.used >= answer.devices) return { ...answer, status: 'full' };
        await tx.run(
          `INSERT INTO activation_seats (fingerprint, machine, app, taken_at, seen_at) VALUES (?, ?, ?, ${now}, ${now})
           ON CONFLICT (fingerprint, machine) DO UPDATE SET app = excluded.app, seen_at = excluded.seen_at`,
          [fingerprint, machine, app],
        );
        return { ...answer, status: 'active', used: answer.used + (answer.status === 'active' ? 0 : 1) };
      }),

    findSeat: (seat) => database.read((tx) => standing(tx, seat)),

    freeSeat: (seat, limit, periodMs) =>
      change('freeSeat', seat.fingerprint, async (tx) => {
        const { fingerprint, machine } = seat;
        const answer = await standing(tx, seat);
        if (answer.status !== 'active') return answer;
        const lately = await tx.get<{ count: number }>(
          `SELECT COUNT(*) AS count FROM activation_returns WHERE fingerprint = ? AND at > ${now} - CAST(? AS bigint)`,
          [fingerprint, periodMs],
        );
        if ((lately?.count ?? 0) >= limit) return { ...answer, status: 'tooOften' };
        await tx.run('DELETE FROM activation_seats WHERE fingerprint = ? AND machine = ?', [fingerprint, machine]);
        await tx.run(`INSERT INTO activation_returns (fingerprint, at) VALUES (?, ${now})`, [fingerprint]);
        return { ...answer, status: 'inactive', used: answer.used - 1 };
      }),

    async revokedKeyCount() {
      const row = await database.get<{ count: number; latest: number | null }>(
        'SELECT COUNT(*) AS count, MAX(revoked_at) AS latest FROM activation_keys WHERE revoked_at IS NOT NULL',
      );
      return { count: row?.count ?? 0, latest: row?.latest ?? 0 };
    },

    async revokedKeys() {
      const rows = await database.all<{ mark: string; revoked_at: number }>(
        'SELECT mark, revoked_at FROM activation_keys WHERE revoked_at IS NOT NULL ORDER BY revoked_at, fingerprint',
      );
      return rows.map(({ mark, revoked_at }) => ({ mark, revokedAt: revoked_at }));
    },

    keepSecret: (name, sealed) =>
      database.transaction(
        async (tx) => {
          const values = [name, sealed];
          await tx.run(
            `INSERT INTO kept_secrets (name, sealed, kept_at) VALUES (?, ?, ${now}) ON CONFLICT (name) DO NOTHING`,
            values,
          );
          return (await sealedUnder(tx, name)) ?? sealed;
        },
        { label: 'keepSecret' },
      ),

    keptSecret: (name) => sealedUnder(database, name),
  };
}

async function sealedUnder(tx: Statements, name: string): Promise<string | undefined> {
  return (await tx.get<{ sealed: string }>('SELECT sealed FROM kept_secrets WHERE name = ?', [name]))?.sealed;
}

function keyOf(tx: Statements, fingerprint: string): Promise<KeyRow | undefined> {
  return tx.get<KeyRow>(`SELECT ${columns} FROM activation_keys WHERE fingerprint = ?`, [fingerprint]);
}

/** The same two questions are asked whatever the key is, so that the time an answer takes says nothing. */
async function standing(tx: Statements, { fingerprint, product, machine, today }: SeatRequest): Promise<SeatAnswer> {
  const key = await keyOf(tx, fingerprint);
  const seats = await tx.get<{ used: number; ours: number | null }>(
    'SELECT COUNT(*) AS used, SUM(CASE WHEN machine = ? THEN 1 ELSE 0 END) AS ours FROM activation_seats WHERE fingerprint = ?',
    [machine, fingerprint],
  );
  const refuse = (status: SeatStatus): SeatAnswer => ({ status, used: 0, devices: 0 });
  if (!key || key.product !== product) return refuse('unknown');
  if (key.revoked_at !== null) return refuse('revoked');
  if (key.expires !== null && key.expires < today) return { ...refuse('expired'), expires: key.expires };
  return {
    status: (seats?.ours ?? 0) > 0 ? 'active' : 'inactive',
    used: seats?.used ?? 0,
    devices: key.devices,
    ...(key.expires === null ? {} : { expires: key.expires }),
  };
}
