import { erasedDomain } from '../../contract/erased.ts';
import { HandoverError } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Grant, Order } from '../../contract/order.ts';
import type { Decide, Decision, KnownOrder, StockPool, Store } from '../store.ts';
import { emptyCallback, settleCallback } from './callbacks.ts';
import { insertRows, lock } from './database.ts';
import type { Database, Dialect, Statements } from './database.ts';
import { disguiseAgain } from './disguise.ts';
import { addEntries, describeEvent } from './history.ts';
import { fromOrder, toMilliseconds, toOrder } from './json.ts';
import { eventsOf, findOrderRow, findPurchaseRow, grantsOf, stepsOf } from './order-rows.ts';
import type { OrderRow } from './order-rows.ts';
import { addPlanned, cancelSteps, releaseWaiting } from './plan.ts';
import { stockFor, writeDraws } from './stock.ts';

/** Decisions about orders: what is known is read, decided about and written in one transaction. */
export function recordOperations(database: Database): Pick<Store, 'record' | 'reconsider'> {
  const { dialect } = database;

  return {
    record: (claim, events, decide, pools = []) =>
      database.transaction(
        async (tx) => {
          if (claim && !(await settleCallback(tx, dialect, claim, 'done'))) return false;
          const purchases = groupByPurchase(events);
          for (const name of [...purchases.keys()].sort()) await lock(tx, dialect, name);
          for (const { gateway, purchase, events: told } of purchases.values()) {
            const row = await findPurchaseRow(tx, gateway, purchase);
            const { events: fit, isChanged } = withoutErased(told, row);
            if (isChanged && claim) await emptyCallback(tx, dialect, claim.id);
            const added = await addEvents(tx, dialect, fit, claim?.id);
            await decideAbout(tx, dialect, { gateway, purchase }, row, added, decide, pools);
          }
          return true;
        },
        { label: 'record', leavesWork: true },
      ),

    reconsider: (orderId, decide, pools = []) =>
      database.transaction(
        async (tx) => {
          const row = await findOrderRow(tx, orderId);
          if (!row) return false;
          await lock(tx, dialect, nameOfPurchase(row));
          await decideAbout(tx, dialect, row, await findOrderRow(tx, orderId), [], decide, pools);
          return true;
        },
        { label: 'reconsider', leavesWork: true },
      ),
  };
}

interface Purchase {
  readonly gateway: string;
  readonly purchase: string;
}

export function nameOfPurchase({ gateway, purchase }: Purchase): string {
  return `purchase ${JSON.stringify([gateway, purchase])}`;
}

function groupByPurchase(events: readonly PaymentEvent[]): Map<string, Purchase & { events: PaymentEvent[] }> {
  const purchases = new Map<string, Purchase & { events: PaymentEvent[] }>();
  for (const event of events) {
    const name = nameOfPurchase(event);
    const known = purchases.get(name);
    if (known) known.events.push(event);
    else purchases.set(name, { gateway: event.gateway, purchase: event.purchase, events: [event] });
  }
  return purchases;
}

/** Whoever was erased from an order does not come back with what the gateway tells of it later. */
function withoutErased(
  events: readonly PaymentEvent[],
  row: OrderRow | undefined,
): { readonly events: readonly PaymentEvent[]; readonly isChanged: boolean } {
  if (!row?.document.includes(erasedDomain)) return { events, isChanged: false };
  const order = toOrder(row.document, []);
  const hidden = events.map((event) => disguiseAgain(event, order));
  return { events: hidden, isChanged: hidden.some((event, index) => event !== events[index]) };
}

/** Gives back the events that were new. */
async function addEvents(
  tx: Statements,
  { now }: Dialect,
  events: readonly PaymentEvent[],
  callbackId: number | undefined,
): Promise<PaymentEvent[]> {
  const added: PaymentEvent[] = [];
  for (const event of events) {
    const changed = await tx.run(
      `INSERT INTO events (gateway, event_id, purchase, document, recorded_at, callback_id) VALUES (?, ?, ?, ?, ${now}, ?)
       ON CONFLICT (gateway, event_id) DO NOTHING`,
      [event.gateway, event.id, event.purchase, JSON.stringify(event), callbackId ?? null],
    );
    if (changed === 1) added.push(event);
  }
  return added;
}

