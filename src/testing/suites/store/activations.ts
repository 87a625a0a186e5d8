import assert from 'node:assert/strict';

import type { RegisteredKey, SeatRequest } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';

const monthMs = 30 * 86_400_000;

/** Keys that software asks about, the machines they are used on, and the list of those taken back. */
export function activationTests(it: StoreTest): void {
  const key = (changes: Partial<RegisteredKey> = {}): RegisteredKey => ({
    fingerprint: 'print',
    mark: 'mark',
    grantId: 'A/1/1/key',
    product: 'SAFETY',
    devices: 2,
    ...changes,
  });
  const seat = (machine: string, changes: Partial<SeatRequest> = {}): SeatRequest => ({
    fingerprint: 'print',
    product: 'SAFETY',
    machine,
    today: '2026-05-01',
    ...changes,
  });

  it('activates as many machines as were bought, and the same machine without a new seat', async ({ store, reopen }) => {
    assert.equal(await store.registerKey(key()), 'registered');
    assert.deepEqual(await store.takeSeat(seat('one')), { status: 'active', used: 1, devices: 2 });
    assert.deepEqual(await store.takeSeat(seat('one', { app: '2.0' })), { status: 'active', used: 1, devices: 2 });
    const again = await reopen();
    assert.deepEqual(await again.takeSeat(seat('two')), { status: 'active', used: 2, devices: 2 });
    assert.deepEqual(await again.takeSeat(seat('three')), { status: 'full', used: 2, devices: 2 });
    assert.deepEqual(await again.findSeat(seat('three')), { status: 'inactive', used: 2, devices: 2 });
    assert.deepEqual(await again.findSeat(seat('two')), { status: 'active', used: 2, devices: 2 });
  });

  it('gives a seat back, so often in a month', async ({ store, advance }) => {
    await store.registerKey(key({ devices: 1 }));
    await store.takeSeat(seat('one'));
    assert.deepEqual(await store.freeSeat(seat('two'), 1, monthMs), { status: 'inactive', used: 1, devices: 1 });
    assert.deepEqual(await store.freeSeat(seat('one'), 1, monthMs), { status: 'inactive', used: 0, devices: 1 });
    assert.equal((await store.takeSeat(seat('two'))).status, 'active');
    assert.deepEqual(await store.freeSeat(seat('two'), 1, monthMs), { status: 'tooOften', used: 1, devices: 1 });
    await advance(monthMs + 1000);
    assert.equal((await store.freeSeat(seat('two'), 1, monthMs)).status, 'inactive');
  });

  it('tells an unknown key and the key of another product alike', async ({ store }) => {
    await store.registerKey(key());
    const alike = { status: 'unknown', used: 0, devices: 0 };
    assert.deepEqual(await store.takeSeat(seat('one', { product: 'FIRE' })), alike);
    assert.deepEqual(await store.takeSeat(seat('one', { fingerprint: 'other' })), alike);
    await store.revokeRegisteredKey(key());
    assert.deepEqual(await store.findSeat(seat('one', { product: 'FIRE' })), alike);
  });

  it('tells that a key has expired, and that a renewed one has not', async ({ store }) => {
    await store.registerKey(key({ expires: '2026-04-30' }));
    assert.deepEqual(await store.takeSeat(seat('one')), { status: 'expired', used: 0, devices: 0, expires: '2026-04-30' });
    await store.registerKey(key({ expires: '2026-05-01' }));
    assert.deepEqual(await store.takeSeat(seat('one')), { status: 'active', used: 1, devices: 2, expires: '2026-05-01' });
  });

  it('never takes a key on again that was taken back, and lists it', async ({ store, reopen }) => {
    await store.registerKey(key());
    await store.takeSeat(seat('one'));
    assert.deepEqual(await store.revokedKeyCount(), { count: 0, latest: 0 });
    await store.revokeRegisteredKey(key());
    await store.revokeRegisteredKey(key());
    await store.revokeRegisteredKey(key({ fingerprint: 'never registered', mark: 'mark 2' }));
    const again = await reopen();
    assert.equal(await again.registerKey(key()), 'revoked');
    for (const status of [await again.takeSeat(seat('one')), await again.freeSeat(seat('one'), 9, monthMs)]) {
      assert.deepEqual(status, { status: 'revoked', used: 0, devices: 0 });
    }
    const { count, latest } = await again.revokedKeyCount();
    const listed = await again.revokedKeys();
    assert.equal(count, 2);
    assert.deepEqual(listed.map(({ mark }) => mark).sort(), ['mark', 'mark 2']);
    assert.equal(latest, listed[1]?.revokedAt);
  });

  it('activates no machine too many when they ask at once from two processes', async ({ store, another }) => {
    const second = await another();
    await store.registerKey(key({ devices: 3 }));
    const machines = Array.from({ length: 20 }, (_, index) => `machine ${index % 10}`);
    const answers = await Promise.all(machines.map((machine, index) => (index % 2 ? store : second).takeSeat(seat(machine))));
    const active = new Set(machines.filter((_, index) => answers[index]?.status === 'active'));
    assert.equal(active.size, 3);
    assert.equal((await store.findSeat(seat('one more'))).used, 3);
  });

  it('keeps one secret under a name, whoever comes first', async ({ store, another }) => {
    const second = await another();
    assert.equal(await store.keptSecret('signing'), undefined);
    const kept = await Promise.all([store.keepSecret('signing', 'a'), second.keepSecret('signing', 'b')]);
    assert.equal(kept[0], kept[1]);
    assert.equal(await second.keptSecret('signing'), kept[0]);
    assert.equal(await store.keepSecret('signing', 'c'), kept[0]);
  });
}
