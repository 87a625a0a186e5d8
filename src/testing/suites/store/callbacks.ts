import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';
import { callback, claimAll, claimCallback, failure, minute, paid, problem, decideOn, step } from './samples.ts';

/** Kept callbacks: kept once, digested under a lease, always in one visible state. */
export function callbackTests(it: StoreTest): void {
  it('keeps a callback once per gateway and delivery', async ({ store }) => {
    assert.equal(await store.keepCallback(callback(), 'evt_1'), 'kept');
    assert.equal(await store.keepCallback(callback({ body: Buffer.from('again') }), 'evt_1'), 'known');
    assert.equal(await store.keepCallback(callback({ gateway: 'paypal' }), 'evt_1'), 'kept');
    const bodies = (await store.claimCallbacks('w1', 10, minute)).map(({ body }) => Buffer.from(body).toString());
    assert.deepEqual(bodies, ['{"id":"evt_1"}', '{"id":"evt_1"}']);
  });

  it('gives a callback back as it arrived, byte for byte', async ({ store }) => {
    const body = Buffer.from([0, 255, 254, 10, 13, 0, 39, 34]);
    const headers = JSON.parse('{"x-list":["a","b"],"__proto__":"odd","x-quote":"it\'s \\"so\\""}') as Record<string, string>;
    const receivedAt = new Date('2027-01-15T08:00:00.123Z');
    await store.keepCallback(callback({ body, headers, receivedAt, method: 'PUT', url: '/callbacks/stripe?a=ü' }), 'evt_ü');
    const found = await claimCallback(store);
    assert.deepEqual(Buffer.from(found.body), body);
    assert.equal(JSON.stringify(found.headers), JSON.stringify(headers));
    assert.equal(found.receivedAt.toISOString(), '2027-01-15T08:00:00.123Z');
    assert.deepEqual([found.method, found.url, found.deliveryId, found.attempts], ['PUT', '/callbacks/stripe?a=ü', 'evt_ü', 1]);
  });

  it('keeps each of many deliveries that arrive at once, one time', async ({ store, another }) => {
    const second = await another();
    const ids = Array.from({ length: 120 }, (_, index) => `evt_${index % 40}`);
    const results = await Promise.all(ids.map((id, index) => (index % 3 ? store : second).keepCallback(callback(), id)));
    assert.equal(results.filter((result) => result === 'kept').length, 40);
    assert.equal((await store.claimCallbacks('w1', 100, minute)).length, 40);
  });

  it('hands a callback to one worker only, the oldest first', async ({ store, another }) => {
    const second = await another();
    for (let count = 0; count < 30; count++) await store.keepCallback(callback(), `evt_${count}`);
    assert.deepEqual(
      (await store.claimCallbacks('w1', 2, minute)).map(({ deliveryId }) => deliveryId),
      ['evt_0', 'evt_1'],
    );
    const rounds = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((round) => (round % 2 ? store : second).claimCallbacks(`w${round}`, 7, minute)),
    );
    const claimed = rounds.flat().map(({ deliveryId }) => deliveryId);
    assert.deepEqual([claimed.length, new Set(claimed).size], [28, 28]);
  });

  it('lets a postponed callback rest until it is due', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    assert.equal(await store.postponeCallback(await claimCallback(store), problem, 5 * minute), true);
    await advance(4 * minute);
    assert.deepEqual(await store.claimCallbacks('w1', 10, minute), []);
    await advance(2 * minute);
    assert.equal((await claimCallback(store)).attempts, 2);
  });

  it('hands out a lapsed callback again and takes nothing from who lost it', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    const lost = await claimCallback(store, 'w1');
    await advance(2 * minute);
    const held = await claimCallback(store, 'w2');
    assert.equal(await store.renewLease(lost, minute), false);
    assert.equal(await store.postponeCallback(lost, problem, 0), false);
    assert.equal(await store.parkCallback(lost, problem, [step('notice')]), false);
    assert.equal(await store.ignoreCallback(lost, 'late'), false);
    assert.equal(await store.record(lost, [paid('a')], decideOn()), false);
    assert.equal(await store.findPurchase('stripe', 'a'), undefined);
    assert.deepEqual(await claimAll(store), []);
    assert.equal(await store.record(held, [paid('a')], decideOn()), true);
    assert.equal(await store.record(held, [paid('b')], decideOn()), false);
  });

  it('counts the attempts that never told how they ended, until one does', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    const counts: number[] = [];
    const lapse = async () => {
      await advance(2 * minute);
      const claim = await claimCallback(store);
      counts.push(claim.cutShort);
      return claim;
    };
    counts.push((await claimCallback(store)).cutShort);
    await lapse();
    const suspect = await lapse();
    assert.equal(await store.beginAgain(suspect), true);
    const held = await lapse();
    assert.equal(await store.beginAgain(suspect), false);
    await store.postponeCallback(held, problem, 0);
    await lapse();
    assert.deepEqual(counts, [0, 1, 1, 2, 0]);
  });

  it('ends the leases of a worker that is gone, and of no other', async ({ store }) => {
    await store.keepCallback(callback(), 'evt_1');
    const lost = await claimCallback(store, 'w1');
    await store.keepCallback(callback(), 'evt_2');
    const other = await claimCallback(store, 'w2');
    assert.deepEqual((await store.workers()).sort(), ['w1', 'w2']);
    await store.endLeases('w1');
    const again = await claimCallback(store, 'w3');
    assert.deepEqual([again.deliveryId, again.cutShort], ['evt_1', 1]);
    assert.equal(await store.ignoreCallback(lost, 'late'), false);
    assert.equal(await store.ignoreCallback(other, 'x'), true);
    assert.equal(await store.ignoreCallback(again, 'x'), true);
    assert.deepEqual(await store.workers(), []);
  });

  it('keeps a lease that is renewed', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    const claim = await claimCallback(store, 'w1');
    await advance(minute / 2);
    assert.equal(await store.renewLease(claim, minute), true);
    await advance(minute - 1000);
    assert.deepEqual(await store.claimCallbacks('w2', 10, minute), []);
    await advance(2000);
    assert.equal((await claimCallback(store, 'w2')).attempts, 2);
  });

  it('gives a released callback to the next worker at once', async ({ store }) => {
    await store.keepCallback(callback(), 'evt_1');
    await store.release([await claimCallback(store, 'w1')]);
    assert.equal((await claimCallback(store, 'w2')).worker, 'w2');
  });

  it('parks a callback together with the notice about it, until a person puts it back', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    const claim = await claimCallback(store);
    const notice = step('notice', { verb: 'notice', orderId: '', account: 'mail' });
    assert.equal(await store.parkCallback(claim, { ...problem, hint: 'Look there.' }, [notice]), true);
    await advance(1000 * minute);
    assert.deepEqual(await store.claimCallbacks('w1', 10, minute), []);
    assert.deepEqual(
      (await claimAll(store)).map(({ key }) => key),
      ['notice'],
    );
    const [parked] = await store.parkedCallbacks(10);
    assert.deepEqual(parked, {
      id: claim.id,
      gateway: 'stripe',
      deliveryId: 'evt_1',
      receivedAt: Date.parse('2027-01-15T08:00:00Z'),
      attempts: 1,
      problem: { ...problem, hint: 'Look there.' },
    });
    assert.equal(await store.retryCallback(claim.id, 'ada'), true);
    assert.equal(await store.retryCallback(claim.id, 'ada'), false);
    assert.equal((await claimCallback(store)).attempts, 1);
    assert.deepEqual(await store.parkedCallbacks(10), []);
  });

  it('still knows an ignored or finished callback', async ({ store, advance }) => {
    await store.keepCallback(callback(), 'evt_1');
    assert.equal(await store.ignoreCallback(await claimCallback(store), 'It changes no order.'), true);
    await store.keepCallback(callback(), 'evt_2');
    assert.equal(await store.record(await claimCallback(store), [], decideOn()), true);
    await advance(1000 * minute);
    assert.deepEqual(await store.claimCallbacks('w1', 10, minute), []);
    assert.equal(await store.keepCallback(callback(), 'evt_1'), 'known');
    assert.equal(await store.keepCallback(callback(), 'evt_2'), 'known');
  });

  it('counts what is refused or ignored, and samples the newest refusals without credentials', async ({ store }) => {
    const long = callback({
      body: Buffer.alloc(5000, 'x'),
      headers: { Cookie: 'sid=1', authorization: 'Basic eA==', 'x-kept': 'yes' },
    });
    for (let count = 0; count < 105; count++) {
      await store.countVerdict('stripe', 'refused', 'SIGNATURE_MISMATCH', 2, { ...long, url: `/callbacks/stripe?n=${count}` });
    }
    await store.countVerdict('stripe', 'ignored', 'charge.updated', 7, long);
    await store.countVerdict('paypal', 'refused', 'SIGNATURE_MISSING', 1);
    await store.countVerdict('stripe', 'accepted', '', 3);
    const { verdicts, gateways } = await store.status();
    assert.deepEqual(verdicts, [
      { gateway: 'paypal', verdict: 'refused', code: 'SIGNATURE_MISSING', count: 1 },
      { gateway: 'stripe', verdict: 'ignored', code: 'charge.updated', count: 7 },
      { gateway: 'stripe', verdict: 'refused', code: 'SIGNATURE_MISMATCH', count: 210 },
    ]);
    assert.deepEqual(gateways.map(({ gateway, taken }) => [gateway, taken]), [['stripe', 10]]); // prettier-ignore
    assert.equal(Number.isSafeInteger(gateways[0]?.heardAt), true);
    const samples = await store.refusedSamples('stripe', 1000);
    assert.equal(samples.length, 100);
    assert.deepEqual([samples[0]?.url, samples[99]?.url], ['/callbacks/stripe?n=104', '/callbacks/stripe?n=5']);
    assert.deepEqual([samples[0]?.body.length, samples[0]?.headers], [2048, { 'x-kept': 'yes' }]);
    assert.deepEqual(await store.refusedSamples('paypal', 10), []);
  });

  it('takes nothing once it is closed', async ({ store }) => {
    await store.close();
    assert.equal(await failure(store.keepCallback(callback(), 'evt_1')), 'STORE_CLOSED');
    assert.equal(await failure(store.findOrder('x')), 'STORE_CLOSED');
  });
}
