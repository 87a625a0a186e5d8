import type { Grant, Order } from '../../contract/order.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Step } from '../../contract/plan.ts';
import type { OrderRecord } from '../store.ts';
import type { Database, Statements } from './database.ts';
import { toEvent, toOrder } from './json.ts';
import { readStep, stepColumns } from './step-rows.ts';
import type { StepRow } from './step-rows.ts';

export interface OrderRow {
  id: string;
  gateway: string;
  purchase: string;
  document: string;
}

interface GrantRow {
  id: string;
  order_id: string;
  line: number;
  unit: number;
  name: string;
  action: string;
  resource: string | null;
  wanted: Grant['wanted'];
  reasons: string;
}

/** An order with all that is read of it, as one statement brings it; null stands for an empty list. */
interface WholeRow extends OrderRow {
  events: { document: string }[] | null;
  grants: GrantRow[] | null;
  steps: StepRow[] | null;
}

const orderColumns = 'id, gateway, purchase, document';

export function findOrderRow(tx: Statements, id: string): Promise<OrderRow | undefined> {
  return tx.get<OrderRow>(`SELECT ${orderColumns} FROM orders WHERE id = ?`, [id]);
}

export function findPurchaseRow(tx: Statements, gateway: string, purchase: string): Promise<OrderRow | undefined> {
  return tx.get<OrderRow>(`SELECT ${orderColumns} FROM orders WHERE gateway = ? AND purchase = ?`, [gateway, purchase]);
}

export async function eventsOf(tx: Statements, gateway: string, purchase: string): Promise<PaymentEvent[]> {
  const rows = await tx.all<{ document: string }>('SELECT document FROM events WHERE gateway = ? AND purchase = ? ORDER BY id', [
    gateway,
    purchase,
  ]);
  return rows.map((row) => toEvent(row.document));
}

export async function readOrder(tx: Statements, row: OrderRow): Promise<Order> {
  return toOrder(row.document, await eventsOf(tx, row.gateway, row.purchase));
}

const grantColumns = 'id, order_id, line, unit, name, action, resource, wanted, reasons';

export async function grantsOf(tx: Statements, orderId: string): Promise<Grant[]> {
  const rows = await tx.all<GrantRow>(`SELECT ${grantColumns} FROM grants WHERE order_id = ? ORDER BY line, unit, name`, [
    orderId,
  ]);
  return rows.map(readGrant);
}

export async function grantsOfResource(tx: Statements, resource: string): Promise<Grant[]> {
  const rows = await tx.all<GrantRow>(
    `SELECT ${grantColumns} FROM grants WHERE resource = ? AND resource IS NOT NULL ORDER BY id`,
    [resource],
  );
  return rows.map(readGrant);
}

function readGrant({ order_id, reasons, resource, ...grant }: GrantRow): Grant {
  return {
    ...grant,
    orderId: order_id,
    ...(resource !== null && { resource }),
    reasons: JSON.parse(reasons) as Grant['reasons'],
  };
}

/** Finds orders whole, as they are at one moment: in one statement where each costs a round trip. */
export function wholeOrders(database: Database): (id: string) => Promise<OrderRecord | undefined> {
  const { listOf } = database.dialect;
  if (!listOf) return (id) => database.read(async (tx) => readWhole(tx, await findOrderRow(tx, id)));
  const atOnce = `
    SELECT ${orderColumns},
      ${listOf('SELECT document FROM events WHERE gateway = orders.gateway AND purchase = orders.purchase ORDER BY id')} AS events,
      ${listOf(`SELECT ${grantColumns} FROM grants WHERE order_id = orders.id ORDER BY line, unit, name`)} AS grants,
      ${listOf(`SELECT ${stepColumns} FROM steps WHERE order_id = orders.id ORDER BY id`)} AS steps
    FROM orders WHERE id = ?`;
  return async (id) => {
    const row = await database.get<WholeRow>(atOnce, [id]);
    if (!row) return undefined;
    const events = (row.events ?? []).map(({ document }) => toEvent(document));
    return {
      order: toOrder(row.document, events),
      grants: (row.grants ?? []).map(readGrant),
      steps: (row.steps ?? []).map(readStep),
    };
  };
}

async function readWhole(tx: Statements, row: OrderRow | undefined): Promise<OrderRecord | undefined> {
  if (!row) return undefined;
  return { order: await readOrder(tx, row), grants: await grantsOf(tx, row.id), steps: await stepsOf(tx, row.id) };
}

export async function stepsOf(tx: Statements, orderId: string): Promise<Step[]> {
  const rows = await tx.all<StepRow>(`SELECT ${stepColumns} FROM steps WHERE order_id = ? ORDER BY id`, [orderId]);
  return rows.map(readStep);
}
