import type { PlannedStep, StepState, StepVerb } from '../../contract/plan.ts';
import { inParts, insertRows, lock, someOf } from './database.ts';
import type { Dialect, Statements, Value } from './database.ts';
import { addHistory, nameOf } from './history.ts';
import { toText } from './json.ts';

/** `runAt` of a step that waits without a time limit; the latest time a `Date` can hold. */
export const never = 8_640_000_000_000_000;

/** Adds steps; known keys are dropped. A step that names others in `after` waits until `releaseWaiting` has looked at it. */
export async function addPlanned(tx: Statements, { now, greatest }: Dialect, steps: readonly PlannedStep[]): Promise<void> {
  const due = `${greatest}(${now} + CAST(? AS bigint), CAST(? AS bigint))`;
  const row = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${due}, ${due}, 0, 0, 0, ${now}, ${greatest}(${now}, CAST(? AS bigint)), ${now})`;
  const into = `
    INSERT INTO steps (key, order_id, grant_id, line, unit, verb, action, account, input, wait_for, patience_ms, config_version,
      not_before, terms, state, run_at, due_at, attempts, fence, cancelling, created_at, scheduled_at, updated_at)`;
  await insertRows(tx, into, row, steps.map(valuesOf), 'ON CONFLICT (key) DO NOTHING');
}

function valuesOf(step: PlannedStep): Value[] {
  const waits = step.after.length > 0;
  const waitsForEver = waits && step.patienceMs === undefined;
  const due = waitsForEver ? [0, never] : [waits ? (step.patienceMs ?? 0) : 0, step.notBefore ?? 0];
  return [
    ...[step.key, step.orderId, step.grantId ?? null, step.line ?? null, step.unit ?? null, step.verb, step.action],
    ...[step.account, JSON.stringify(step.input), JSON.stringify(step.after), step.patienceMs ?? null],
    ...[step.configVersion, step.notBefore ?? null, toText(step.terms), waits ? 'waiting' : 'ready'],
    ...[...due, ...due, step.notBefore ?? 0],
  ];
}

/** Cancels what is not running, marks what is. Finished steps stay as they are. */
export async function cancelSteps(tx: Statements, dialect: Dialect, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const step = await tx.get<NamedRow>(
      `UPDATE steps SET cancelling = CASE WHEN state = 'running' THEN 1 ELSE 0 END,
         state = CASE WHEN state = 'running' THEN 'running' ELSE 'cancelled' END, updated_at = ${dialect.now}
       WHERE key = ? AND state IN ('ready', 'waiting', 'parked', 'running')
       RETURNING key, order_id, verb, action, line, unit, state`,
      [key],
    );
    if (!step) continue;
    const end = step.state === 'running' ? 'is running and will not be tried again' : 'is cancelled';
    await addHistory(tx, dialect, { orderId: step.order_id, stepKey: key }, 'cancelled', `${nameOfRow(step)} ${end}.`);
  }
}

/**
 * Makes the orders' waiting steps ready whose `after` is settled. Keys nobody planned hold nothing up. Who adds a step and who
 * ends what it waits for do this one after the other, so that the second one sees both.
 */
export async function releaseWaiting(tx: Statements, dialect: Dialect, orderIds: Iterable<string>): Promise<void> {
  const start = `${dialect.greatest}(${dialect.now}, COALESCE(not_before, 0))`;
  for (const orderId of [...new Set(orderIds)].sort()) {
    await lock(tx, dialect, `order ${orderId}`);
    const rows = await tx.all<WaitingRow>(stepsBesideWaiting, [orderId, orderId]);
    const waiting = rows.filter(({ state }) => state === 'waiting');
    const wanted = waiting.map((row) => ({ ...row, after: JSON.parse(row.wait_for) as string[] }));
    const own = new Map(rows.map(({ key, state }) => [key, state]));
    const foreign = wanted.flatMap((step) => step.after).filter((key) => !own.has(key));
    const states = new Map([...own, ...(await statesOf(tx, foreign))]);
    for (const step of wanted) {
      if (!step.after.every((key) => isSettled(states.get(key), step.patience_ms !== null))) continue;
      await tx.run(
        `UPDATE steps SET state = 'ready', run_at = ${start}, due_at = ${start}, scheduled_at = ${start}, updated_at = ${dialect.now}
         WHERE key = ? AND state = 'waiting'`,
        [step.key],
      );
    }
  }
}

function isSettled(state: StepState | undefined, patient: boolean): boolean {
  return state === undefined || state === 'done' || state === 'cancelled' || (patient && state === 'parked');
}

async function statesOf(tx: Statements, keys: readonly string[]): Promise<Map<string, StepState>> {
  const states = new Map<string, StepState>();
  for (const part of inParts([...new Set(keys)])) {
    const rows = await tx.all<{ key: string; state: StepState }>(`SELECT key, state FROM steps WHERE key IN (${someOf})`, part);
    for (const row of rows) states.set(row.key, row.state);
  }
  return states;
}

/** The steps of an order, when any of them waits: mostly for others of the same order. */
const stepsBesideWaiting = `
  SELECT key, state, wait_for, patience_ms FROM steps
  WHERE order_id = ? AND EXISTS (SELECT 1 FROM steps WHERE order_id = ? AND state = 'waiting') ORDER BY id`;

interface WaitingRow {
  key: string;
  state: StepState;
  wait_for: string;
  patience_ms: number | null;
}

/** What names a step in the history. */
export interface NamedRow {
  key: string;
  order_id: string;
  verb: StepVerb;
  action: string;
  line: number | null;
  unit: number | null;
  state: StepState;
}

export function nameOfRow({ verb, action, line, unit }: NamedRow): string {
  return nameOf({ verb, action, ...(line === null ? {} : { line }), ...(unit === null ? {} : { unit }) });
}
