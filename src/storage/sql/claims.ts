import type { ClaimedCallback, DueTimes, StepClaim, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database, Dialect, Statements } from './database.ts';
import { addHistory } from './history.ts';
import { nameOfRow, never, releaseWaiting } from './plan.ts';
import type { NamedRow } from './plan.ts';
import { openStates, readClaim, stepColumns } from './step-rows.ts';
import type { StepRow } from './step-rows.ts';

/** For work that is claimed: that it still ran means that its last worker never told how it ended. */
export const countCutShort = "CASE WHEN state = 'running' AND cut_short = 0 THEN 1 ELSE cut_short END";

/** Rows under a lease, so asked that the index of the open ones answers without looking at the others. */
function running(table: 'callbacks' | 'steps'): string {
  return `${table === 'steps' ? openStates : "state IN ('ready', 'running')"} AND state = 'running'`;
}

/** Taking due work under a lease, keeping the lease, giving it back. */
export function claimOperations(
  database: Database,
): Pick<
  Store,
  | 'claimSteps'
  | 'dueTimes'
  | 'accountsWithWork'
  | 'beginAgain'
  | 'workers'
  | 'endLeases'
  | 'giveBackLost'
  | 'renewLease'
  | 'release'
  | 'nextDueInMs'
> {
  const { dialect } = database;
  const { now, skipLocked, anyOf } = dialect;

  const claimOfAccount = `
    WITH due AS MATERIALIZED (
      SELECT id FROM steps WHERE account = ? AND ${openStates} AND due_at <= ${now} AND cancelling = 0
      ORDER BY due_at, id LIMIT ?${skipLocked})
    UPDATE steps SET state = 'running', fence = fence + 1, attempts = attempts + 1, owner = ?, due_at = ${now} + ?,
      cut_short = ${countCutShort}, updated_at = ${now}
    WHERE id ${anyOf('SELECT id FROM due')}
    RETURNING ${stepColumns}`;

  /** Jumps from account to account instead of reading every open step. */
  const accounts = `
    WITH RECURSIVE found (account) AS (
      SELECT MIN(account) FROM steps WHERE ${openStates}
      UNION ALL
      SELECT (SELECT MIN(account) FROM steps WHERE ${openStates} AND steps.account > found.account)
      FROM found WHERE found.account IS NOT NULL)`;

  /** The first row is about callbacks, the others about an account each. */
  const nextOfAll = `${accounts}
    SELECT CAST(NULL AS text) AS account, ${now} AS clock,
      (SELECT due_at FROM callbacks WHERE state IN ('ready', 'running') ORDER BY due_at LIMIT 1) AS due_at
    UNION ALL
    SELECT account, ${now} AS clock,
      (SELECT due_at FROM steps WHERE steps.account = found.account AND ${openStates} ORDER BY due_at LIMIT 1) AS due_at
    FROM found WHERE account IS NOT NULL`;

  async function dueTimes(): Promise<DueTimes> {
    const rows = await database.all<{ account: string | null; clock: number; due_at: number | null }>(nextOfAll);
    const stepInMs = new Map<string, number>();
    let [clock, callbackInMs]: [number, number | undefined] = [0, undefined];
    for (const { account, clock: readAt, due_at } of rows) {
      if (account !== null && due_at !== null) stepInMs.set(account, due_at - readAt);
      if (account === null) [clock, callbackInMs] = [readAt, due_at === null ? undefined : due_at - readAt];
    }
    return { clock, ...(callbackInMs !== undefined && { callbackInMs }), stepInMs };
  }

  /** One that is to be cancelled is left as if its lease had lapsed: the next who claims ends it. */
  const stillRunning = "CASE WHEN cancelling = 1 THEN 'running' ELSE 'ready' END";

  return {
    claimSteps: (worker, room, leaseMs) =>
      database.transaction(
        async (tx) => {
          await dropCancelled(tx, dialect);
          const rows: StepRow[] = [];
          for (const [account, limit] of room) {
            if (limit > 0) rows.push(...(await tx.all<StepRow>(claimOfAccount, [account, limit, worker, leaseMs])));
          }
          rows.sort((a, b) => a.run_at - b.run_at || a.id - b.id);
          return rows.map((row) => readClaim(row, worker));
        },
        { label: 'claimSteps' },
      ),

    dueTimes,

    async accountsWithWork() {
      const rows = await database.all<{ account: string }>(`${accounts} SELECT account FROM found WHERE account IS NOT NULL`);
      return rows.map((row) => row.account);
    },

    async beginAgain(claim) {
      const changed = isStep(claim)
        ? await database.run("UPDATE steps SET cut_short = cut_short + 1 WHERE key = ? AND fence = ? AND state = 'running'", [
            claim.key,
            claim.fence,
          ])
        : await database.run("UPDATE callbacks SET cut_short = cut_short + 1 WHERE id = ? AND fence = ? AND state = 'running'", [
            claim.id,
            claim.fence,
          ]);
      return changed === 1;
    },

    async workers() {
      const rows = await database.all<{ owner: string }>(
        `SELECT owner FROM callbacks WHERE ${running('callbacks')} AND owner IS NOT NULL
         UNION SELECT owner FROM steps WHERE ${running('steps')} AND owner IS NOT NULL`,
      );
      return rows.map((row) => row.owner);
    },

    endLeases: (worker) =>
      database.transaction(
        async (tx) => {
          await tx.run(`UPDATE callbacks SET due_at = ${now} WHERE ${running('callbacks')} AND owner = ?`, [worker]);
          await tx.run(`UPDATE steps SET due_at = ${now} WHERE ${running('steps')} AND owner = ?`, [worker]);
        },
        { label: 'endLeases', leavesWork: true },
      ),

    giveBackLost: (worker, known) =>
      database.transaction(
        async (tx) => {
          const isKnown = new Set(known.map((claim) => `${isStep(claim) ? claim.key : claim.id} ${claim.fence}`));
          let lost = 0;
          const ready = {
            callbacks: "state = 'ready'",
            steps: `state = ${stillRunning}, updated_at = ${now}`, // by which a clock that was ahead is recognised
          };
          for (const [table, name] of [['callbacks', 'id'] as const, ['steps', 'key'] as const]) {
            const held = await tx.all<{ name: string | number; fence: number }>(
              `SELECT ${name} AS name, fence FROM ${table} WHERE ${running(table)} AND owner = ?`,
              [worker],
            );
            for (const each of held.filter((row) => !isKnown.has(`${row.name} ${row.fence}`))) {
              lost += await tx.run(
                `UPDATE ${table} SET ${ready[table]}, due_at = ${now}, owner = NULL, attempts = attempts - 1
                 WHERE ${name} = ? AND fence = ? AND state = 'running'`,
                [each.name, each.fence],
              );
            }
          }
          return lost;
        },
        { label: 'giveBackLost', leavesWork: true },
      ),

    async renewLease(claim, leaseMs) {
      const changed = isStep(claim)
        ? await database.run(`UPDATE steps SET due_at = ${now} + ? WHERE key = ? AND fence = ? AND state = 'running'`, [
            leaseMs,
            claim.key,
            claim.fence,
          ])
        : await database.run(`UPDATE callbacks SET due_at = ${now} + ? WHERE id = ? AND fence = ? AND state = 'running'`, [
            leaseMs,
            claim.id,
            claim.fence,
          ]);
      return changed === 1;
    },

    release: (claims) =>
      database.transaction(
        async (tx) => {
          for (const claim of claims) {
            if (isStep(claim)) await releaseStep(tx, dialect, claim);
            else await releaseCallback(tx, dialect, claim);
          }
        },
        { label: 'release', leavesWork: true },
      ),

    async nextDueInMs(busy) {
      const { callbackInMs, stepInMs } = await dueTimes();
      const delays = callbackInMs === undefined ? [] : [callbackInMs];
      for (const [account, delay] of stepInMs) {
        if (delay < never / 2 && busy?.has(account) !== true) delays.push(delay);
      }
      return delays.length === 0 ? undefined : Math.max(0, Math.min(...delays));
    },
  };
}

