import type { Order } from '../../contract/order.ts';
import type { ErasedOrder, Erasure, ErasureRequest, OpenMatter, Store } from '../store.ts';
import { lock } from './database.ts';
import type { Database, Dialect, Statements } from './database.ts';
import { disguiseFor, hide, hideInText, hideInValues, standIns } from './disguise.ts';
import type { Disguise } from './disguise.ts';
import { addHistory } from './history.ts';
import { fromOrder, toEvent, toText } from './json.ts';
import { findOrderRow, grantsOf, readOrder, stepsOf } from './order-rows.ts';
import type { OrderRow } from './order-rows.ts';
import { cancelSteps, releaseWaiting } from './plan.ts';
import { nameOfPurchase } from './record.ts';

/** What is kept about one person, and forgetting it. */
export function peopleOperations(database: Database): Pick<Store, 'ordersOfPerson' | 'erasePerson'> {
  const { dialect } = database;

  return {
    ordersOfPerson: (email) => database.read((tx) => ordersOf(tx, email)),

    erasePerson: (request) =>
      database.transaction(
        async (tx): Promise<Erasure> => {
          const records = await lockOrders(tx, dialect, await ordersOf(tx, request.email));
          const open = records.flatMap(openMatters);
          const mayGoOn = open.length === 0 || (request.force && open.every(({ isRunning }) => !isRunning));
          if (!mayGoOn) return { erased: [], open };
          const erased: ErasedOrder[] = [];
          const standInFor = standIns(request.email, request.as);
          for (const record of records) {
            const disguise = disguiseFor(request.email, standInFor, record.order);
            erased.push(await eraseIn(tx, dialect, record, disguise, request));
          }
          return { erased, open };
        },
        { label: 'erasePerson', leavesWork: true },
      ),
  };
}

type Known = { readonly row: OrderRow; readonly order: Order } & Pick<ErasedOrder, 'grants'> & {
    readonly steps: Awaited<ReturnType<typeof stepsOf>>;
  };

async function ordersOf(tx: Statements, email: string): Promise<string[]> {
  const address = email.trim().toLowerCase();
  const rows = await tx.all<{ id: string }>(
    `SELECT id FROM orders WHERE buyer_email = ?
     UNION SELECT order_id AS id FROM order_references WHERE reference = ? ORDER BY id`,
    [address, address],
  );
  return rows.map(({ id }) => id);
}

/** As decisions about an order lock it: first the purchases, then the orders. */
async function lockOrders(tx: Statements, dialect: Dialect, ids: readonly string[]): Promise<Known[]> {
  const known: Known[] = [];
  const rows: OrderRow[] = [];
  for (const id of ids) rows.push(...[await findOrderRow(tx, id)].flatMap((row) => row ?? []));
  for (const name of rows.map(nameOfPurchase).sort()) await lock(tx, dialect, name);
  for (const { id } of rows) {
    await lock(tx, dialect, `order ${id}`);
    const row = await findOrderRow(tx, id);
    if (row) known.push({ row, order: await readOrder(tx, row), grants: await grantsOf(tx, id), steps: await stepsOf(tx, id) });
  }
  return known;
}

/** What may still need the person's data. A step that only tells that an instant has come does not. */
function openMatters({ order, steps }: Known): OpenMatter[] {
  const undecided = ['held', 'pending', 'disputed', 'started'].includes(order.status);
  const matters = undecided ? [{ orderId: order.id, what: `the order is ${order.status}`, isRunning: false }] : [];
  const openSteps = steps.filter(({ state, verb }) => state !== 'done' && state !== 'cancelled' && verb !== 'clock');
  return [
    ...matters,
    ...openSteps.map(({ key, state }) => ({
      orderId: order.id,
      what: `step ${key} is ${state}`,
      isRunning: state === 'running',
    })),
  ];
}

