import assert from 'node:assert/strict';

import type { OrderQuery } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';
import {
  callback,
  claimCallback,
  claimOne,
  decideOn,
  failure,
  grant,
  minute,
  orderId,
  paid,
  plan,
  problem,
  step,
} from './samples.ts';

/** Finding orders, the status, and that all of it is there after a restart. */
export function findingTests(it: StoreTest): void {
  const ids = (orders: readonly { readonly id: string }[]) => orders.map(({ id }) => id);

  it('finds an order by number, mail address or any reference', async ({ store }) => {
    const payments = [
      {
        reference: 'pi_7',
        amount: { amount: 1, currency: 'EUR' },
        at: '2027-01-15T08:00:00Z',
        refunded: 0,
        dispute: 'none' as const,
      },
    ];
    await store.record(undefined, [paid('a')], decideOn({ order: { references: ['ch_1', 'in_1'], payments } }));
    await store.record(undefined, [paid('b')], decideOn({ order: { buyer: {} } }));
    for (const text of [
      orderId('a'),
      ` ${orderId('a').toLowerCase()} `,
      'ada@example.org',
      'ADA@example.ORG',
      'ch_1',
      'in_1',
      'pi_7',
      'a',
    ]) {
      assert.deepEqual(ids(await store.findOrders({ text, limit: 10 })), [orderId('a')], text);
    }
    assert.deepEqual(await store.findOrders({ text: "' OR 1=1 --", limit: 10 }), []);
    assert.equal((await store.findOrders({ text: '', limit: 10 })).length, 2);
    assert.deepEqual((await store.findOrders({ text: 'ch_1', limit: 1 }))[0]?.events, [paid('a')]);
    assert.equal(await store.findOrder('nothing'), undefined);
  });

  it('forgets a mail address that an order no longer has', async ({ store }) => {
    await plan(store);
    await store.reconsider(orderId('a'), decideOn({ order: { buyer: { email: 'grace@example.org' } } }));
    assert.deepEqual(await store.findOrders({ text: 'ada@example.org', limit: 10 }), []);
    assert.deepEqual(ids(await store.findOrders({ text: 'grace@example.org', limit: 10 })), [orderId('a')]);
  });

  it('lists orders newest first, page by page', async ({ store }) => {
    const days = ['03', '01', '02', '02', '02'];
    for (const [index, day] of days.entries()) {
      const createdAt = `2027-01-${day}T00:00:00${index === 3 ? '' : '.000'}Z`;
      await store.record(undefined, [paid(`p${index}`)], decideOn({ order: { createdAt } }));
    }
    const all = await store.findOrders({ limit: 10 });
    assert.deepEqual(ids(all), ['p0', 'p4', 'p3', 'p2', 'p1'].map(orderId));
    const paged: string[] = [];
    let before: { createdAt: string; id: string } | undefined;
    for (;;) {
      const page = await store.findOrders({ limit: 2, ...(before ? { before } : {}) });
      paged.push(...ids(page));
      const last = page.at(-1);
      if (!last) break;
      before = { createdAt: last.createdAt, id: last.id };
    }
    assert.deepEqual(paged, ids(all));
    const first = await store.findOrders({ limit: 2, after: { createdAt: '2000-01-01T00:00:00Z', id: '' } });
    assert.deepEqual(ids(first), ['p1', 'p2'].map(orderId));
    const [, second] = first;
    assert.ok(second);
    const rest = await store.findOrders({ limit: 10, after: { createdAt: second.createdAt, id: second.id } });
    assert.deepEqual(ids(rest), ['p3', 'p4', 'p0'].map(orderId));
  });

  it('lists orders by status and by the state of their steps', async ({ store }) => {
    await store.record(undefined, [paid('a')], decideOn({ order: { status: 'held' }, steps: [step('s1')] }));
    await store.record(undefined, [paid('b')], decideOn());
    assert.deepEqual(ids(await store.findOrders({ status: 'held', limit: 10 })), [orderId('a')]);
    const withStep = async (stepState: NonNullable<OrderQuery['stepState']>) =>
      ids(await store.findOrders({ stepState, limit: 10 }));
    assert.deepEqual(await withStep('ready'), [orderId('a')]);
    const claim = await claimOne(store);
    assert.deepEqual([await withStep('ready'), await withStep('running')], [[], [orderId('a')]]);
    await store.parkStep(claim, problem);
    assert.deepEqual(await withStep('parked'), [orderId('a')]);
    await store.retryStep('s1', 'ada');
    await store.finishStep(await claimOne(store), {});
    assert.deepEqual([await withStep('parked'), await withStep('waiting')], [[], []]);
    await store.addSteps([step('s2')]);
    assert.deepEqual(ids(await store.findOrders({ status: 'held', stepState: 'ready', text: 'ada@example.org', limit: 10 })), [
      orderId('a'),
    ]);
    assert.equal(await failure(store.findOrders({ stepState: 'done' as 'ready', limit: 10 })), 'STEP_STATE_NOT_LISTED');
  });

  it('counts what is open', async ({ store, advance }) => {
    const empty = await store.status();
    assert.deepEqual(empty, {
      callbacks: { open: 0, parked: 0 },
      steps: { ready: 0, waiting: 0, running: 0, parked: 0 },
      orders: { held: 0, waitingForProduct: 0 },
      verdicts: [],
      gateways: [],
    });
    await plan(store, step('s1'), step('s2', { after: ['s1'] }));
    await store.parkStep(await claimOne(store), problem, [step('s3')]);
    await claimOne(store, 'w1', 100 * minute);
    await store.addSteps([step('s4')]);
    await advance(10 * minute);
    const { steps, oldestOpen, oldestOpenMs = 0 } = await store.status();
    assert.deepEqual(steps, { ready: 1, waiting: 1, running: 1, parked: 1 });
    assert.deepEqual(oldestOpen, { kind: 'step', name: 's3', of: 'moodle' });
    assert.ok(oldestOpenMs >= 10 * minute && oldestOpenMs < 11 * minute, `${oldestOpenMs} ms`);
  });

  it('keeps each configuration an order was accepted under', async ({ store }) => {
    await store.keepConfiguration('v1', '{"first":true}');
    await store.keepConfiguration('v1', '{"second":true}');
    assert.equal(await store.configuration('v1'), '{"first":true}');
    assert.equal(await store.configuration('__proto__'), undefined);
  });

  it('goes on after a restart where it was', async ({ store, reopen, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    await store.keepCallback(callback(), 'evt_2');
    await store.record(
      undefined,
      [paid('a')],
      decideOn({ grants: [grant('a')], steps: [step('s1'), step('s2', { after: ['s1'] })], notes: ['In.'] }),
    );
    const claim = await claimOne(store);
    const [before, history, status] = [
      await store.findOrder(orderId('a')),
      await store.history(orderId('a')),
      await store.status(),
    ];

    const again = await reopen();
    assert.equal(await again.keepCallback(callback(), 'evt_1'), 'known');
    assert.deepEqual(await again.findOrder(orderId('a')), before);
    assert.deepEqual(await again.history(orderId('a')), history);
    assert.deepEqual((await again.status()).steps, status.steps);
    assert.equal((await again.claimCallbacks('w1', 10, minute)).length, 2);
    await advance(2 * minute);
    const taken = await claimOne(again, 'w2');
    assert.deepEqual([taken.key, taken.attempts, await again.finishStep(claim, {})], ['s1', 2, false]);
  });

  it('lets one process carry out what another one kept', async ({ store, another }) => {
    const second = await another();
    const stop = second.onWork(() => undefined);
    await store.keepCallback(callback(), 'evt_1');
    assert.equal(await second.nextDueInMs(), 0);
    assert.equal((await claimCallback(second)).deliveryId, 'evt_1');
    stop();
  });
}
