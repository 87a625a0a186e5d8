import { HandoverError } from '../../contract/errors.ts';
import type { Order } from '../../contract/order.ts';
import type { OrderQuery, Store } from '../store.ts';
import { inParts, someOf } from './database.ts';
import type { Database, Dialect, Value } from './database.ts';
import { toMilliseconds } from './json.ts';
import { findPurchaseRow, grantsOfResource, readOrder, wholeOrders } from './order-rows.ts';
import type { OrderRow } from './order-rows.ts';
import { openStates } from './step-rows.ts';

type OrderOperations = 'grantsOfResource' | 'findOrder' | 'findOrders' | 'findPurchase' | 'history' | 'ordersWaitingForSkus';

/** Finding orders. */
export function orderOperations(database: Database): Pick<Store, OrderOperations> {
  const { dialect } = database;
  const findOrder = wholeOrders(database);

  return {
    grantsOfResource: (resource) => grantsOfResource(database, resource),

    findOrder,

    async findPurchase(gateway, purchase) {
      // Mostly asked about a purchase that is new: then one look is enough.
      const row = await findPurchaseRow(database, gateway, purchase);
      return row && findOrder(row.id);
    },

    findOrders: (query) =>
      database.read(async (tx) => {
        const { where, values } = conditionsOf(query, dialect);
        const rows = await tx.all<OrderRow>(
          `SELECT id, gateway, purchase, document FROM orders ${where} ORDER BY ${query.after ? 'created_at, id' : 'created_at DESC, id DESC'} LIMIT ?`,
          [...values, query.limit],
        );
        const orders: Order[] = [];
        for (const row of rows) orders.push(await readOrder(tx, row));
        return orders;
      }),

    async history(orderId) {
      const rows = await database.all<HistoryRow>('SELECT at, kind, step_key, text FROM history WHERE order_id = ? ORDER BY id', [
        orderId,
      ]);
      return rows.map(({ at, kind, step_key, text }) => ({
        at,
        kind,
        ...(step_key === null ? {} : { stepKey: step_key }),
        text,
      }));
    },

    ordersWaitingForSkus: (skus, limit) =>
      database.read(async (tx) => {
        const found = new Set<string>();
        for (const part of inParts(skus)) {
          const rows = await tx.all<{ order_id: string }>(
            `SELECT DISTINCT order_id FROM waiting_skus WHERE sku IN (${someOf}) ORDER BY order_id LIMIT ?`,
            [...part, limit],
          );
          for (const row of rows) found.add(row.order_id);
          if (found.size >= limit) break;
        }
        return [...found].slice(0, limit);
      }),
  };
}

/** Orders with a step in a state, so asked that the index of the open or the parked ones answers it. */
const withStep: Readonly<Record<NonNullable<OrderQuery['stepState']>, string>> = {
  ready: `SELECT order_id FROM steps WHERE ${openStates} AND state = 'ready'`,
  waiting: `SELECT order_id FROM steps WHERE ${openStates} AND state = 'waiting'`,
  running: `SELECT order_id FROM steps WHERE ${openStates} AND state = 'running'`,
  parked: "SELECT order_id FROM steps WHERE state = 'parked'",
};

const withText = `
  SELECT id FROM orders WHERE id IN (?, ?) UNION SELECT id FROM orders WHERE buyer_email = ?
  UNION SELECT order_id FROM order_references WHERE reference = ?`;

/** What is asked for by something is looked up one by one, never looked for in the list of all. */
function conditionsOf(
  { text, status, stepState, before, after }: OrderQuery,
  { anyOf }: Dialect,
): { where: string; values: Value[] } {
  const conditions: string[] = [];
  const values: Value[] = [];
  const wanted = text?.trim();
  if (wanted !== undefined && wanted !== '') {
    conditions.push(`id ${anyOf(withText)}`);
    values.push(wanted, wanted.toUpperCase(), wanted.toLowerCase(), wanted);
  }
  if (status !== undefined) {
    conditions.push('status = ?');
    values.push(status);
  }
  if (stepState !== undefined) {
    if (!Object.hasOwn(withStep, stepState)) throw notListed(stepState);
    conditions.push(`id ${anyOf(withStep[stepState])}`);
  }
  if (before) {
    conditions.push('(created_at, id) < (?, ?)');
    values.push(toMilliseconds(before.createdAt), before.id);
  }
  if (after) {
    conditions.push('(created_at, id) > (?, ?)');
    values.push(toMilliseconds(after.createdAt), after.id);
  }
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

function notListed(state: string): HandoverError {
  return new HandoverError(
    'STEP_STATE_NOT_LISTED',
    `Orders are not listed by steps that are ${state}: nearly all of them would be.`,
    {
      hint: 'Ask for ready, waiting, running or parked steps, or for the status of orders.',
    },
  );
}

interface HistoryRow {
  at: number;
  kind: string;
  step_key: string | null;
  text: string;
}
