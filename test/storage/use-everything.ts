import type { Database, Statements, Work } from '../../src/storage/sql/database.ts';
import type { Store } from '../../src/storage/store.ts';
import {
  callback,
  claimAll,
  claimCallback,
  claimOne,
  decideOn,
  grant,
  line,
  orderId,
} from '../../src/testing/suites/store/samples.ts';
import { paid, plan, problem, step } from '../../src/testing/suites/store/samples.ts';

/** A database that tells each statement it is given. */
export function listening(database: Database, listen: (sql: string) => unknown): Database {
  const over = (statements: Statements): Statements => ({
    all: (sql, values) => (listen(sql), statements.all(sql, values)),
    get: (sql, values) => (listen(sql), statements.get(sql, values)),
    run: (sql, values) => (listen(sql), statements.run(sql, values)),
  });
  return {
    ...over(database),
    dialect: database.dialect,
    open: () => database.open(),
    close: () => database.close(),
    onWork: (listener) => database.onWork(listener),
    transaction: <T>(work: Work<T>) => database.transaction((tx) => work(over(tx))),
    read: <T>(work: Work<T>) => database.read((tx) => work(over(tx))),
  };
}

/** Calls each operation in a way that reaches each of its statements. */
export async function useEverything(store: Store): Promise<void> {
  for (const id of ['1', '2', '3', '4', '5']) await store.keepCallback(callback(), id);
  const [first, second, third, fourth, fifth] = await store.claimCallbacks('w1', 5, 60_000);
  if (!first || !second || !third || !fourth || !fifth) throw new Error('There are not five callbacks.');
  await store.renewLease(first, 60_000);
  await store.beginAgain(first);
  await store.record(
    first,
    [paid('a')],
    decideOn({ grants: [grant('a')], notes: ['In.'], order: { lines: [line('TS-1', 'parked')] } }),
  );
  await store.postponeCallback(second, problem, 60_000);
  await store.parkCallback(third, problem);
  await store.ignoreCallback(fourth, 'no order');
  await store.release([fifth]);
  await store.parkedCallbacks(10);
  await store.retryCallback(third.id, 'ada');
  await store.countVerdict('stripe', 'refused', 'BAD', 1, callback());
  await store.refusedSamples('stripe', 10);
  await claimCallback(store).catch(() => undefined);

  await plan(store, step('s1'), step('s2', { after: ['s1'] }), step('s3'), step('s4', { account: 'other' }));
  const [s1, s3, s4] = await claimAll(store, 'w1', 0);
  if (!s1 || !s3 || !s4) throw new Error('There are not three steps.');
  await store.reconsider(orderId('a'), decideOn({ cancel: ['s3'] }));
  await claimAll(store);
  for (const claim of [
    { ...s1, fence: 2 },
    { ...s4, fence: 2 },
  ]) {
    await store.beginCall(claim);
    await store.beginAgain(claim);
    await store.rememberStep(claim, {});
    await store.renewLease(claim, 60_000);
    await store.postponeStep(claim, problem, 0);
  }
  for (const claim of await claimAll(store)) await store.parkStep(claim, problem);
  await store.parkedSteps(10);
  await store.retryStep('s1', 'ada');
  await store.markDone('s4', 'ada');
  await store.release(await claimAll(store));
  await store.finishStep(await claimOne(store), {}, [step('s5')]);
  await store.addSteps([step('s6')]);
  await store.workers();
  await store.endLeases('w1');
  await store.nextDueInMs();
  await store.accountsWithWork();

  await store.findOrder(orderId('a'));
  await store.findPurchase('stripe', 'a');
  await store.history(orderId('a'));
  await store.ordersWaitingForSkus(['TS-1'], 10);
  await store.status();
  const before = { createdAt: '2027-01-15T08:00:00Z', id: 'X' };
  for (const query of [{}, { before }, { text: 'a' }, { status: 'paid' as const }, { status: 'paid' as const, before }]) {
    await store.findOrders({ ...query, limit: 10 });
  }
  for (const stepState of ['ready', 'waiting', 'running', 'parked', 'done', 'cancelled'] as const) {
    await store.findOrders({ stepState, limit: 10 });
  }
  await store.keepConfiguration('v1', '{}');
  await store.configuration('v1');
  await store.importKeys('office', [{ fingerprint: 'print', sealed: 'sealed' }]);
  await store.takeKey('office', 'holder');
  await store.revokeKey('office', 'holder');
  await store.revokeKey('office', 'holder');
  await store.keyCounts();
  await store.listKeys('office', 10);
  await store.findKeys('print');
}
