import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';
import { cancel, claimAll, claimOne, minute, orderId, paid, plan, problem, stateOf, step, decideOn } from './samples.ts';

/** Steps that wait for others, and steps that are cancelled. */
export function waitingTests(it: StoreTest): void {
  const mail = (after: string[], patienceMs?: number) =>
    step('mail', { verb: 'mail', account: 'mail', after, ...(patienceMs === undefined ? {} : { patienceMs }) });

  it('runs a step after all it waits for', async ({ store }) => {
    await plan(store, mail(['s1', 's2']), step('s1'), step('s2'));
    const [first, second] = await claimAll(store);
    assert.ok(first && second);
    await store.finishStep(first, {});
    assert.equal(await stateOf(store, 'mail'), 'waiting');
    assert.equal((await store.nextDueInMs()) === 0, false);
    await store.finishStep(second, {});
    assert.equal(await stateOf(store, 'mail'), 'ready');
    assert.equal((await claimOne(store)).key, 'mail');
  });

  it('waits for no step that is settled or was never planned', async ({ store }) => {
    await plan(store, step('s1'));
    await store.finishStep(await claimOne(store), {});
    await store.reconsider(orderId('a'), decideOn({ steps: [mail(['s1', 'nobody planned this'])] }));
    assert.equal((await claimOne(store)).key, 'mail');
  });

  it('waits without end for a parked step, unless it was given patience', async ({ store, advance }) => {
    await plan(store, step('s1'), mail(['s1']), { ...mail(['s1'], 60 * minute), key: 'patient' });
    await store.parkStep(await claimOne(store), problem);
    assert.deepEqual(
      (await claimAll(store)).map(({ key }) => key),
      ['patient'],
    );
    await advance(100_000 * minute);
    assert.equal(await stateOf(store, 'mail'), 'waiting');
    await store.retryStep('s1', 'ada');
    const again = (await claimAll(store)).find(({ key }) => key === 's1');
    assert.ok(again);
    await store.finishStep(again, {});
    assert.equal(await stateOf(store, 'mail'), 'ready');
  });

  it('runs a waiting step when its patience is over', async ({ store, advance }) => {
    await plan(store, step('s1'), mail(['s1'], 2 * minute));
    const claim = await claimOne(store, 'w1', 60 * minute);
    const sleep = (await store.nextDueInMs()) ?? 0;
    assert.ok(sleep > minute && sleep <= 2 * minute, `${sleep} ms`);
    await advance(3 * minute);
    const late = await claimOne(store, 'w2');
    assert.equal(late.key, 'mail');
    await store.finishStep(claim, {});
    assert.equal(await store.finishStep(late, {}), true);
  });

  it('sleeps when all that is left waits without a time limit', async ({ store }) => {
    await store.addSteps([step('s1'), mail(['s1'])]);
    await store.parkStep(await claimOne(store), problem);
    assert.equal(await store.nextDueInMs(), undefined);
    assert.deepEqual(await store.accountsWithWork(), ['mail']);
  });

  it('plans what follows a step together with its end', async ({ store }) => {
    await plan(store, step('s1'));
    await store.finishStep(await claimOne(store), {}, [mail(['s1']), step('s2', { after: ['mail'] })]);
    assert.equal(await stateOf(store, 's2'), 'waiting');
    assert.equal((await claimOne(store)).key, 'mail');
  });

  it('cancels what does not run, and what waited for it goes on', async ({ store, advance }) => {
    await plan(store, step('s1'), step('s2', { after: ['s1'] }), step('s3', { after: ['s2'] }), mail(['s1']));
    await cancel(store, 's1', 's2', 'nobody planned this');
    assert.deepEqual([await stateOf(store, 's1'), await stateOf(store, 's2')], ['cancelled', 'cancelled']);
    assert.deepEqual((await claimAll(store)).map(({ key }) => key).sort(), ['mail', 's3']);
    await advance(1000 * minute);
    assert.equal(await store.retryStep('s1', 'ada'), false);
  });

  it('cancels a parked step and leaves a finished one', async ({ store }) => {
    await plan(store, step('s1'), step('s2'));
    const [first, second] = await claimAll(store);
    assert.ok(first && second);
    await store.parkStep(first, problem);
    await store.finishStep(second, {});
    await cancel(store, 's1', 's2');
    assert.deepEqual([await stateOf(store, 's1'), await stateOf(store, 's2')], ['cancelled', 'done']);
    assert.deepEqual(await store.parkedSteps(10), []);
  });

  it('records what a step marked for cancelling still achieved, so that it can be undone', async ({ store }) => {
    await plan(store, step('s1'));
    const running = await claimOne(store);
    const revoke = step('revoke', { verb: 'revoke', after: ['s1'] });
    await store.reconsider(orderId('a'), decideOn({ cancel: ['s1'], steps: [revoke] }));
    assert.equal(await stateOf(store, 's1'), 'running');
    assert.deepEqual(await claimAll(store), []);
    assert.equal(await store.renewLease(running, minute), true);
    assert.equal(await store.finishStep(running, { seat: 7 }), true);
    assert.equal(await stateOf(store, 's1'), 'done');
    assert.equal((await claimOne(store)).key, 'revoke');
  });

  it('does not try a step again that was marked for cancelling', async ({ store, advance }) => {
    const keys = ['postponed', 'parked', 'released', 'lapsed'];
    await plan(store, ...keys.map((key) => step(key)), step('next', { after: keys }));
    const claims = new Map((await claimAll(store)).map((claim) => [claim.key, claim]));
    await cancel(store, ...keys);
    const claim = (key: string) => claims.get(key) ?? assert.fail(key);
    assert.equal(await store.postponeStep(claim('postponed'), problem, 0), true);
    assert.equal(await store.parkStep(claim('parked'), problem, [step('notice')]), true);
    await store.release([claim('released')]);
    for (const key of ['postponed', 'parked', 'released']) assert.equal(await stateOf(store, key), 'cancelled', key);
    assert.deepEqual(await claimAll(store), []);
    await advance(2 * minute);
    assert.deepEqual(
      (await claimAll(store)).map(({ key }) => key),
      ['next'],
    );
    assert.equal(await stateOf(store, 'lapsed'), 'cancelled');
    assert.equal(await store.finishStep(claim('lapsed'), {}), false);
    const told = (await store.history(orderId('a'))).filter(({ kind, stepKey }) => kind === 'cancelled' && stepKey === 'lapsed');
    assert.match(told.at(-1)?.text ?? '', /never told how it ended/);
  });

  it('wakes a waiting step once when its last two reasons to wait end in two processes', async ({ store, another }) => {
    const second = await another();
    for (let round = 0; round < 10; round++) {
      const [left, right] = [`left ${round}`, `right ${round}`];
      const steps = [step(left), step(right), { ...mail([left, right]), key: `mail ${round}` }];
      await store.record(undefined, [paid('a', { id: `event ${round}` })], decideOn({ steps }));
      const claims = (await claimAll(store)).filter(({ verb }) => verb === 'grant');
      await Promise.all(claims.map((claim, index) => (index % 2 ? store : second).finishStep(claim, {})));
      assert.equal((await claimOne(second)).key, `mail ${round}`);
    }
  });
}