async function decideAbout(
  tx: Statements,
  dialect: Dialect,
  { gateway, purchase }: Purchase,
  row: OrderRow | undefined,
  added: readonly PaymentEvent[],
  decide: Decide,
  pools: readonly StockPool[],
): Promise<void> {
  const events = await eventsOf(tx, gateway, purchase);
  if (!row && events.length === 0) return; // its only events are kept already, under another purchase
  if (row) await lock(tx, dialect, `order ${row.id}`);
  const isNew = new Set(added.map((event) => event.id));
  const before = events.filter((event) => !isNew.has(event.id));
  const known: KnownOrder = {
    gateway,
    purchase,
    ...(row ? { order: toOrder(row.document, before) } : {}),
    events,
    grants: row ? await grantsOf(tx, row.id) : [],
    steps: row ? await stepsOf(tx, row.id) : [],
    stock: await stockFor(tx, dialect, pools, events, row?.id),
  };
  await writeDecision(tx, dialect, known, decide(known), added);
}

async function writeDecision(
  tx: Statements,
  dialect: Dialect,
  known: KnownOrder,
  { order, grants, steps, cancel, notes, stock }: Decision,
  added: readonly PaymentEvent[],
): Promise<void> {
  if (order.gateway !== known.gateway || order.purchase !== known.purchase) throw numberTaken(order);
  await writeOrder(tx, dialect, order);
  await writeReferences(tx, order);
  await writeWaitingSkus(tx, order, known.order !== undefined);
  for (const grant of grants) await writeGrant(tx, grant);
  if (stock) await writeDraws(tx, order.id, stock, known.order === undefined);
  const about = { orderId: order.id };
  await addEntries(tx, dialect, about, [
    ...added.map((event) => ({ kind: 'event', text: describeEvent(event) })),
    ...notes.map((text) => ({ kind: 'note', text })),
  ]);
  await addPlanned(tx, dialect, steps);
  await cancelSteps(tx, dialect, cancel);
  await releaseWaiting(tx, dialect, [order.id]);
}

async function writeOrder(tx: Statements, { now }: Dialect, order: Order): Promise<void> {
  const changed = await tx.run(
    `INSERT INTO orders (id, gateway, purchase, status, buyer_email, document, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ${now})
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, buyer_email = excluded.buyer_email,
       document = excluded.document, created_at = excluded.created_at, updated_at = excluded.updated_at, thinned_at = NULL
     WHERE orders.gateway = excluded.gateway AND orders.purchase = excluded.purchase`,
    [
      ...[order.id, order.gateway, order.purchase, order.status, order.buyer.email?.trim().toLowerCase() ?? null],
      ...[fromOrder(order), toMilliseconds(order.createdAt)],
    ],
  );
  if (changed === 0) throw numberTaken(order);
}

function numberTaken(order: Order): HandoverError {
  return new HandoverError('STORE_ORDER_NUMBER_TAKEN', `The order number ${order.id} belongs to another purchase.`, {
    where: `${order.gateway} purchase ${order.purchase}`,
    hint: 'Two purchases were given one order number. Report it with both purchase names; nothing was changed.',
  });
}

async function writeReferences(tx: Statements, order: Order): Promise<void> {
  const named = [...order.lines.map(({ learner }) => learner), ...order.events.map(({ staff }) => staff?.person)];
  const learners = named.flatMap((person) => person?.email?.trim().toLowerCase() ?? []);
  const payments = order.payments.map((payment) => payment.reference);
  const references = new Set([order.purchase, ...order.references, ...payments, ...learners]);
  const rows = [...references].map((reference) => [reference, order.id]);
  const onConflict = 'ON CONFLICT (reference, order_id) DO NOTHING';
  await insertRows(tx, 'INSERT INTO order_references (reference, order_id)', '(?, ?)', rows, onConflict);
}

async function writeWaitingSkus(tx: Statements, order: Order, isKnown: boolean): Promise<void> {
  if (isKnown) await tx.run('DELETE FROM waiting_skus WHERE order_id = ?', [order.id]);
  const skus = new Set(order.lines.filter((line) => line.state === 'parked').map((line) => line.sku));
  for (const sku of skus) {
    if (sku !== undefined) await tx.run('INSERT INTO waiting_skus (sku, order_id) VALUES (?, ?)', [sku, order.id]);
  }
}

async function writeGrant(tx: Statements, grant: Grant): Promise<void> {
  await tx.run(
    `INSERT INTO grants (id, order_id, line, unit, name, action, resource, wanted, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       action = excluded.action, resource = excluded.resource, wanted = excluded.wanted, reasons = excluded.reasons`,
    [
      ...[grant.id, grant.orderId, grant.line, grant.unit, grant.name, grant.action, grant.resource ?? null, grant.wanted],
      JSON.stringify(grant.reasons),
    ],
  );
}
