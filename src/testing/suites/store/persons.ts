import assert from 'node:assert/strict';

import type { PaymentEvent, Person } from '../../../contract/event.ts';
import type { Decide, Store } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';
import {
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
  problem,
  step,
} from './samples.ts';

const buyer: Person = { email: 'Ada@Example.org', firstName: 'Ada', lastName: 'Byron', phone: '+44 20 7946 0000', country: 'GB' };
const as = 'erased-m4rk@erased.invalid';
const request = { email: 'ada@example.org', as, by: 'grace', because: 'Ada Byron asked for it', force: false };
const about = (purchase: string, changes: Partial<PaymentEvent> = {}): PaymentEvent =>
  paid(purchase, { buyer, reason: 'Ada Byron called', metadata: { note: 'for Ada' }, ...changes });

/** What the flow makes of an order's events, as far as persons are concerned. */
const decide =
  (parts: Parameters<typeof decideOn>[0] = {}): Decide =>
  (known) => {
    const [first] = known.events;
    const order = { buyer: first?.buyer ?? {}, metadata: first?.metadata ?? {}, ...parts.order };
    return decideOn({ ...parts, order: { ...order, ...(first?.reason !== undefined && { reason: first.reason }) } })(known);
  };

/** Finding a person, and forgetting one. */
export function personTests(it: StoreTest): void {
  it('finds the orders of a person, as the buyer and as a learner', async ({ store }) => {
    const gift = { ...line('TS-1', 'open'), learner: { email: 'Ada@example.org ' } };
    await store.record(undefined, [paid('a')], decideOn());
    await store.record(undefined, [paid('b')], decideOn({ order: { buyer: { email: 'grace@example.org' }, lines: [gift] } }));
    await store.record(undefined, [paid('c')], decideOn({ order: { buyer: { email: 'grace@example.org' } } }));
    assert.deepEqual(await store.ordersOfPerson(' ADA@example.org'), [orderId('a'), orderId('b')]);
    assert.deepEqual(await store.ordersOfPerson('nobody@example.org'), []);
  });

  it('forgets a buyer in orders, events, steps and history, and keeps what the books need', async ({ store }) => {
    const steps = [step('mail', { verb: 'mail', input: { to: 'ada@example.org', dear: 'Ada', course: 'ada-101' } })];
    await store.record(undefined, [about('a')], decide({ steps, notes: ['Ada Byron <ada@example.org> wrote.'] }));
    await store.finishStep(await claimOne(store), { response: '250 ada@example.org queued' });
    const { erased, open } = await store.erasePerson(request);
    assert.deepEqual([erased.map((each) => each.orderId), open], [[orderId('a')], []]);

    assert.deepEqual(await store.ordersOfPerson('ada@example.org'), []);
    const record = await store.findOrder(orderId('a'));
    const all = JSON.stringify([record, await store.history(orderId('a'))]);
    for (const word of ['Ada', 'Byron', '7946', 'ada@']) assert.ok(!all.includes(word), `${word} is still in ${all}`);
    const [event] = record?.order.events ?? [];
    assert.deepEqual([event?.buyer, event?.metadata?.['note']], [{ email: as, country: 'GB' }, 'erased']);
    assert.deepEqual([event?.amount, event?.payment, record?.order.id], [paid('a').amount, paid('a').payment, orderId('a')]);
    assert.deepEqual(record?.steps[0]?.input, { to: as, dear: 'Erased', course: 'ada-101' });
    assert.equal(
      (await store.history(orderId('a'))).at(-1)?.text,
      'grace erased the personal data of the buyer: Erased asked for it',
    );
  });

  it('leaves an order what its events say', async ({ store }) => {
    await store.record(undefined, [about('a')], decide());
    await store.erasePerson(request);
    const before = await store.findOrder(orderId('a'));
    await store.reconsider(orderId('a'), decide());
    assert.deepEqual(await store.findOrder(orderId('a')), before);
  });

  it('does not bring a person back with what a gateway tells later', async ({ store }) => {
    await store.record(undefined, [about('a')], decide());
    await store.erasePerson(request);
    await store.keepCallback(callback({ body: Buffer.from('{"email":"ada@example.org"}') }), 'evt_1');
    const refund = about('a', { kind: 'payment.refunded', id: 'refund', reason: 'Ada Byron changed her mind' });
    await store.record(await claimCallback(store), [refund], decide());
    const record = await store.findOrder(orderId('a'));
    assert.equal(record?.order.events.length, 2);
    assert.ok(!/ada@|Byron/i.test(JSON.stringify([record, await store.history(orderId('a'))])));
    assert.deepEqual(record.order.events[1]?.buyer, { email: as, country: 'GB' });
    assert.deepEqual(await store.callbackBodies('settled', 10), []);
    const [found] = await store.findOrders({ text: as, limit: 10 });
    assert.equal(found?.id, orderId('a'));
  });

  it('keeps what a standing grant returned, so that it can be taken back', async ({ store }) => {
    const stands = grant('a', { resource: 'moodle.enrol ts-1 ada@example.org' });
    const ended = grant('a', { id: `${orderId('a')}/2/1/course`, line: 2, wanted: 'revoked' });
    const input = { user: 'ada@example.org' };
    const steps = [step('s1', { grantId: stands.id, input }), step('s2', { grantId: ended.id, input })];
    await store.record(undefined, [about('a')], decide({ grants: [stands, ended], steps }));
    for (const claim of await claimAll(store)) await store.finishStep(claim, { user: 'ada@example.org' });
    const { erased } = await store.erasePerson(request);
    assert.deepEqual(
      erased[0]?.grants.map(({ id }) => id),
      [stands.id],
    );
    const record = await store.findOrder(orderId('a'));
    assert.deepEqual(
      record?.steps.map((each) => [each.input, each.outcome]),
      [
        [input, input],
        [{ user: as }, undefined],
      ],
    );
    assert.deepEqual((await store.grantsOfResource(`moodle.enrol ts-1 ${as}`)).length, 1);
  });

  it('forgets nobody while something is open, unless forced; then what would tell or give them something is cancelled', async ({
    store,
  }) => {
    const steps = [step('parked'), step('mail', { verb: 'mail' }), step('back', { verb: 'revoke' })];
    await store.record(
      undefined,
      [about('a')],
      decide({ steps: [...steps, step('tick', { verb: 'clock' })], order: { status: 'held' } }),
    );
    const room = new Map([['moodle', 1]]);
    const [first] = await store.claimSteps('w1', room, minute);
    assert.ok(first);
    const refused = await store.erasePerson({ ...request, force: true });
    assert.deepEqual([refused.erased, refused.open.filter(({ isRunning }) => isRunning).length], [[], 1]);
    await store.parkStep(first, problem);
    const { erased, open } = await store.erasePerson(request);
    assert.deepEqual(
      [erased, open.map(({ what }) => what)],
      [[], ['the order is held', 'step parked is parked', 'step mail is ready', 'step back is ready']],
    );
    assert.equal((await store.findOrder(orderId('a')))?.order.buyer.email, 'Ada@Example.org');
    assert.deepEqual((await store.erasePerson({ ...request, force: true })).erased[0]?.cancelled, ['parked', 'mail']);
    const states = (await store.findOrder(orderId('a')))?.steps.map(({ state }) => state);
    assert.deepEqual(states, ['cancelled', 'cancelled', 'ready', 'ready']);
  });

  it('forgets a learner and leaves the buyer, and the other way round', async ({ store }) => {
    const learner = { email: 'grace@example.org', name: 'Grace Hopper' };
    const lines = [{ ...line('TS-1', 'open'), learner }];
    await store.record(undefined, [about('a', { lines })], decide({ order: { lines } }));
    await store.erasePerson({ ...request, email: 'grace@example.org' });
    const { order } = (await store.findOrder(orderId('a'))) ?? {};
    assert.deepEqual([order?.buyer, order?.lines[0]?.learner], [buyer, { email: as, name: 'Erased' }]);
    assert.deepEqual([order?.events[0]?.buyer, order?.events[0]?.lines?.[0]?.learner], [buyer, { email: as, name: 'Erased' }]);
    assert.equal((await store.ordersOfPerson('grace@example.org')).length, 0);
    await store.record(undefined, [about('a', { id: 'again', lines })], decide({ order: { lines: order?.lines ?? [] } }));
    assert.ok(!JSON.stringify(await store.findOrder(orderId('a'))).includes('Hopper'));
  });

  it('empties callbacks and drops samples that name somebody', async ({ store }) => {
    for (const id of ['one', 'two']) await store.keepCallback(callback({ body: Buffer.from(id) }), id);
    const [one, two] = await store.claimCallbacks('w1', 10, minute);
    assert.ok(one && two);
    await store.record(one, [paid('a')], decideOn());
    assert.deepEqual(await store.callbacksOfOrders([orderId('a')]), [one.id]);
    assert.equal(await store.emptyCallbacks([one.id, two.id]), 1);
    await store.ignoreCallback(two, 'nothing');
    const bodies = await store.callbackBodies('settled', 10);
    assert.deepEqual(
      bodies.map(({ body }) => Buffer.from(body).toString()),
      ['two'],
    );
    assert.deepEqual(await store.callbackBodies('settled', 10, bodies[0]), []);
    for (const text of ['ada', 'grace'])
      await store.countVerdict('stripe', 'refused', 'BAD', 1, callback({ body: Buffer.from(text) }));
    assert.equal(await store.dropSamples(({ body }) => Buffer.from(body).includes('ada')), 1);
    assert.equal((await store.refusedSamples('stripe', 10)).length, 1);
  });

  it('tells which keys somebody holds', async ({ store }) => {
    await importSome(store);
    await store.takeKey('office', 'a/1/1/key');
    await store.takeKey('office', 'b/1/1/key');
    const held = await store.keysHeldBy(['a/1/1/key', 'c/1/1/key']);
    assert.deepEqual(
      held.map(({ pool, state, holder }) => [pool, state, holder]),
      [['office', 'taken', 'a/1/1/key']],
    );
  });
}

async function importSome(store: Store): Promise<void> {
  await store.importKeys(
    'office',
    ['1', '2', '3'].map((each) => ({ fingerprint: `print ${each}`, sealed: `sealed ${each}` })),
  );
}
