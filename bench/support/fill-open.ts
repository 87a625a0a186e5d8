import type { DatabaseSync } from 'node:sqlite';
import { fillHistory } from './fill-history.ts';

/** Orders with one open step each: due now, or next year. */
export async function fillOpenSteps(database: DatabaseSync, count: number, isDue: boolean): Promise<void> {
  await fill(database, count);
  const due = Date.now() + (isDue ? -1000 : 365 * 24 * 60 * 60 * 1000);
  database
    .prepare(
      `UPDATE steps SET state = 'ready', action = 'axis-lms.enrol', account = 'axis-lms', outcome = NULL, attempts = 0, fence = 0,
         run_at = ?, due_at = ?, scheduled_at = ? WHERE verb = 'grant'`,
    )
    .run(due, due, Date.now());
}

/** Orders that waited for a product file which is there now. */
export async function fillWaitingOrders(database: DatabaseSync, count: number): Promise<void> {
  await fill(database, count);
  database.exec(`
    DELETE FROM steps; DELETE FROM grants;
    UPDATE orders SET document = replace(document, '"state":"open"', '"state":"parked"');
    INSERT INTO waiting_skus (sku, order_id) SELECT 'TS-101', id FROM orders`);
}

function fill(database: DatabaseSync, count: number): Promise<void> {
  return fillHistory((sql, values) => database.prepare(sql).run(...values), 1, count);
}
