import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';
import { callback, claimAll, claimOne, minute, only, orderId, plan, problem, stateOf, step } from './samples.ts';

/** Steps: claimed by one worker, settled under its fence. */
export function stepTests(it: StoreTest): void {
  it('claims due steps oldest first, for as much room as each account has', async ({ store, advance }) => {
    await plan(store, step('m1'), step('o1', { account: 'other' }));
    await advance(1000);
    await plan(store, step('m2'), step('m3'), step('o2', { account: 'other' }), step('x1', { account: 'mail' }));
    assert.deepEqual((await store.accountsWithWork()).sort(), ['mail', 'moodle', 'other']);
    const claims = await store.claimSteps('w1', new Map([['moodle', 2], ['other', 1], ['mail', 0]]), minute); // prettier-ignore
    assert.deepEqual(
      claims.map(({ key }) => key),
      ['m1', 'o1', 'm2'],
    );
    const [first] = claims;
    assert.deepEqual(
      [first?.state, first?.attempts, first?.worker, first?.owner, first?.interrupted],
      ['running', 1, 'w1', 'w1', false],
    );
    assert.deepEqual((await claimAll(store)).map(({ key }) => key).sort(), ['m3', 'o2', 'x1']);
    assert.deepEqual(await claimAll(store), []);
  });

  it('never hands one step to two workers', async ({ store, another }) => {
    const second = await another();
    await plan(store, ...Array.from({ length: 90 }, (_, index) => step(`s${index}`)));
    const claim = (index: number) => (index % 2 ? store : second).claimSteps(`w${index}`, new Map([['moodle', 7]]), minute);
    const claimed = (await Promise.all(Array.from({ length: 16 }, (_, index) => claim(index)))).flat().map(({ key }) => key);
    assert.deepEqual([claimed.length, new Set(claimed).size], [90, 90]);
  });

  it('hands out a lapsed step again and takes nothing from who lost it', async ({ store, advance }) => {
    await plan(store, step('s1'));
    const lost = await claimOne(store, 'w1');
    await advance(2 * minute);
    const held = await claimOne(store, 'w2');
    assert.equal(held.attempts, 2);
    assert.equal(await store.renewLease(lost, minute), false);
    assert.equal(await store.beginCall(lost), false);
    assert.equal(await store.rememberStep(lost, { late: true }), false);
    assert.equal(await store.postponeStep(lost, problem, 0), false);
    assert.equal(await store.parkStep(lost, problem, [step('notice')]), false);
    assert.equal(await store.finishStep(lost, { late: true }, [step('next')]), false);
    await store.release([lost]);
    assert.deepEqual(await claimAll(store), []);
    assert.equal(await store.finishStep(held, { seat: 7 }), true);
    assert.equal(await store.finishStep(held, { seat: 8 }), false);
    const found = await store.findOrder(orderId('a'));
    assert.deepEqual(
      found?.steps.map(({ key, state, outcome }) => [key, state, outcome]),
      [['s1', 'done', { seat: 7 }]],
    );
  });

  it('lets who lost a lease that nobody took still settle the step', async ({ store, advance }) => {
    await plan(store, step('s1'));
    const claim = await claimOne(store);
    await advance(2 * minute);
    assert.equal(await store.finishStep(claim, {}), true);
    assert.equal(await stateOf(store, 's1'), 'done');
  });

  it('counts the attempts that never told how they ended, until one does', async ({ store, advance }) => {
    await plan(store, step('s1'));
    const counts: number[] = [];
    const lapse = async () => {
      await advance(2 * minute);
      const claim = await claimOne(store);
      counts.push(claim.cutShort);
      return claim;
    };
    counts.push((await claimOne(store)).cutShort);
    await lapse();
    const suspect = await lapse();
    assert.equal(await store.beginAgain(suspect), true);
    const held = await lapse();
    assert.equal(await store.beginAgain(suspect), false);
    await store.postponeStep(held, problem, 0);
    await lapse();
    assert.equal(await store.beginAgain(await lapse()), true);
    await store.release([await lapse()]);
    counts.push((await claimOne(store)).cutShort);
    assert.deepEqual(counts, [0, 1, 1, 2, 0, 1, 2, 0]);
  });

  it('ends the leases of a worker that is gone, and of no other', async ({ store }) => {
    await plan(store, step('s1'), step('s2'));
    const lost = await store.claimSteps('w1', new Map([['moodle', 1]]), minute);
    const other = await claimOne(store, 'w2');
    await store.beginCall(only(lost, 'claimed steps'));
    assert.deepEqual((await store.workers()).sort(), ['w1', 'w2']);
    await store.endLeases('w1');
    const again = await claimOne(store, 'w3');
    assert.deepEqual([again.key, again.interrupted, again.cutShort], ['s1', true, 1]);
    assert.equal(await store.finishStep(only(lost, 'claimed steps'), {}), false);
    assert.equal(await store.finishStep(other, {}), true);
  });

  it('keeps a lease that is renewed', async ({ store, advance }) => {
    await plan(store, step('s1'));
    const claim = await claimOne(store);
    await advance(50_000);
    assert.equal(await store.renewLease(claim, minute), true);
    await advance(50_000);
    assert.deepEqual(await claimAll(store, 'w2'), []);
  });

  it('tells who takes over that a call went out', async ({ store, advance }) => {
    await plan(store, step('s1'));
    assert.equal(await store.beginCall(await claimOne(store)), true);
    await advance(2 * minute);
    const second = await claimOne(store);
    assert.equal(second.interrupted, true);
    await store.postponeStep(second, problem, 0);
    assert.equal((await claimOne(store)).interrupted, false);
  });

  it('remembers for the next attempt', async ({ store, advance }) => {
    await plan(store, step('s1'));
    const first = await claimOne(store);
    assert.equal(first.memo, undefined);
    assert.equal(await store.rememberStep(first, { ticket: 17 }), true);
    await advance(2 * minute);
    assert.deepEqual((await claimOne(store)).memo, { ticket: 17 });
  });

  it('postpones a failed attempt and says why in the history', async ({ store, advance }) => {
    await plan(store, step('s1'));
    assert.equal(await store.postponeStep(await claimOne(store), problem, 30_000), true);
    await advance(29_000);
    assert.deepEqual(await claimAll(store), []);
    await advance(2000);
    const again = await claimOne(store);
    assert.deepEqual([again.attempts, again.error], [2, problem]);
    const [entry] = (await store.history(orderId('a'))).filter(({ kind }) => kind === 'attempt');
    assert.equal(entry?.stepKey, 's1');
    assert.match(entry.text, /attempt 1 failed: Moodle did not answer\. \(MOODLE_SILENT\) Next try in 30 s\./);
  });

  it('does not count an attempt that only waits', async ({ store }) => {
    await plan(store, step('s1'));
    await store.postponeStep(await claimOne(store), undefined, 0);
    assert.equal((await claimOne(store)).attempts, 1);
    assert.deepEqual(
      (await store.history(orderId('a'))).filter(({ kind }) => kind === 'attempt'),
      [],
    );
  });

  it('leaves a step its place before later ones when it is put back without a delay, and counts no attempt', async ({
    store,
    advance,
  }) => {
    await plan(store, step('first'));
    await advance(1000);
    await plan(store, step('second'));
    await advance(1000);
    const tried = only(await store.claimSteps('w1', new Map([['moodle', 1]]), minute), 'claim');
    assert.equal(await store.postponeStep(tried, undefined, undefined), true);
    const claims = await claimAll(store);
    assert.deepEqual(claims.map(({ key, attempts }) => [key, attempts]), [['first', 1], ['second', 1]]); // prettier-ignore
  });

  it('parks a step with its notices, until a person puts it back', async ({ store, advance }) => {
    await plan(store, step('s1'));
    await store.beginCall(await claimOne(store));
    await advance(2 * minute);
    assert.equal(await store.parkStep(await claimOne(store), problem, [step('notice', { account: 'mail' })]), true);
    await advance(1000 * minute);
    assert.deepEqual(
      (await claimAll(store)).map(({ key }) => key),
      ['notice'],
    );
    const [parked] = await store.parkedSteps(10);
    assert.deepEqual([parked?.key, parked?.attempts, parked?.error], ['s1', 2, problem]);
    assert.equal(await store.retryStep('s1', 'ada@example.org'), true);
    assert.equal(await store.retryStep('s1', 'ada@example.org'), false);
    const again = await claimOne(store);
    assert.deepEqual([again.attempts, again.interrupted], [1, false]);
    const kinds = (await store.history(orderId('a'))).filter(({ stepKey }) => stepKey === 's1').map(({ kind }) => kind);
    assert.deepEqual(kinds, ['parked', 'retried']);
    assert.deepEqual(await store.parkedSteps(10), []);
  });

  it('lets a person mark a parked step as done', async ({ store }) => {
    await plan(store, step('s1'), step('s2', { verb: 'mail', account: 'mail', after: ['s1'] }));
    assert.equal(await store.markDone('s1', 'ada'), false);
    await store.parkStep(await claimOne(store), problem);
    assert.equal(await store.markDone('s1', 'ada', { seat: 7 }), true);
    assert.equal(await store.markDone('s1', 'ada'), false);
    const done = (await store.findOrder(orderId('a')))?.steps[0];
    assert.deepEqual([done?.state, done?.outcome, done?.error], ['done', { seat: 7 }, undefined]);
    assert.equal((await claimOne(store)).key, 's2');
    assert.match(
      (await store.history(orderId('a'))).at(-1)?.text ?? '',
      /^ada marked grant moodle\.enrol, line 1, unit 1 as done\.$/,
    );
  });

  it('gives released steps back, due at once', async ({ store }) => {
    await plan(store, step('s1'), step('s2'));
    await store.release(await claimAll(store, 'w1'));
    const claims = await claimAll(store, 'w2');
    assert.deepEqual(claims.map(({ key, attempts }) => [key, attempts]), [['s1', 2], ['s2', 2]]); // prettier-ignore
  });

  it('plans steps without an order, once', async ({ store }) => {
    const notice = step('notice', { orderId: '', verb: 'notice', account: 'mail' });
    await store.addSteps([notice]);
    await store.addSteps([notice, step('more', { orderId: '', account: 'mail' })]);
    assert.deepEqual(
      (await claimAll(store)).map(({ key }) => key),
      ['notice', 'more'],
    );
  });

  it('tells how long it may sleep', async ({ store, advance }) => {
    assert.equal(await store.nextDueInMs(), undefined);
    await plan(store, step('s1'), step('o1', { account: 'other' }));
    assert.equal(await store.nextDueInMs(), 0);
    const claims = await claimAll(store, 'w1', 2 * minute);
    const asleep = (await store.nextDueInMs()) ?? 0;
    assert.ok(asleep > minute && asleep <= 2 * minute, `${asleep} ms`);
    for (const claim of claims) await store.postponeStep(claim, problem, claim.account === 'other' ? 5 * minute : 10 * minute);
    const toOther = (await store.nextDueInMs()) ?? 0;
    assert.ok(toOther > 4 * minute && toOther <= 5 * minute, `${toOther} ms`);
    const toMoodle = (await store.nextDueInMs(new Set(['other']))) ?? 0;
    assert.ok(toMoodle > 9 * minute && toMoodle <= 10 * minute, `${toMoodle} ms`);
    await advance(6 * minute);
    assert.equal(await store.nextDueInMs(), 0);
  });

  it('tells in one look what may be claimed, for each account, and by which clock', async ({ store, advance }) => {
    const before = await store.clock();
    const nothing = await store.dueTimes();
    assert.ok(nothing.clock >= before && nothing.clock <= (await store.clock()), 'by the clock of the store');
    assert.deepEqual([nothing.callbackInMs, [...nothing.stepInMs]], [undefined, []]);
    await plan(store, step('s1'), step('o1', { account: 'other' }));
    await store.keepCallback(callback(), 'evt_due');
    const claims = await claimAll(store, 'w1', 2 * minute);
    const other = claims.find(({ account }) => account === 'other');
    if (other) await store.postponeStep(other, problem, 10 * minute);
    const due = await store.dueTimes();
    assert.ok((due.callbackInMs ?? 1) <= 0, `${due.callbackInMs} ms`);
    assert.deepEqual([...due.stepInMs.keys()].sort(), ['moodle', 'other']);
    const [lease = 0, later = 0] = ['moodle', 'other'].map((account) => due.stepInMs.get(account));
    assert.ok(lease > minute && lease <= 2 * minute, `a lease of ${lease} ms`);
    assert.ok(later > 9 * minute && later <= 10 * minute, `${later} ms`);
    await advance(3 * minute);
    const lapsed = await store.dueTimes();
    assert.ok((lapsed.stepInMs.get('moodle') ?? 1) <= 0 && (lapsed.stepInMs.get('other') ?? 0) > 0);
  });
}
