import type { ClaimedStep, StepProblem } from '../../contract/plan.ts';
import type { StepChanges, StepClaim, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database, Statements } from './database.ts';
import { addHistory, describeDelay, nameOf, wordsOf } from './history.ts';
import { toText } from './json.ts';
import { addPlanned, nameOfRow, releaseWaiting } from './plan.ts';
import type { NamedRow } from './plan.ts';
import { readStep, stepColumns } from './step-rows.ts';
import type { StepRow } from './step-rows.ts';

type StepOperations =
  | 'beginCall'
  | 'rememberStep'
  | 'finishStep'
  | 'postponeStep'
  | 'parkStep'
  | 'addSteps'
  | 'retryStep'
  | 'markDone'
  | 'parkedSteps';

/** What becomes of a claimed step. Every change names the fence, so who lost the claim changes nothing. */
export function stepOperations(database: Database): Pick<Store, StepOperations> {
  const { dialect } = database;
  const { now } = dialect;
  const held = "key = ? AND fence = ? AND state = 'running'";
  const ended = `cancelling = 0, cut_short = 0, sending_at = NULL, owner = NULL, updated_at = ${now}`;

  const note = (tx: Statements, claim: ClaimedStep, kind: string, text: string) =>
    addHistory(tx, dialect, { orderId: claim.orderId, stepKey: claim.key }, kind, text);

  /** Ends an attempt that brought nothing, unless the step was meanwhile marked for cancelling. */
  async function endAttempt(
    tx: Statements,
    claim: StepClaim,
    problem: StepProblem | undefined,
    parked: boolean,
    delayMs: number | undefined,
  ) {
    await lock(tx, dialect, `order ${claim.orderId}`);
    const due = delayMs === undefined ? 'run_at' : `${now} + ?`;
    return tx.get<{ state: string; attempts: number }>(
      `UPDATE steps SET state = CASE WHEN cancelling = 1 THEN 'cancelled' ELSE '${parked ? 'parked' : 'ready'}' END,
         run_at = ${due}, due_at = ${due}, attempts = attempts - ?, problem = COALESCE(?, problem), ${ended}
       WHERE ${held} RETURNING state, attempts`,
      [...(delayMs === undefined ? [] : [delayMs, delayMs]), problem ? 0 : 1, toText(problem), claim.key, claim.fence],
    );
  }

  async function tellCancelled(tx: Statements, claim: StepClaim, problem: StepProblem | undefined): Promise<true> {
    const last = problem ? ` Its last attempt failed: ${wordsOf(problem)}` : '';
    await note(tx, claim, 'cancelled', `${nameOf(claim)} is cancelled.${last}`);
    await releaseWaiting(tx, dialect, [claim.orderId]);
    return true;
  }

  return {
    async beginCall(claim) {
      return (await database.run(`UPDATE steps SET sending_at = ${now} WHERE ${held}`, [claim.key, claim.fence])) === 1;
    },

    async rememberStep(claim, memo) {
      return (await database.run(`UPDATE steps SET memo = ? WHERE ${held}`, [toText(memo), claim.key, claim.fence])) === 1;
    },

    finishStep: (claim, outcome, then = []) =>
      database.transaction(
        async (tx) => {
          await lock(tx, dialect, `order ${claim.orderId}`);
          const changed = await tx.run(`UPDATE steps SET state = 'done', outcome = ?, problem = NULL, ${ended} WHERE ${held}`, [
            toText(outcome),
            claim.key,
            claim.fence,
          ]);
          if (changed === 0) return false;
          await note(tx, claim, 'done', `${nameOf(claim)} is done, at attempt ${claim.attempts}.`);
          await addPlanned(tx, dialect, then);
          await releaseWaiting(tx, dialect, [claim.orderId, ...then.map((step) => step.orderId)]);
          return true;
        },
        { label: 'finishStep', leavesWork: true },
      ),

    postponeStep: (claim, problem, delayMs) =>
      database.transaction(
        async (tx) => {
          const step = await endAttempt(tx, claim, problem, false, delayMs);
          if (!step) return false;
          if (step.state === 'cancelled') return tellCancelled(tx, claim, problem);
          if (problem) {
            const text = `${nameOf(claim)}: attempt ${step.attempts} failed: ${wordsOf(problem)} Next try in ${describeDelay(delayMs ?? 0)}.`;
            await note(tx, claim, 'attempt', text);
          }
          return true;
        },
        { label: 'postponeStep' },
      ),

    parkStep: (claim, problem, notices = []) =>
      database.transaction(
        async (tx) => {
          const step = await endAttempt(tx, claim, problem, true, 0);
          if (!step) return false;
          if (step.state === 'cancelled') return tellCancelled(tx, claim, problem);
          const text = `${nameOf(claim)}: attempt ${step.attempts} failed for good: ${wordsOf(problem)} It waits for a person.`;
          await note(tx, claim, 'parked', text);
          await addPlanned(tx, dialect, notices);
          await releaseWaiting(tx, dialect, [claim.orderId, ...notices.map((step) => step.orderId)]);
          return true;
        },
        { label: 'parkStep', leavesWork: true },
      ),

    addSteps: (steps) =>
      database.transaction(
        async (tx) => {
          await addPlanned(tx, dialect, steps);
          await releaseWaiting(
            tx,
            dialect,
            steps.map((step) => step.orderId),
          );
        },
        { label: 'addSteps', leavesWork: true },
      ),

    retryStep: (key, by, changes) =>
      database.transaction(
        async (tx) => {
          if (changes) await changeStep(tx, key, changes);
          const step = await tx.get<NamedRow>(
            `UPDATE steps SET state = 'ready', attempts = 0, run_at = ${now}, due_at = ${now}, scheduled_at = ${now}, ${ended}
             WHERE key = ? AND state = 'parked' RETURNING key, order_id, verb, action, line, unit, state`,
            [key],
          );
          if (!step) return false;
          const how = changes ? ', as its product file says now' : '';
          const text = `${by} put ${nameOfRow(step)} back on the schedule${how}.`;
          await addHistory(tx, dialect, { orderId: step.order_id, stepKey: key }, 'retried', text);
          return true;
        },
        { label: 'retryStep', leavesWork: true },
      ),

    markDone: (key, by, outcome = {}) =>
      database.transaction(
        async (tx) => {
          const parked = await tx.get<{ order_id: string }>("SELECT order_id FROM steps WHERE key = ? AND state = 'parked'", [
            key,
          ]);
          if (!parked) return false;
          await lock(tx, dialect, `order ${parked.order_id}`);
          const step = await tx.get<NamedRow>(
            `UPDATE steps SET state = 'done', outcome = ?, problem = NULL, ${ended}
             WHERE key = ? AND state = 'parked' RETURNING key, order_id, verb, action, line, unit, state`,
            [toText(outcome), key],
          );
          if (!step) return false;
          await addHistory(
            tx,
            dialect,
            { orderId: step.order_id, stepKey: key },
            'done',
            `${by} marked ${nameOfRow(step)} as done.`,
          );
          await releaseWaiting(tx, dialect, [step.order_id]);
          return true;
        },
        { label: 'markDone', leavesWork: true },
      ),

    async parkedSteps(limit) {
      const rows = await database.all<StepRow>(
        `SELECT ${stepColumns} FROM steps WHERE state = 'parked' ORDER BY updated_at DESC, id DESC LIMIT ?`,
        [limit],
      );
      return rows.map(readStep);
    },
  };
}

async function changeStep(
  tx: Statements,
  key: string,
  { action, account, input, configVersion, resource }: StepChanges,
): Promise<void> {
  const step = await tx.get<{ grant_id: string | null }>(
    `UPDATE steps SET action = ?, account = ?, input = ?, config_version = ?, memo = NULL
     WHERE key = ? AND state = 'parked' RETURNING grant_id`,
    [action, account, toText(input), configVersion, key],
  );
  if (step?.grant_id)
    await tx.run('UPDATE grants SET action = ?, resource = ? WHERE id = ?', [action, resource ?? null, step.grant_id]);
}
