import type { Alarm, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database, Statements } from './database.ts';
import { addPlanned } from './plan.ts';

const columns = 'name, since, told_at, times, calm_since';

/** Alarms that stand: one row each, so that of several processes that see the same one tells it. */
export function alarmOperations(database: Database): Pick<Store, 'touch' | 'alarms' | 'raiseAlarm' | 'calmAlarm'> {
  const { dialect } = database;
  const { now } = dialect;

  const beat = `
    INSERT INTO pulse (name, at) VALUES ('health', ${now}) ON CONFLICT (name) DO UPDATE SET at = excluded.at`;

  async function find(tx: Statements, name: string): Promise<(AlarmRow & { now: number }) | undefined> {
    await lock(tx, dialect, `alarm ${name}`);
    return tx.get(`SELECT ${columns}, ${now} AS now FROM alarms WHERE name = ?`, [name]);
  }

  return {
    async touch() {
      await database.run(beat);
    },

    async alarms() {
      const rows = await database.all<AlarmRow>(`SELECT ${columns} FROM alarms ORDER BY since, name`);
      return rows.map(readAlarm);
    },

    raiseAlarm: (name, againMs, notice) =>
      database.transaction(
        async (tx) => {
          const found = await find(tx, name);
          if (found?.calm_since === null && found.now - found.told_at < againMs) return false;
          const isTold = found === undefined || found.now - found.told_at >= againMs;
          const row = await tx.get<AlarmRow>(
            `INSERT INTO alarms (name, since, told_at, times, calm_since) VALUES (?, ${now}, ${now}, 1, NULL)
             ON CONFLICT (name) DO UPDATE SET calm_since = NULL, times = alarms.times + ?,
               told_at = CASE WHEN ? = 1 THEN excluded.told_at ELSE alarms.told_at END
             RETURNING ${columns}`,
            [name, isTold ? 1 : 0, isTold ? 1 : 0],
          );
          if (isTold && row) await addPlanned(tx, dialect, [notice(readAlarm(row))]);
          return isTold;
        },
        { label: 'raiseAlarm', leavesWork: true },
      ),

    calmAlarm: (name, calmMs, notice) =>
      database.transaction(
        async (tx) => {
          const found = await find(tx, name);
          if (!found) return false;
          if (found.calm_since === null) await tx.run(`UPDATE alarms SET calm_since = ${now} WHERE name = ?`, [name]);
          if (found.now - (found.calm_since ?? found.now) < calmMs) return false;
          await tx.run('DELETE FROM alarms WHERE name = ?', [name]);
          if (notice) await addPlanned(tx, dialect, [notice(readAlarm(found))]);
          return true;
        },
        { label: 'calmAlarm', leavesWork: true },
      ),
  };
}

interface AlarmRow {
  name: string;
  since: number;
  told_at: number;
  times: number;
  calm_since: number | null;
}

function readAlarm({ name, since, told_at, times, calm_since }: AlarmRow): Alarm {
  return { name, since, toldAt: told_at, times, ...(calm_since !== null && { calmSince: calm_since }) };
}
