import assert from 'node:assert/strict';

import type { Alarm, Store } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';
import { claimAll, minute, step } from './samples.ts';

const day = 24 * 60 * minute;

/** Alarms: told when they begin, again while they last, and when they are over; once, however many processes see them. */
export function alarmTests(it: StoreTest): void {
  const notice =
    (stage: string) =>
    ({ name, times }: Alarm) =>
      step(`notice/${name}/${stage}/${times}`);
  const raise = (store: Store, name = 'oldest') => store.raiseAlarm(name, day, notice('stands'));
  const calm = (store: Store, name = 'oldest') => store.calmAlarm(name, 10 * minute, notice('over'));
  const told = async (store: Store) => (await claimAll(store)).map(({ key }) => key);

  it('takes a change when it is asked whether it does', async ({ store, another }) => {
    await store.touch();
    await Promise.all([store.touch(), (await another()).touch()]);
  });

  it('tells an alarm once, whatever number of processes see its cause', async ({ store, another }) => {
    const second = await another();
    const results = await Promise.all([raise(store), raise(second), raise(store), raise(second)]);
    assert.deepEqual(results.filter(Boolean), [true]);
    assert.deepEqual(await told(store), ['notice/oldest/stands/1']);
    assert.deepEqual((await second.alarms()).map(({ name, times, calmSince }) => [name, times, calmSince]), [['oldest', 1, undefined]]); // prettier-ignore
  });

  it('tells an alarm again when it has lasted for a day', async ({ store, advance, reopen }) => {
    await raise(store);
    await advance(day - minute);
    assert.equal(await raise(store), false);
    await advance(2 * minute);
    const again = await reopen();
    assert.equal(await raise(again), true);
    assert.equal(await raise(again), false);
    assert.deepEqual(await told(again), ['notice/oldest/stands/1', 'notice/oldest/stands/2']);
  });

  it('says that an alarm is over when its cause has been gone for a while, and not when it comes back at once', async ({
    store,
    advance,
  }) => {
    assert.equal(await calm(store), false);
    await raise(store);
    assert.equal(await calm(store), false);
    await advance(9 * minute);
    assert.equal(await raise(store), false);
    await advance(9 * minute);
    assert.equal(await calm(store), false);
    await advance(11 * minute);
    assert.deepEqual([await calm(store), await calm(store)], [true, false]);
    assert.deepEqual(await store.alarms(), []);
    assert.deepEqual((await told(store)).at(-1), 'notice/oldest/over/1');
    assert.equal(await raise(store), true);
  });

  it('keeps alarms about different things apart', async ({ store }) => {
    assert.deepEqual([await raise(store, 'silence/stripe'), await raise(store, 'silence/paypal')], [true, true]);
    assert.equal((await store.alarms()).length, 2);
  });
}
