import assert from 'node:assert/strict';

import { callback, claimAll, claimCallback, claimOne, minute, only, plan, problem, step } from './samples.ts';
import type { StoreTest } from './harness.ts';

const hour = 60 * minute;
const day = 24 * hour;

/** What becomes of leases and due times when the store's clock is set. */
export function clockTests(it: StoreTest): void {
  it('tells its clock, which goes on', async ({ store, advance }) => {
    const before = await store.clock();
    await advance(0);
    assert.ok((await store.clock()) >= before, 'it goes forward');
    assert.ok(before > Date.parse('2026-01-01'), `${before} is milliseconds since 1970`);
  });

  it('takes nothing from who holds it when its clock is put forward, and holds nothing longer that had lapsed before', async ({
    store,
    advance,
  }) => {
    await plan(store, step('lapsed', { account: 'other' }));
    await claimOne(store, 'w1', 1000);
    await advance(5000);
    await plan(store, step('held'));
    await store.keepCallback(callback(), 'evt_1');
    await store.claimSteps('w2', new Map([['moodle', 1]]), minute);
    const kept = await claimCallback(store, 'w2');

    await advance(2 * hour);
    await store.mendClock(2 * hour, minute);
    await store.mendClock(2 * hour, minute);
    assert.equal((await claimOne(store, 'w3')).key, 'lapsed');
    assert.deepEqual(await store.claimCallbacks('w3', 5, minute), []);
    assert.equal(await store.renewLease(kept, 5 * minute), true);
    await advance(2 * minute);
    assert.deepEqual((await claimAll(store, 'w3')).map(({ key }) => key).sort(), ['held', 'lapsed']);
    assert.deepEqual(await store.claimCallbacks('w3', 5, minute), []);
  });

  it('leaves nothing lying that was put off or claimed while its clock was ahead', async ({ store, advance }) => {
    await plan(
      store,
      step('s1'),
      step('s2', { account: 'other' }),
      step('later', { account: 'third', notBefore: await dayAfter(store, 3) }),
    );
    await store.keepCallback(callback(), 'evt_1');
    await store.keepCallback(callback(), 'evt_2');
    await advance(day);
    for (const claim of await claimAll(store, 'w1', minute)) {
      if (claim.key === 's1') await store.postponeStep(claim, problem, 5 * minute);
    }
    const putOff = only(await store.claimCallbacks('w1', 1, minute), 'callbacks');
    await store.postponeCallback(putOff, problem, 5 * minute);
    await claimCallback(store);
    await advance(-day);
    assert.ok((await sleepMs(store)) > 20 * hour, 'it would lie for a day');

    await store.mendClock(-day, minute);
    await store.mendClock(-day, minute);
    assert.ok((await sleepMs(store)) <= minute, `${await sleepMs(store)} ms`);
    await advance(6 * minute);
    assert.deepEqual((await claimAll(store)).map(({ key }) => key).sort(), ['s1', 's2']);
    assert.equal((await store.claimCallbacks('w1', 5, minute)).length, 2);
  });

  it('puts what ran while its clock was put back where it can be claimed again', async ({ store, advance }) => {
    await plan(store, step('s1'));
    await advance(day);
    await store.postponeStep(await claimOne(store), problem, 0);
    const claim = await claimOne(store);
    await advance(-day);
    await store.mendClock(-day, minute);
    assert.equal(await store.postponeStep(claim, undefined, undefined), true);
    assert.equal((await claimOne(store)).key, 's1');
  });

  it('finds by itself what was put off while its clock was ahead, when nobody knows by how much', async ({ store, advance }) => {
    await plan(store, step('s1'));
    await advance(day);
    await store.postponeStep(await claimOne(store), problem, 5 * minute);
    await advance(-day);
    await store.mendClock(undefined, minute);
    const asleep = await sleepMs(store);
    assert.ok(asleep > 4 * minute && asleep <= 5 * minute, `${asleep} ms`);
  });

  it('leaves no callback lying that was put off while its clock was ahead for a moment in which nobody looked', async ({
    store,
    advance,
  }) => {
    for (const byMs of [undefined, hour]) {
      await store.keepCallback(callback(), `evt_${byMs}`);
      await advance(day);
      await store.postponeCallback(await claimCallback(store), problem, 5 * minute);
      await advance(-day);
      await store.mendClock(byMs, minute);
      assert.ok((await sleepMs(store)) <= minute, `${await sleepMs(store)} ms`);
      await advance(minute);
      await store.ignoreCallback(await claimCallback(store), 'nothing');
    }
  });
}

type TestedStore = Parameters<typeof claimAll>[0];

async function sleepMs(store: TestedStore): Promise<number> {
  return (await store.nextDueInMs()) ?? Infinity;
}

async function dayAfter(store: TestedStore, days: number): Promise<number> {
  return (await store.clock()) + days * day;
}
