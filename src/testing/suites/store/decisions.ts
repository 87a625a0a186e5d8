import assert from 'node:assert/strict';

import type { KnownOrder } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';
import { callback, claimCallback, decideOn, failure, grant, line, order, orderId, paid, plan, step } from './samples.ts';

/** Events, and what is decided about their orders, in one transaction. */
export function decisionTests(it: StoreTest): void {
  it('records events, order, grants, steps and history together, and settles the callback', async ({ store }) => {
    await store.keepCallback(callback(), 'evt_1');
    const claim = await claimCallback(store);
    const decide = decideOn({ grants: [grant('a')], steps: [step('s1')], notes: ['The order was taken in.'] });
    assert.equal(await store.record(claim, [paid('a')], decide), true);

    const found = await store.findOrder(orderId('a'));
    assert.ok(found);
    const expected = order({ gateway: 'stripe', purchase: 'a', events: [paid('a')] });
    assert.deepEqual({ ...found.order, metadata: { ...found.order.metadata } }, expected);
    assert.deepEqual(found.grants, [grant('a')]);
    assert.deepEqual(
      found.steps.map(({ key, state, attempts }) => [key, state, attempts]),
      [['s1', 'ready', 0]],
    );
    assert.deepEqual(await store.findPurchase('stripe', 'a'), found);
    const history = await store.history(orderId('a'));
    assert.deepEqual(
      history.map(({ kind }) => kind),
      ['event', 'note'],
    );
    assert.match(history[0]?.text ?? '', /payment\.completed of 49\.00 EUR/);
    assert.equal((await store.status()).callbacks.open, 0);
  });

  it('keeps a step as it was planned', async ({ store }) => {
    const input = JSON.parse('{"__proto__":{"a":1},"list":[1,"ü"]}') as Record<string, unknown>;
    const full = step('s1', {
      grantId: grant('a').id,
      input,
      after: ['s0'],
      patienceMs: 5000,
      verb: 'mail',
      configVersion: 'v9',
    });
    await plan(store, step('s0'), full);
    const kept = (await store.findOrder(orderId('a')))?.steps[1];
    const planned = Object.fromEntries(Object.keys(full).map((name) => [name, kept?.[name as keyof typeof full]]));
    assert.equal(JSON.stringify(planned), JSON.stringify(full));
  });

  it('drops events and steps it knows, and asks for a decision all the same', async ({ store }) => {
    await plan(store, step('s1', { input: { course: 'first' } }));
    const seen: KnownOrder[] = [];
    await store.record(undefined, [paid('a'), paid('a', { id: 'refund', kind: 'payment.refunded' }), paid('a')], (known) => {
      seen.push(known);
      return decideOn({ steps: [step('s1', { input: { course: 'second' } }), step('s2')] })(known);
    });
    const known = seen.at(-1);
    assert.deepEqual(
      known?.events.map(({ id }) => id),
      ['paid a', 'refund'],
    );
    assert.deepEqual(
      known.order?.events.map(({ id }) => id),
      ['paid a'],
    );
    assert.deepEqual(
      known.steps.map(({ key }) => key),
      ['s1'],
    );
    const found = await store.findOrder(orderId('a'));
    assert.deepEqual(
      found?.steps.map(({ key, input }) => [key, input['course']]),
      [
        ['s1', 'first'],
        ['s2', 'ts-101'],
      ],
    );
    assert.equal((await store.history(orderId('a'))).filter(({ kind }) => kind === 'event').length, 2);
  });

  it('changes a grant in place', async ({ store }) => {
    await store.record(undefined, [paid('a')], decideOn({ grants: [grant('a')] }));
    await store.reconsider(orderId('a'), decideOn({ grants: [grant('a', { wanted: 'revoked', reasons: [] })] }));
    assert.deepEqual((await store.findOrder(orderId('a')))?.grants, [grant('a', { wanted: 'revoked', reasons: [] })]);
  });

  it('decides about each purchase that one callback speaks of', async ({ store }) => {
    await store.record(undefined, [paid('a'), paid('b'), paid('a', { id: 'more' })], decideOn());
    assert.equal((await store.findPurchase('stripe', 'a'))?.order.events.length, 2);
    assert.equal((await store.findPurchase('stripe', 'b'))?.order.events.length, 1);
  });

  it('records nothing of a decision that fails', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    const claim = await claimCallback(store);
    const wrong = new Error('no decision');
    const failing = store.record(claim, [paid('a'), paid('b')], (known) => {
      if (known.purchase === 'b') throw wrong;
      return decideOn({ grants: [grant('a')], steps: [step('s1')] })(known);
    });
    assert.equal(await failure(failing), wrong);
    assert.equal(await store.findPurchase('stripe', 'a'), undefined);
    assert.equal((await store.nextDueInMs()) === 0, false);
    await advance(61_000);
    assert.equal(await store.record(await claimCallback(store), [paid('a')], decideOn()), true);
  });

  it('never gives the number of one order to another', async ({ store }) => {
    await plan(store);
    const clash = store.record(undefined, [paid('b')], decideOn({ order: { id: orderId('a') } }));
    assert.equal(await failure(clash), 'STORE_ORDER_NUMBER_TAKEN');
    assert.equal((await store.findOrder(orderId('a')))?.order.purchase, 'a');
    assert.equal(await store.findPurchase('stripe', 'b'), undefined);
  });

  it('decides again about known orders only', async ({ store }) => {
    assert.equal(await store.reconsider(orderId('a'), decideOn()), false);
    await plan(store);
    assert.equal(await store.reconsider(orderId('a'), decideOn({ order: { status: 'held' }, notes: ['Held.'] })), true);
    assert.equal((await store.findOrder(orderId('a')))?.order.status, 'held');
  });

  it('finds the orders that wait for a product, whatever its SKU is called', async ({ store }) => {
    await store.record(undefined, [paid('a')], decideOn({ order: { lines: [line('__proto__', 'parked')] } }));
    await store.record(undefined, [paid('b')], decideOn({ order: { lines: [line('TS-1', 'parked')] } }));
    await store.record(undefined, [paid('c')], decideOn({ order: { lines: [line('TS-2', 'open')] } }));
    assert.deepEqual(await store.ordersWaitingForSkus(['__proto__', 'TS-2'], 10), [orderId('a')]);
    const many = Array.from({ length: 120 }, (_, index) => `OTHER-${index}`);
    assert.deepEqual((await store.ordersWaitingForSkus([...many, 'TS-1', '__proto__'], 10)).sort(), [orderId('a'), orderId('b')]);
    assert.equal((await store.ordersWaitingForSkus(['TS-1', '__proto__'], 1)).length, 1);
    assert.deepEqual(await store.ordersWaitingForSkus([], 10), []);
    assert.equal((await store.status()).orders.waitingForProduct, 2);
    await store.reconsider(orderId('a'), decideOn({ order: { lines: [line('__proto__', 'open')] } }));
    assert.deepEqual(await store.ordersWaitingForSkus(['__proto__', 'TS-1'], 10), [orderId('b')]);
  });

  it('keeps metadata of any name', async ({ store }) => {
    const metadata = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as Record<string, string>;
    await store.record(undefined, [paid('a', { metadata })], decideOn({ order: { metadata } }));
    const found = await store.findOrder(orderId('a'));
    for (const kept of [found?.order.metadata, found?.order.events[0]?.metadata]) {
      assert.deepEqual(Object.entries(kept ?? {}), Object.entries(metadata));
      assert.equal(Object.getPrototypeOf(kept), null);
    }
  });

  it('loses no event when several processes record about one purchase at once', async ({ store, another }) => {
    const second = await another();
    const ids = Array.from({ length: 40 }, (_, index) => `event ${index}`);
    const countEvents = (known: KnownOrder) => decideOn({ order: { metadata: { seen: String(known.events.length) } } })(known);
    await Promise.all(ids.map((id, index) => (index % 2 ? store : second).record(undefined, [paid('a', { id })], countEvents)));
    const found = await store.findOrder(orderId('a'));
    assert.equal(found?.order.events.length, 40);
    assert.equal(found.order.metadata['seen'], '40');
  });

  it('undoes a failing change alone, whatever shares its commit', async ({ store }) => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => {
        if (index % 3 === 0) return store.keepCallback(callback(), `evt_${index}`);
        return store.record(undefined, [paid(`p${index}`)], (known) => {
          if (index % 3 === 1) throw new Error(`wrong ${index}`);
          return decideOn()(known);
        });
      }),
    );
    for (const [index, result] of results.entries()) {
      assert.equal(result.status, index % 3 === 1 ? 'rejected' : 'fulfilled');
      const found = await store.findPurchase('stripe', `p${index}`);
      assert.equal(found !== undefined, index % 3 === 2);
    }
    assert.equal((await store.status()).callbacks.open, 20);
  });
}
