import assert from 'node:assert/strict';
import type { StoreTest } from './harness.ts';
import { callback, minute } from './samples.ts';

/** Comparing with a gateway's own list, by one process of several. */
export function sweepTests(it: StoreTest): void {
  it('gives one of several processes the turn, and nobody again before its time', async ({ store, another, advance }) => {
    const second = await another();
    const turns = await Promise.all([store, second, store, second].map((each) => each.takeTurn('sweep/stripe', 60 * minute)));
    assert.deepEqual(turns.filter(Boolean), [true]);
    assert.equal(await store.takeTurn('sweep/paypal', 60 * minute), true);
    await advance(59 * minute);
    assert.equal(await second.takeTurn('sweep/stripe', 60 * minute), false);
    await advance(2 * minute);
    assert.equal(await second.takeTurn('sweep/stripe', 60 * minute), true);
    assert.equal(await store.takeTurn('sweep/stripe', 60 * minute), false);
  });

  it('lists what was kept of a gateway since an instant, the newest first', async ({ store }) => {
    for (let hour = 1; hour <= 5; hour++) {
      const receivedAt = new Date(Date.UTC(2027, 0, 15, hour));
      await store.keepCallback(callback({ receivedAt }), `evt_${hour}`);
      await store.keepCallback(callback({ receivedAt, gateway: 'paypal' }), `pp_${hour}`);
    }
    assert.deepEqual(await store.deliveriesSince('stripe', new Date(Date.UTC(2027, 0, 15, 3))), ['evt_5', 'evt_4', 'evt_3']);
    assert.deepEqual(await store.deliveriesSince('webmoney', new Date(0)), []);
  });

  it('lists more of them than fit one page', async ({ store }) => {
    await Promise.all(Array.from({ length: 1300 }, (_, index) => store.keepCallback(callback(), `evt_${index}`)));
    assert.equal(new Set(await store.deliveriesSince('stripe', new Date(0))).size, 1300);
  });
}
