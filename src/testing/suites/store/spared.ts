import assert from 'node:assert/strict';

import type { StoreTest } from './harness.ts';

/** Who wants no follow-up mails. */
export function sparedTests(it: StoreTest): void {
  it('knows who asked to be spared, and takes the wish twice', async ({ store, another }) => {
    assert.equal(await store.isSpared('f1'), false);
    await store.spareAddress('f1');
    await (await another()).spareAddress('f1');
    assert.equal(await store.isSpared('f1'), true);
    assert.equal(await store.isSpared('f2'), false);
  });
}
