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
    await store.postponeStep(claim, undefined, undefined);
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
  await store.dueTimes();
  await store.clock();
  for (const byMs of [3_600_000, -3_600_000, undefined]) await store.mendClock(byMs, 60_000);

  await store.findOrder(orderId('a'));
  await store.findPurchase('stripe', 'a');
  await store.history(orderId('a'));
  await store.ordersWaitingForSkus(['TS-1'], 10);
  await store.status();
  const before = { createdAt: '2027-01-15T08:00:00Z', id: 'X' };
  for (const query of [{}, { before }, { text: 'a' }, { status: 'paid' as const }, { status: 'paid' as const, before }]) {
    await store.findOrders({ ...query, limit: 10 });
  }
  for (const stepState of ['ready', 'waiting', 'running', 'parked'] as const) {
    await store.findOrders({ stepState, limit: 10 });
  }
  await store.takeTurn('sweep/stripe', 1000);
  await store.deliveriesSince('stripe', new Date(0));
  await store.keepConfiguration('v1', '{}');
  await store.configuration('v1');
  await store.importKeys('office', [{ fingerprint: 'print', sealed: 'sealed' }]);
  await store.takeKey('office', 'holder');
  await store.revokeKey('office', 'holder');
  await store.revokeKey('office', 'holder');
  await store.keyCounts();
  await store.listKeys('office', 10);
  await store.findKeys('print');
  await store.keysHeldBy(['holder']);

  await store.callbacksOfOrders([orderId('a')]);
  for (const list of ['settled', 'parked', 'open'] as const) {
    const [body] = await store.callbackBodies(list, 1);
    await store.callbackBodies(
      list,
      1,
      body ?? { id: 0, gateway: '', deliveryId: '', receivedAt: 0, at: 0, url: '', body: new Uint8Array() },
    );
  }
  await store.giveBackLost('w1', []);
  await store.ordersOfPerson('ada@example.org');
  const request = { email: 'ada@example.org', as: 'erased-1@erased.invalid', by: 'ada', because: 'asked', force: true };
  await store.erasePerson(request);
  await store.record(undefined, [paid('a', { id: 'again', buyer: { email: 'ada@example.org' } })], decideOn());
  await store.dropSamples(() => true);
  await store.thinOut({ callbackMs: 0, stepMs: 0, sampleMs: 0 }, 10);
  const file = { grantId: 'A/1/1/notes', orderId: 'A', account: 'downloads', file: 'notes', version: '1.0' };
  await store.openFile(file);
  await store.fileGrants('downloads', 'notes', 10);
  for (const isPart of [false, true]) {
    await store.countDownload({ ...file, size: 10, bytes: 10, isPart, pauseMs: 60_000 });
  }
  await store.creditDownload(file.grantId, file.version, 5);
  await store.closeFile(file.grantId);
  const key = { fingerprint: 'print', mark: 'mark', grantId: 'A/1/1/key', product: 'P', devices: 1 };
  const seat = { fingerprint: 'print', product: 'P', machine: 'm', today: '2026-05-01' };
  await store.registerKey(key);
  await store.takeSeat(seat);
  await store.findSeat(seat);
  await store.freeSeat(seat, 3, 60_000);
  await store.revokeRegisteredKey(key);
  await store.revokedKeyCount();
  await store.revokedKeys();
  await store.keepSecret('name', 'sealed');
  await store.keptSecret('name');

  const pool = { name: 'march', capacity: 1, skus: ['TS-1'] };
  const lines = [line('TS-1', 'open')];
  const draw = { line: 1, sku: 'TS-1', units: 1, state: 'sold' } as const;
  await store.reserveStock('cart:1', [pool], [{ sku: 'TS-1', units: 1 }], 60_000);
  for (const stock of [[draw], [{ ...draw, units: 2 }], []])
    await store.record(undefined, [paid('s', { lines, references: ['cart:1'] })], (known) => ({ ...decideOn()(known), stock }), [
      pool,
    ]);
  await store.releaseStock('cart:1');
  await store.stockCounts([pool]);

  const told = (alarm: { name: string }) => step(`notice/${alarm.name}`);
  await store.touch();
  await store.raiseAlarm('oldest', 0, told);
  await store.raiseAlarm('oldest', 0, told);
  await store.alarms();
  await store.calmAlarm('oldest', 60_000, told);
  await store.calmAlarm('oldest', 0, told);
}
