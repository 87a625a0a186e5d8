import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';

/** Key pools: every key goes to one holder, every holder gets one key. */
export function keyTests(it: StoreTest): void {
  const keys = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ fingerprint: `print ${from + index}`, sealed: `sealed ${from + index}` }));

  it('gives keys out in the order they came, the same to the same holder', async ({ store, reopen }) => {
    assert.deepEqual(await store.importKeys('office', keys(3)), { added: 3, duplicates: [] });
    assert.equal(await store.takeKey('office', 'grant 1'), 'sealed 0');
    assert.equal(await store.takeKey('office', 'grant 2'), 'sealed 1');
    const again = await reopen();
    assert.equal(await again.takeKey('office', 'grant 1'), 'sealed 0');
    assert.deepEqual(await again.keyCounts(), [{ pool: 'office', free: 1, taken: 2, revoked: 0 }]);
  });

  it('says when a pool is sold out, and goes on after the next import', async ({ store }) => {
    await store.importKeys('office', keys(1));
    await store.takeKey('office', 'grant 1');
    assert.equal(await store.takeKey('office', 'grant 2'), undefined);
    assert.equal(await store.takeKey('unknown', 'grant 2'), undefined);
    await store.importKeys('office', keys(1, 1));
    assert.equal(await store.takeKey('office', 'grant 2'), 'sealed 1');
  });

  it('adds all keys of a list or none', async ({ store }) => {
    await store.importKeys('office', keys(80));
    await store.takeKey('office', 'grant 1');
    assert.deepEqual(await store.importKeys('office', [...keys(70, 100), ...keys(1)]), { added: 0, duplicates: ['print 0'] });
    assert.deepEqual(await store.importKeys('office', [...keys(2, 200), ...keys(1, 200)]), {
      added: 0,
      duplicates: ['print 200'],
    });
    assert.deepEqual(await store.keyCounts(), [{ pool: 'office', free: 79, taken: 1, revoked: 0 }]);
    assert.deepEqual(await store.importKeys('other', keys(1)), { added: 1, duplicates: [] });
    assert.deepEqual(await store.importKeys('office', []), { added: 0, duplicates: [] });
  });

  it('adds a list once when it is imported twice at the same time', async ({ store, another }) => {
    const second = await another();
    const results = await Promise.all([store.importKeys('office', keys(120)), second.importKeys('office', keys(120))]);
    assert.deepEqual(results.map(({ added }) => added).sort(), [0, 120]);
    assert.equal((await store.keyCounts())[0]?.free, 120);
  });

  it('never gives a revoked key out again', async ({ store }) => {
    await store.importKeys('office', keys(2));
    await store.takeKey('office', 'grant 1');
    assert.equal(await store.revokeKey('office', 'grant 1'), true);
    assert.equal(await store.revokeKey('office', 'grant 1'), true);
    assert.equal(await store.revokeKey('office', 'nobody'), false);
    assert.equal(await store.takeKey('office', 'grant 1'), 'sealed 1');
    assert.equal(await store.takeKey('office', 'grant 2'), undefined);
    assert.deepEqual(await store.keyCounts(), [{ pool: 'office', free: 0, taken: 1, revoked: 1 }]);
    assert.deepEqual(await store.importKeys('office', keys(1)), { added: 0, duplicates: ['print 0'] });
  });

  it('lists keys and finds who holds one', async ({ store }) => {
    await store.importKeys('office', keys(3));
    await store.takeKey('office', 'grant 1');
    const listed = await store.listKeys('office', 2);
    assert.deepEqual(listed, [
      { fingerprint: 'print 2', sealed: 'sealed 2', state: 'free' },
      { fingerprint: 'print 1', sealed: 'sealed 1', state: 'free' },
    ]);
    const [found] = await store.findKeys('print 0');
    assert.deepEqual([found?.pool, found?.state, found?.holder, typeof found?.takenAt], ['office', 'taken', 'grant 1', 'number']);
    assert.deepEqual(await store.findKeys('print 9'), []);
  });

  it('keeps pools apart, whatever they are called', async ({ store }) => {
    await store.importKeys('__proto__', keys(1));
    await store.importKeys('constructor', keys(1, 5));
    assert.equal(await store.takeKey('__proto__', 'toString'), 'sealed 0');
    assert.equal(await store.takeKey('constructor', 'toString'), 'sealed 5');
    assert.deepEqual((await store.keyCounts()).map(({ pool, free }) => [pool, free]), [['__proto__', 0], ['constructor', 0]]); // prettier-ignore
  });

  it('gives no key twice when 200 are taken at once from two processes', async ({ store, another }) => {
    const second = await another();
    await store.importKeys('office', keys(200));
    const holders = Array.from({ length: 200 }, (_, index) => `grant ${index}`);
    const take = (holder: string, index: number) => (index % 2 ? store : second).takeKey('office', holder);
    const twice = (holder: string, index: number) => (index % 2 ? second : store).takeKey('office', holder);
    const [taken, again] = await Promise.all([Promise.all(holders.map(take)), Promise.all(holders.map(twice))]);
    assert.equal(new Set(taken).size, 200);
    assert.equal(taken.includes(undefined), false);
    assert.deepEqual(again, taken);
    assert.equal(await store.takeKey('office', 'one more'), undefined);
    assert.deepEqual(await store.keyCounts(), [{ pool: 'office', free: 0, taken: 200, revoked: 0 }]);
  });
}
