import type { ClaimedCallback, Store } from '../store.ts';
import { readCallback } from './callback-rows.ts';
import { countCutShort } from './claims.ts';
import type { CallbackRow } from './callback-rows.ts';
import type { Database, Dialect, Statements } from './database.ts';
import { addHistory } from './history.ts';
import { toProblem, toText } from './json.ts';
import { addPlanned, releaseWaiting } from './plan.ts';

type CallbackOperations =
  | 'keepCallback'
  | 'claimCallbacks'
  | 'postponeCallback'
  | 'parkCallback'
  | 'ignoreCallback'
  | 'retryCallback'
  | 'parkedCallbacks';

const held = "id = ? AND fence = ? AND state = 'running'";

/** Kept callbacks. They stay for good, so a delivery repeated after a year is still known. */
export function callbackOperations(database: Database): Pick<Store, CallbackOperations> {
  const { dialect } = database;
  const { now, skipLocked, anyOf } = dialect;

  const keep = `
    INSERT INTO callbacks (gateway, delivery_id, state, due_at, attempts, fence, received_at, method, url, headers, body)
    VALUES (?, ?, 'ready', ${now}, 0, 0, ?, ?, ?, ?, ?)
    ON CONFLICT (gateway, delivery_id) DO NOTHING`;

  const claim = `
    WITH due AS MATERIALIZED (
      SELECT id FROM callbacks WHERE state IN ('ready', 'running') AND due_at <= ${now}
      ORDER BY due_at, id LIMIT ?${skipLocked})
    UPDATE callbacks SET state = 'running', fence = fence + 1, attempts = attempts + 1, owner = ?, due_at = ${now} + ?,
      cut_short = ${countCutShort}
    WHERE id ${anyOf('SELECT id FROM due')}
    RETURNING id, gateway, delivery_id, attempts, fence, cut_short, received_at, method, url, headers, body`;

  return {
    keepCallback: (callback, deliveryId) =>
      database
        .run(keep, [
          callback.gateway,
          deliveryId,
          callback.receivedAt.getTime(),
          callback.method,
          callback.url,
          JSON.stringify(callback.headers),
          callback.body,
        ])
        .then((added) => (added === 1 ? 'kept' : 'known')),

    claimCallbacks: (worker, limit, leaseMs) =>
      database.transaction(
        async (tx) => {
          const rows = await tx.all<CallbackRow>(claim, [limit, worker, leaseMs]);
          return rows.sort((a, b) => a.id - b.id).map((row) => readCallback(row, worker));
        },
        { label: 'claimCallbacks' },
      ),

    async postponeCallback({ id, fence }, problem, delayMs) {
      const changed = await database.run(
        `UPDATE callbacks SET state = 'ready', due_at = ${now} + ?, owner = NULL, cut_short = 0, problem = ? WHERE ${held}`,
        [delayMs, toText(problem), id, fence],
      );
      return changed === 1;
    },

    parkCallback: ({ id, fence }, problem, notices = []) =>
      database.transaction(
        async (tx) => {
          const changed = await tx.run(`UPDATE callbacks SET state = 'parked', owner = NULL, problem = ? WHERE ${held}`, [
            toText(problem),
            id,
            fence,
          ]);
          if (changed === 0) return false;
          await addPlanned(tx, dialect, notices);
          await releaseWaiting(
            tx,
            dialect,
            notices.map((step) => step.orderId),
          );
          return true;
        },
        { label: 'parkCallback', leavesWork: true },
      ),

    ignoreCallback: (claimed, why) =>
      database.transaction((tx) => settleCallback(tx, dialect, claimed, 'ignored', why), { label: 'ignoreCallback' }),

    retryCallback: (id, by) =>
      database.transaction(
        async (tx) => {
          const changed = await tx.run(
            `UPDATE callbacks SET state = 'ready', attempts = 0, cut_short = 0, due_at = ${now} WHERE id = ? AND state = 'parked'`,
            [id],
          );
          if (changed === 0) return false;
          await addHistory(tx, dialect, { callbackId: id }, 'retried', `${by} put the callback back on the schedule.`);
          return true;
        },
        { label: 'retryCallback', leavesWork: true },
      ),

    async parkedCallbacks(limit) {
      const rows = await database.all<ParkedRow>(
        `SELECT id, gateway, delivery_id, received_at, attempts, problem FROM callbacks
         WHERE state = 'parked' ORDER BY id DESC LIMIT ?`,
        [limit],
      );
      return rows.map((row) => ({
        id: row.id,
        gateway: row.gateway,
        deliveryId: row.delivery_id,
        receivedAt: row.received_at,
        attempts: row.attempts,
        problem: toProblem(row.problem),
      }));
    },
  };
}

/** Takes what it brought out of a settled callback; that it came stays known for good. False when there was nothing left. */
export async function emptyCallback(tx: Statements, { now }: Dialect, id: number): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE callbacks SET url = '', headers = '{}', body = ?, emptied_at = ${now}
     WHERE id = ? AND state IN ('done', 'ignored') AND emptied_at IS NULL`,
    [new Uint8Array(), id],
  );
  return changed === 1;
}

/** Ends a claimed callback. False when the claim was lost. */
export async function settleCallback(
  tx: Statements,
  { now }: Dialect,
  { id, fence }: ClaimedCallback,
  state: 'done' | 'ignored',
  reason?: string,
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE callbacks SET state = '${state}', settled_at = ${now}, owner = NULL, problem = NULL, reason = ? WHERE ${held}`,
    [reason ?? null, id, fence],
  );
  return changed === 1;
}

interface ParkedRow {
  id: number;
  gateway: string;
  delivery_id: string;
  received_at: number;
  attempts: number;
  problem: string;
}
