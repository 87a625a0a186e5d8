import type { DatabaseSync } from 'node:sqlite';
import { fillHistory } from './fill-history.ts';

/** Orders with one open step each: due now, or next year. */
export function fillOpenSteps(database: DatabaseSync, count: number, isDue: boolean): void {
  fill(database, count);
  const due = Date.now() + (isDue ? -1000 : 365 * 24 * 60 * 60 * 1000);
  database
    .prepare(
      `UPDATE steps SET state = 'ready', action = 'axis-lms.enrol', account = 'axis-lms', outcome = NULL, attempts = 0, fence = 0,
         run_at = ?, due_at = ?, scheduled_at = ? WHERE verb = 'grant'`,
    )
    .run(due, due, Date.now());
}

/** Orders that waited for a product file which is there now. */
export function fillWaitingOrders(database: DatabaseSync, count: number): void {
  fill(database, count);
  database.exec(`
    DELETE FROM steps; DELETE FROM grants;
    UPDATE orders SET document = replace(document, '"state":"open"', '"state":"parked"');
    INSERT INTO waiting_skus (sku, order_id) SELECT 'TS-101', id FROM orders`);
}

function fill(database: DatabaseSync, count: number): void {
  void fillHistory((sql, values) => database.prepare(sql).run(...values), 1, count);
}
