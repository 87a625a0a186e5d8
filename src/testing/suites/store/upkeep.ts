import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';
import {
  cancel,
  callback,
  claimAll,
  claimCallback,
  claimOne,
  decideOn,
  grant,
  line,
  minute,
  orderId,
  paid,
  plan,
  problem,
  step,
} from './samples.ts';

const day = 24 * 60 * minute;
const limits = { callbackMs: 90 * day, stepMs: 730 * day, sampleMs: 30 * day };

/** Staying small over the years, and getting back what nobody knows to be claimed. */
export function upkeepTests(it: StoreTest): void {
  it('empties settled callbacks when their time is over, and still knows each of them', async ({ store, advance }) => {
    for (const id of ['done', 'ignored', 'parked']) await store.keepCallback(callback(), id);
    for (const claim of await store.claimCallbacks('w1', 10, minute)) {
      if (claim.deliveryId === 'done') await store.record(claim, [paid('a')], decideOn());
      else if (claim.deliveryId === 'ignored') await store.ignoreCallback(claim, 'nothing');
      else await store.parkCallback(claim, problem);
    }
    assert.equal((await store.thinOut(limits, 10)).callbacks, 0);
    await advance(91 * day);
    await store.keepCallback(callback(), 'young');
    await store.ignoreCallback(await claimCallback(store), 'nothing');
    assert.equal((await store.thinOut({ ...limits, callbackMs: undefined }, 10)).callbacks, 0);
    assert.equal((await store.thinOut(limits, 1)).callbacks, 1);
    assert.equal((await store.thinOut(limits, 10)).callbacks, 1);
    assert.equal((await store.thinOut(limits, 10)).callbacks, 0);
    for (const id of ['done', 'ignored', 'parked', 'young']) assert.equal(await store.keepCallback(callback(), id), 'known');
    const left = await store.callbackBodies('settled', 10);
    assert.deepEqual(
      left.map(({ deliveryId }) => deliveryId),
      ['young'],
    );
    const [parked] = await store.parkedCallbacks(10);
    await store.retryCallback(parked?.id ?? 0, 'ada');
    assert.deepEqual(Buffer.from((await claimCallback(store)).body), Buffer.from('{"id":"evt_1"}'));
  });

  it('forgets what finished steps were given and returned, but not what a standing grant returned', async ({
    store,
    advance,
  }) => {
    const [standing, ended] = [grant('a'), grant('a', { id: `${orderId('a')}/2/1/course`, line: 2, wanted: 'revoked' })];
    const lines = [line('TS-1', 'open'), { ...line('TS-2', 'open'), line: 2 }];
    const steps = [
      step('stands', { grantId: standing.id }),
      step('ended', { grantId: ended.id }),
      step('mail', { verb: 'mail', input: { kind: 'buyer', outcome: 'paid', lines: [1], about: { trouble: 'some' } } }),
    ];
    await store.record(undefined, [paid('a')], decideOn({ grants: [standing, ended], steps, order: { lines }, notes: ['In.'] }));
    for (const claim of await claimAll(store)) {
      await store.postponeStep(claim, problem, 0);
    }
    for (const claim of await claimAll(store)) await store.finishStep(claim, { seat: claim.key });
    await advance(729 * day);
    assert.equal((await store.thinOut(limits, 10)).orders, 0);
    await advance(2 * day);
    assert.equal((await store.thinOut(limits, 10)).orders, 1);
    assert.equal((await store.thinOut(limits, 10)).orders, 0);
    const record = await store.findOrder(orderId('a'));
    const left = record?.steps.map(({ key, input, outcome }) => ({ key, input, outcome }));
    assert.deepEqual(left, [
      { key: 'stands', input: { course: 'ts-101' }, outcome: { seat: 'stands' } },
      { key: 'ended', input: { course: 'ts-101' }, outcome: undefined },
      { key: 'mail', input: { kind: 'buyer', outcome: 'paid', lines: [1] }, outcome: undefined },
    ]);
    const kinds = (await store.history(orderId('a'))).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['event', 'note', 'done', 'done', 'done']);
    assert.deepEqual(record?.order.events, [paid('a')]);
  });

  it('leaves an order alone for which something is open, and looks at it again once it has changed', async ({
    store,
    advance,
  }) => {
    await plan(store, step('s1', { verb: 'mail' }));
    await store.parkStep(await claimOne(store), problem);
    await advance(731 * day);
    assert.equal((await store.thinOut(limits, 10)).orders, 1);
    assert.equal((await store.findOrder(orderId('a')))?.steps[0]?.error?.code, problem.code);
    await store.markDone('s1', 'ada', { seat: 7 });
    await store.reconsider(orderId('a'), decideOn());
    await advance(731 * day);
    await store.thinOut(limits, 10);
    assert.equal((await store.findOrder(orderId('a')))?.steps[0]?.outcome, undefined);
  });

  it('keeps what was kept at the other side for another order', async ({ store, advance }) => {
    const ended = grant('a', { wanted: 'revoked' });
    const steps = [step('given', { grantId: ended.id }), step('taken', { grantId: ended.id, verb: 'revoke', after: ['given'] })];
    await store.record(undefined, [paid('a')], decideOn({ grants: [ended], steps }));
    await store.finishStep(await claimOne(store), { seat: 7 });
    await store.finishStep(await claimOne(store), { keptFor: 'another' });
    await advance(731 * day);
    await store.thinOut(limits, 10);
    const record = await store.findOrder(orderId('a'));
    assert.deepEqual(
      record?.steps.map(({ outcome }) => outcome),
      [{ seat: 7 }, { keptFor: 'another' }],
    );
  });

  it('drops samples of refused callbacks when their time is over', async ({ store }) => {
    const inAThousandDays = new Date(Date.now() + 1000 * day);
    await store.countVerdict('stripe', 'refused', 'BAD', 1, callback({ receivedAt: new Date(0) }));
    await store.countVerdict('stripe', 'refused', 'BAD', 1, callback({ receivedAt: inAThousandDays }));
    assert.equal((await store.thinOut(limits, 10)).samples, 1);
    assert.equal((await store.refusedSamples('stripe', 10))[0]?.receivedAt, inAThousandDays.getTime());
  });

  it('gives back at once what a worker holds and never heard of', async ({ store }) => {
    await store.keepCallback(callback(), 'evt_1');
    await plan(store, step('known'), step('lost'));
    const known = (await claimAll(store)).filter(({ key }) => key === 'known');
    await store.claimCallbacks('w1', 10, minute);
    assert.equal(await store.giveBackLost('w2', []), 0);
    assert.equal(await store.giveBackLost('w1', known), 2);
    assert.equal(await store.giveBackLost('w1', known), 0);
    const again = await claimOne(store);
    assert.deepEqual([again.key, again.attempts, again.cutShort], ['lost', 1, 0]);
    assert.equal((await claimCallback(store)).attempts, 1);
    assert.equal(await store.finishStep(known[0] ?? again, {}), true);
  });

  it('ends what a worker never heard of when it is not wanted any more, and holds up nothing behind it', async ({ store }) => {
    await plan(store, step('lost'), step('behind', { after: ['lost'] }));
    await claimOne(store);
    await cancel(store, 'lost');
    assert.equal(await store.giveBackLost('w1', []), 1);
    assert.equal((await claimOne(store)).key, 'behind');
  });
}