function isStep(claim: StepClaim | ClaimedCallback): claim is StepClaim {
  return 'key' in claim;
}

/** Steps marked for cancelling whose worker was lost: nobody is left to end them. */
async function dropCancelled(tx: Statements, dialect: Dialect): Promise<void> {
  const lapsed = await tx.all<NamedRow & { fence: number }>(
    `SELECT key, order_id, verb, action, line, unit, state, fence FROM steps
     WHERE state = 'running' AND cancelling = 1 AND due_at <= ${dialect.now}`,
  );
  for (const step of lapsed) {
    await lock(tx, dialect, `order ${step.order_id}`);
    const changed = await tx.run(
      `UPDATE steps SET state = 'cancelled', cancelling = 0, owner = NULL, updated_at = ${dialect.now}
       WHERE key = ? AND fence = ? AND state = 'running'`,
      [step.key, step.fence],
    );
    if (changed === 0) continue;
    const text = `${nameOfRow(step)} is cancelled. Its last attempt never told how it ended; look at the other side.`;
    await addHistory(tx, dialect, { orderId: step.order_id, stepKey: step.key }, 'cancelled', text);
    await releaseWaiting(tx, dialect, [step.order_id]);
  }
}

async function releaseStep(tx: Statements, dialect: Dialect, claim: StepClaim): Promise<void> {
  await lock(tx, dialect, `order ${claim.orderId}`);
  const step = await tx.get<NamedRow>(
    `UPDATE steps SET state = CASE WHEN cancelling = 1 THEN 'cancelled' ELSE 'ready' END, cancelling = 0, cut_short = 0, due_at = run_at,
       owner = NULL, updated_at = ${dialect.now}
     WHERE key = ? AND fence = ? AND state = 'running'
     RETURNING key, order_id, verb, action, line, unit, state`,
    [claim.key, claim.fence],
  );
  if (step?.state !== 'cancelled') return;
  await addHistory(tx, dialect, { orderId: step.order_id, stepKey: step.key }, 'cancelled', `${nameOfRow(step)} is cancelled.`);
  await releaseWaiting(tx, dialect, [step.order_id]);
}

async function releaseCallback(tx: Statements, { now }: Dialect, claim: ClaimedCallback): Promise<void> {
  await tx.run(
    `UPDATE callbacks SET state = 'ready', cut_short = 0, due_at = ${now}, owner = NULL
     WHERE id = ? AND fence = ? AND state = 'running'`,
    [claim.id, claim.fence],
  );
}