async function eraseIn(
  tx: Statements,
  dialect: Dialect,
  known: Known,
  disguise: Disguise,
  request: ErasureRequest,
): Promise<ErasedOrder> {
  const { order, grants, steps } = known;
  const cancelled = steps
    .filter(({ state, verb }) => !['done', 'cancelled'].includes(state) && needsPerson.has(verb))
    .map(({ key }) => key);
  await cancelSteps(tx, dialect, cancelled);
  const callbacks = await hideInEvents(tx, known, disguise);
  await hideInOrder(tx, known, disguise);
  await hideInSteps(tx, known, disguise);
  const texts = await tx.all<{ id: number; text: string }>('SELECT id, text FROM history WHERE order_id = ?', [order.id]);
  for (const { id, text } of texts) {
    const hidden = hideInText(text, disguise);
    if (hidden !== text) await tx.run('UPDATE history SET text = ? WHERE id = ?', [hidden, id]);
  }
  const whose = disguise.isBuyer ? 'the buyer' : 'a learner';
  const note = `${request.by} erased the personal data of ${whose}: ${hideInText(request.because, disguise)}`;
  await addHistory(tx, dialect, { orderId: order.id }, 'erased', note);
  await releaseWaiting(tx, dialect, [order.id]);
  return { orderId: order.id, cancelled, callbacks, grants: grants.filter(({ wanted }) => wanted !== 'revoked') };
}

/** Steps that give or tell the person something. What takes back goes on. */
const needsPerson = new Set(['grant', 'renew', 'resume', 'mail', 'run']);

/** Gives the numbers of the callbacks that told them. */
async function hideInEvents(tx: Statements, { row }: Known, disguise: Disguise): Promise<number[]> {
  const events = await tx.all<{ id: number; document: string; callback_id: number | null }>(
    'SELECT id, document, callback_id FROM events WHERE gateway = ? AND purchase = ? ORDER BY id',
    [row.gateway, row.purchase],
  );
  for (const { id, document } of events) {
    const hidden = JSON.stringify(hide(toEvent(document), disguise));
    if (hidden !== document) await tx.run('UPDATE events SET document = ? WHERE id = ?', [hidden, id]);
  }
  return events.flatMap(({ callback_id }) => callback_id ?? []);
}

async function hideInOrder(tx: Statements, { order, grants }: Known, disguise: Disguise): Promise<void> {
  const hidden = hide(order, disguise);
  const email = hidden.buyer.email?.trim().toLowerCase() ?? null;
  await tx.run('UPDATE orders SET document = ?, buyer_email = ? WHERE id = ?', [fromOrder(hidden), email, order.id]);
  for (const [address, standIn] of disguise.addresses) {
    await tx.run('DELETE FROM order_references WHERE reference = ? AND order_id = ?', [address, order.id]);
    for (const { id, resource } of grants) {
      const other = resource?.replaceAll(address, standIn);
      if (other !== undefined && other !== resource) await tx.run('UPDATE grants SET resource = ? WHERE id = ?', [other, id]);
    }
  }
}

/**
 * What a grant that still stands was given and returned stays: a refund must be able to take it back at the other side. Once
 * it was taken back nothing asks for it again, unless it was kept there for another grant.
 */
async function hideInSteps(tx: Statements, { grants, steps }: Known, disguise: Disguise): Promise<void> {
  const wantedOf = new Map(grants.map(({ id, wanted }) => [id, wanted]));
  const kept = new Set(steps.filter(({ outcome }) => outcome?.['keptFor'] !== undefined).map(({ grantId }) => grantId));
  for (const { key, grantId, input, outcome, error, terms } of steps) {
    const stands = grantId !== undefined && (wantedOf.get(grantId) !== 'revoked' || kept.has(grantId));
    const ofMessages = grantId === undefined ? hideInValues(outcome, disguise) : undefined;
    await tx.run(
      'UPDATE steps SET input = ?, outcome = ?, problem = ?, terms = ?, memo = CASE WHEN ? = 1 THEN memo ELSE NULL END WHERE key = ?',
      [
        ...[JSON.stringify(stands ? input : hideInValues(input, disguise)), toText(stands ? outcome : ofMessages)],
        ...[toText(hide(error, disguise)), toText(hide(terms, disguise)), stands ? 1 : 0, key],
      ],
    );
  }
}
