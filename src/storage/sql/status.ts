import type { StepState } from '../../contract/plan.ts';
import type { OpenItem, Store, StoreStatus } from '../store.ts';
import type { Database, Statements } from './database.ts';
import { toProblem } from './json.ts';
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
        const oldest = await oldestOf(tx, now);
        for (const row of openSteps) steps.set(row.state, row.total);
        const verdicts = await tx.all<StoreStatus['verdicts'][number]>(
          "SELECT gateway, verdict, code, total AS count FROM verdicts WHERE verdict <> 'accepted' ORDER BY gateway, verdict, code",
        );
        const gateways = await tx.all<StoreStatus['gateways'][number]>(
          `SELECT gateway, CAST(SUM(total) AS bigint) AS taken, MAX(last_at) AS "heardAt" FROM verdicts
           WHERE verdict IN ('accepted', 'ignored') GROUP BY gateway ORDER BY gateway`,
        );
        return {
          callbacks: {
            open: await count("callbacks WHERE state IN ('ready', 'running')"),
            parked: await count("callbacks WHERE state = 'parked'"),
          },
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
          gateways: gateways.map((row) => ({ ...row })),
          ...(oldest && { oldestOpenMs: oldest.age, oldestOpen: oldest.item }),
        };
      }),
  };
}

/** The callback or step that has been open longest. What is planned for later is none yet; what waits for a parked step goes on when that does. */
async function oldestOf(tx: Statements, now: string): Promise<{ readonly age: number; readonly item: OpenItem } | undefined> {
  const callback = await tx.get<OpenRow>(
    `SELECT ${now} - received_at AS age, CAST(id AS text) AS name, gateway AS place, problem FROM callbacks
     WHERE state IN ('ready', 'running') ORDER BY received_at, id LIMIT 1`,
  );
  const step = await tx.get<OpenRow>(
    `SELECT ${now} - scheduled_at AS age, key AS name, account AS place, problem FROM steps
     WHERE ${openStates} AND scheduled_at > 0 AND (state <> 'waiting' OR patience_ms IS NOT NULL) ORDER BY scheduled_at LIMIT 1`,
  );
  const found = [
    ...(callback ? [{ kind: 'callback' as const, ...callback }] : []),
    ...(step ? [{ kind: 'step' as const, ...step }] : []),
  ].sort((a, b) => b.age - a.age);
  const [oldest] = found.filter(({ age }) => age >= 0);
  if (!oldest) return undefined;
  const { kind, age, name, place, problem } = oldest;
  return { age, item: { kind, name, of: place, ...(problem !== null && { code: toProblem(problem).code }) } };
}

interface OpenRow {
  age: number;
  name: string;
  place: string;
  problem: string | null;
}
