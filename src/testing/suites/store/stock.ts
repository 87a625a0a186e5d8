import assert from 'node:assert/strict';

import type { StockPool } from '../../../contract/stock.ts';
import type { Decide } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';
import { line, minute, order, orderId, paid } from './samples.ts';

const pool: StockPool = { name: 'march', capacity: 10, skus: ['TS-101', 'TS-101-EARLY'] };
const seat = [{ sku: 'TS-101', units: 1 }];
const lines = [line('TS-101', 'open')];

/** Sells one unit where there is one. */
const sell: Decide = (known) => {
  const [level] = known.stock ?? [];
  const isShort = level !== undefined && level.own < 1 && level.others + 1 > level.pool.capacity;
  return {
    order: order(known, { lines }),
    grants: [],
    steps: [],
    cancel: [],
    notes: [],
    stock: [{ line: 1, sku: 'TS-101', units: 1, state: isShort ? 'short' : 'sold' }],
  };
};

/** Limited stock. */
export function stockTests(it: StoreTest): void {
  it('never reserves more than there is, for 50 carts at once', async ({ store, another }) => {
    const second = await another();
    const reserve = (index: number) => (index % 2 ? store : second).reserveStock(`cart:${index}`, [pool], seat, minute);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => reserve(index)));
    assert.equal(answers.filter((short) => short === undefined).length, 10);
    assert.deepEqual([...new Set(answers)].sort(), ['march', undefined]);
    assert.deepEqual(await store.stockCounts([pool]), [{ name: 'march', sold: 0, reserved: 10, short: 0 }]);
  });

  it('never sells more than there is, for 50 payments at once, each told twice', async ({ store, another }) => {
    const second = await another();
    const tell = (index: number) =>
      (index % 2 ? store : second).record(undefined, [paid(`p${index % 50}`, { lines })], sell, [pool]);
    await Promise.all(Array.from({ length: 100 }, (_, index) => tell(index)));
    assert.deepEqual(await store.stockCounts([pool]), [{ name: 'march', sold: 10, reserved: 0, short: 40 }]);
  });

  it('counts a cart once, before and after its order is known', async ({ store }) => {
    const [wide, cart] = [{ ...pool, capacity: 2 }, 'cart:1'];
    await store.reserveStock(cart, [wide], seat, minute);
    await store.reserveStock(cart, [wide], seat, minute);
    assert.deepEqual(await store.stockCounts([wide]), [{ name: 'march', sold: 0, reserved: 1, short: 0 }]);
    await store.record(undefined, [paid('a', { lines, references: [cart] })], sell, [wide]);
    await store.reconsider(orderId('a'), sell, [wide]);
    assert.deepEqual(await store.stockCounts([wide]), [{ name: 'march', sold: 1, reserved: 0, short: 0 }]);
    assert.deepEqual(await store.stockCounts([wide], orderId('a')), [{ name: 'march', sold: 0, reserved: 0, short: 0 }]);
  });

  it('gives back what a cart held, when it is given up or its time is over', async ({ store }) => {
    const one = { ...pool, capacity: 1 };
    await store.reserveStock('cart:1', [one], seat, minute);
    assert.equal(await store.reserveStock('cart:2', [one], seat, minute), 'march');
    await store.releaseStock('cart:1');
    assert.equal(await store.reserveStock('cart:2', [one], seat, 0), undefined);
    assert.equal(await store.reserveStock('cart:3', [one], seat, minute), undefined);
    assert.equal(await store.reserveStock('cart:4', [one], [{ sku: 'TS-101-EARLY', units: 1 }], minute), 'march');
  });

  it('forgets what an order no longer holds', async ({ store }) => {
    await store.record(undefined, [paid('a', { lines })], sell, [pool]);
    const decideNothing: Decide = (known) => ({ ...sell(known), stock: [] });
    await store.record(undefined, [paid('a', { id: 'refund', kind: 'payment.refunded', lines })], decideNothing, [pool]);
    assert.deepEqual(await store.stockCounts([pool]), [{ name: 'march', sold: 0, reserved: 0, short: 0 }]);
  });
}
