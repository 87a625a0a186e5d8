import type { Step, StepState } from '../../contract/plan.ts';
import type { Retention, Store, Thinned } from '../store.ts';
import { emptyCallback } from './callbacks.ts';
import { lock } from './database.ts';
import type { Database, Dialect, Statements } from './database.ts';
import { toText } from './json.ts';
import { grantsOf, stepsOf } from './order-rows.ts';

/** What a message says beside what it is about, which decides about later ones. */
const droppedOfMessages = ['about', 'to'];
/** Verbs whose steps are never planned after, and never run again. */
const spent = new Set(['revoke', 'suspend', 'resume', 'renew', 'task']);
/** What single attempts came to. What was told and decided stays. */
const passing = "('attempt', 'parked', 'cancelled')";
/** Something is still expected of the order. */
const unsettled = new Set(['held', 'pending', 'disputed', 'started']);

/** Keeps the store from growing without end. A few rows at a time; what one run leaves the next one finds. */
export function thinOutOperations(database: Database): Pick<Store, 'thinOut'> {
  const { dialect } = database;
  const { now } = dialect;

  const agedCallbacks = `
    SELECT id FROM callbacks WHERE state IN ('done', 'ignored') AND emptied_at IS NULL AND settled_at < ${now} - CAST(? AS bigint)
    ORDER BY settled_at, id LIMIT ?${dialect.skipLocked}`;

  const agedOrders = `
    SELECT id, status FROM orders WHERE thinned_at IS NULL AND updated_at < ${now} - CAST(? AS bigint)
    ORDER BY updated_at, id LIMIT ?`;

  const agedSamples = `
    DELETE FROM verdict_samples WHERE id IN (SELECT id FROM verdict_samples WHERE received_at < ${now} - CAST(? AS bigint) LIMIT ?)`;

  return {
    thinOut: ({ callbackMs, stepMs, sampleMs }: Retention, limit) =>
      database.transaction(
        async (tx): Promise<Thinned> => {
          const callbacks = callbackMs === undefined ? [] : await tx.all<{ id: number }>(agedCallbacks, [callbackMs, limit]);
          for (const { id } of callbacks) await emptyCallback(tx, dialect, id);
          const orders = stepMs === undefined ? [] : await tx.all<OrderRow>(agedOrders, [stepMs, limit]);
          for (const order of orders) await thinOrder(tx, dialect, order, stepMs ?? 0);
          const samples = sampleMs === undefined ? 0 : await tx.run(agedSamples, [sampleMs, limit]);
          return { callbacks: callbacks.length, orders: orders.length, samples };
        },
        { label: 'thinOut', minor: true },
      ),
  };
}

interface OrderRow {
  id: string;
  status: string;
}

/** Looks an order through. One that is not settled is looked at again when it has changed, and so is any other. */
async function thinOrder(tx: Statements, dialect: Dialect, { id, status }: OrderRow, stepMs: number): Promise<void> {
  await lock(tx, dialect, `order ${id}`);
  const steps = await stepsOf(tx, id);
  if (!unsettled.has(status) && steps.every(({ state }) => isFinished(state))) {
    const needed = new Set((await grantsOf(tx, id)).filter(({ wanted }) => wanted !== 'revoked').map((grant) => grant.id));
    for (const { grantId, outcome } of steps) if (grantId && outcome?.['keptFor'] !== undefined) needed.add(grantId);
    for (const step of steps)
      if (step.grantId === undefined || !needed.has(step.grantId)) await thinStep(tx, dialect, step, stepMs);
    await tx.run(`DELETE FROM history WHERE order_id = ? AND kind IN ${passing} AND at < ${dialect.now} - CAST(? AS bigint)`, [
      id,
      stepMs,
    ]);
  }
  await tx.run(`UPDATE orders SET thinned_at = ${dialect.now} WHERE id = ?`, [id]);
}

/** The input of a `grant` stays: should it be given once more, it is given by that. So does that of what staff may have told again. */
async function thinStep(tx: Statements, { now }: Dialect, { key, verb, input }: Step, stepMs: number): Promise<void> {
  const isMessage = verb === 'mail' || verb === 'notice';
  const kept = Object.entries(input).filter(([name]) => !spent.has(verb) && !(isMessage && droppedOfMessages.includes(name)));
  await tx.run(
    `UPDATE steps SET input = ?, outcome = NULL, memo = NULL, problem = NULL
     WHERE key = ? AND updated_at < ${now} - CAST(? AS bigint) AND state IN ('done', 'cancelled')`,
    [toText(Object.fromEntries(kept)), key, stepMs],
  );
}

function isFinished(state: StepState): boolean {
  return state === 'done' || state === 'cancelled';
}
