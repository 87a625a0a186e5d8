import assert from 'node:assert/strict';

import type { BegunDownload, FileGrant } from '../../../storage/store.ts';
import type { StoreTest } from './harness.ts';

const hourMs = 3_600_000;

/** Who may fetch a file, and how often. */
export function fileTests(it: StoreTest): void {
  const entry = (changes: Partial<FileGrant> = {}): FileGrant => ({
    grantId: 'A/1/1/notes',
    orderId: 'A',
    account: 'downloads',
    file: 'notes',
    version: '1.0',
    ...changes,
  });
  const download = (changes: Partial<BegunDownload> = {}): BegunDownload => ({
    grantId: 'A/1/1/notes',
    version: '1.0',
    size: 1000,
    bytes: 1000,
    isPart: false,
    pauseMs: hourMs,
    ...changes,
  });

  it('lists who may fetch a file, page by page, until it is closed', async ({ store }) => {
    await store.openFile(entry());
    await store.openFile(entry({ grantId: 'B/1/1/notes', orderId: 'B', updatesUntil: 5 }));
    await store.openFile(entry({ grantId: 'C/1/1/book', orderId: 'C', file: 'book' }));
    await store.openFile(entry({ version: '1.1' }));
    assert.deepEqual(await store.fileGrants('downloads', 'notes', 1), [entry({ version: '1.1' })]);
    assert.deepEqual(await store.fileGrants('downloads', 'notes', 5, 'A/1/1/notes'), [
      entry({ grantId: 'B/1/1/notes', orderId: 'B', updatesUntil: 5 }),
    ]);
    await store.closeFile('B/1/1/notes');
    await store.closeFile('nobody');
    assert.deepEqual(await store.fileGrants('downloads', 'notes', 5), [entry({ version: '1.1' })]);
    await store.openFile(entry({ grantId: 'B/1/1/notes', orderId: 'B' }));
    assert.equal((await store.fileGrants('downloads', 'notes', 5)).length, 2);
  });

  it('counts downloads of each version up to the limit', async ({ store, reopen }) => {
    assert.deepEqual(await store.countDownload(download({ limit: 2 })), { kind: 'counted', total: 1 });
    const again = await reopen();
    assert.deepEqual(await again.countDownload(download({ limit: 2 })), { kind: 'counted', total: 2 });
    assert.deepEqual(await again.countDownload(download({ limit: 2 })), { kind: 'usedUp', total: 2 });
    assert.deepEqual(await again.countDownload(download({ limit: 2, version: '1.1' })), { kind: 'counted', total: 1 });
    assert.deepEqual(await again.countDownload(download()), { kind: 'counted', total: 3 });
  });

  it('does not count the rest of a download that was cut off, but counts one that begins anew', async ({ store, advance }) => {
    await store.countDownload(download({ limit: 1 }));
    await store.creditDownload('A/1/1/notes', '1.0', 400);
    const rest = download({ limit: 1, isPart: true, bytes: 400 });
    assert.equal((await store.countDownload(rest)).kind, 'continued');
    assert.equal((await store.countDownload({ ...rest, bytes: 1000 })).kind, 'continued');
    assert.equal((await store.countDownload({ ...rest, bytes: 1 })).kind, 'usedUp');
    assert.equal((await store.countDownload({ ...rest, isPart: false, bytes: 0 })).kind, 'usedUp');
    await store.creditDownload('A/1/1/notes', '1.0', 5000);
    await advance(hourMs + 1000);
    assert.deepEqual(await store.countDownload({ ...rest, limit: 2 }), { kind: 'counted', total: 2 });
  });

  it('lets no more downloads through than allowed when they come at once from two processes', async ({ store, another }) => {
    const second = await another();
    const each = Array.from({ length: 20 }, (_, index) => (index % 2 ? store : second).countDownload(download({ limit: 3 })));
    const kinds = (await Promise.all(each)).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'counted').length, 3);
  });
}
