import type { Store } from '../store.ts';
import type { Database } from './database.ts';
import { never } from './plan.ts';
import { openStates } from './step-rows.ts';

/** Smaller differences are those of two statements of one transaction, or of clocks that are kept in time. */
const toleranceMs = 5000;

/** What is done when the clock by which leases and due times are kept was set. Each change can be made twice without harm. */
export function clockOperations(database: Database): Pick<Store, 'clock' | 'mendClock'> {
  const { now, greatest } = database.dialect;
  const openCallbacks = "state IN ('ready', 'running')";
  /** The other one of two functions that both dialects have under different names. */
  const least = greatest === 'MAX' ? 'MIN' : 'LEAST';

  /** No lease ends later than that, so one that seems to was given by a clock that was ahead. */
  const shorten = (table: string, open: string) =>
    `UPDATE ${table} SET due_at = ${least}(due_at, ${now} + CAST(? AS bigint)) WHERE ${open} AND state = 'running' AND due_at > ${now} + CAST(? AS bigint)`;

  /** Lapsed within the time that never was. */
  const extend = (table: string, open: string) =>
    `UPDATE ${table} SET due_at = ${now} + CAST(? AS bigint)
     WHERE ${open} AND state = 'running' AND due_at <= ${now} AND due_at > ${now} - CAST(? AS bigint)`;

  const ahead = `(updated_at - ${now})`;
  const meant = (column: string) => `${greatest}(${column} - ${ahead}, COALESCE(not_before, 0))`;
  const bringBack = `
    UPDATE steps SET run_at = ${meant('run_at')}, due_at = ${meant('due_at')}, scheduled_at = ${meant('scheduled_at')}, updated_at = ${now}
    WHERE ${openStates} AND state <> 'running' AND updated_at > ${now} + ${toleranceMs} AND due_at < ${never / 2}`;

  /** What runs was due when it was claimed: it keeps its place from now on, should it be put back there. */
  const runsSince = `
    UPDATE steps SET run_at = ${now}, scheduled_at = ${least}(scheduled_at, ${now}) WHERE ${openStates} AND state = 'running' AND run_at > ${now}`;

  const waiting = `${openCallbacks} AND state = 'ready'`;
  /** Read again a little early, where several workers ask for it; never later than was meant. */
  const readSooner = `UPDATE callbacks SET due_at = ${greatest}(due_at - CAST(? AS bigint), ${now}) WHERE ${waiting} AND due_at > ${now}`;
  /** By how much the clock was ahead when a callback was put off is not known any more; to read it early does no harm. */
  const readSoon = `UPDATE callbacks SET due_at = ${now} + CAST(? AS bigint) WHERE ${waiting} AND due_at > ${now} + CAST(? AS bigint)`;

  return {
    async clock() {
      const row = await database.get<{ now: number }>(`SELECT ${now} AS now`);
      return row?.now ?? 0;
    },

    mendClock: (byMs, leaseMs) =>
      database.transaction(
        async (tx) => {
          if (byMs !== undefined && byMs > 0) {
            await tx.run(extend('steps', openStates), [leaseMs, byMs]);
            await tx.run(extend('callbacks', openCallbacks), [leaseMs, byMs]);
          }
          // Also where the clock was put forward: it may have been further ahead and come back while nobody could look.
          await tx.run(shorten('steps', openStates), [leaseMs, leaseMs]);
          await tx.run(shorten('callbacks', openCallbacks), [leaseMs, leaseMs]);
          await tx.run(bringBack);
          await tx.run(runsSince);
          if (byMs !== undefined && byMs < 0) await tx.run(readSooner, [-byMs]);
          else await tx.run(readSoon, [leaseMs, leaseMs]);
        },
        { label: 'mendClock', leavesWork: true },
      ),
  };
}
