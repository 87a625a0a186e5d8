import type { StepState } from '../../contract/plan.ts';
import type { Store, StoreStatus } from '../store.ts';
import type { Database } from './database.ts';
import { openStates } from './step-rows.ts';

/** Counts for the status page. They cost what is open, not what is finished. */
export function statusOperations(database: Database): Pick<Store, 'status'> {
  const { now } = database.dialect;

  return {
    status: () =>
      database.read(async (tx) => {
        const count = async (sql: string) =>
          (await tx.get<{ total: number }>(`SELECT COUNT(*) AS total FROM ${sql}`))?.total ?? 0;
        const steps = new Map<StepState, number>();
        const openSteps = await tx.all<{ state: StepState; total: number }>(
          `SELECT state, COUNT(*) AS total FROM steps WHERE ${openStates} GROUP BY state`,
        );
        const oldest = await tx.get<{ age: number | null }>(
          `SELECT ${now} - MIN(scheduled_at) AS age FROM steps WHERE ${openStates}`,
        );
        for (const row of openSteps) steps.set(row.state, row.total);
        const callbacks = await tx.get<{ total: number; age: number | null }>(
          `SELECT COUNT(*) AS total, ${now} - MIN(received_at) AS age FROM callbacks WHERE state IN ('ready', 'running')`,
        );
        const verdicts = await tx.all<StoreStatus['verdicts'][number]>(
          'SELECT gateway, verdict, code, total AS count FROM verdicts ORDER BY gateway, verdict, code',
        );
        const ages = [callbacks?.age, oldest?.age].filter((age) => typeof age === 'number' && age >= 0) as number[];
        return {
          callbacks: { open: callbacks?.total ?? 0, parked: await count("callbacks WHERE state = 'parked'") },
          steps: {
            ready: steps.get('ready') ?? 0,
            waiting: steps.get('waiting') ?? 0,
            running: steps.get('running') ?? 0,
            parked: await count("steps WHERE state = 'parked'"),
          },
          orders: {
            held: await count("orders WHERE status = 'held'"),
            waitingForProduct: await count('(SELECT DISTINCT order_id FROM waiting_skus) AS waiting'),
          },
          verdicts: verdicts.map((row) => ({ ...row })),
          ...(ages.length === 0 ? {} : { oldestOpenMs: Math.max(...ages) }),
        };
      }),
  };
}
