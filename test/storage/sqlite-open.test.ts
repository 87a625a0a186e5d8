import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect } from 'chai';

import { checkSqliteVersion } from '../../src/storage/sqlite/check-version.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { isNetworkDisk } from '../../src/storage/sqlite/prepare-file.ts';
import { callback, failure, only } from '../../src/testing/suites/store/samples.ts';

describe('Opening a SQLite store', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handover-open-'));
    path = join(folder, 'shop.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const opening = (file = path) => failure(openSqliteStore({ path: file }).open());

  /** A store that was used and closed. */
  async function usedStore(): Promise<void> {
    const store = openSqliteStore({ path });
    await store.open();
    for (let count = 0; count < 50; count++)
      await store.keepCallback(callback({ body: Buffer.alloc(3000, 'a') }), `evt_${count}`);
    await store.close();
  }

  it('says that the folder is missing, and does not make one', async () => {
    expect(await opening(join(folder, 'missing', 'shop.db'))).to.equal('STORE_FOLDER_MISSING');
  });

  it('says that the path is no file', async () => {
    mkdirSync(path);
    expect(await opening()).to.equal('STORE_UNAVAILABLE');
  });

  it('refuses a file that is no database', async () => {
    writeFileSync(path, 'Dear diary, today I became a database.'.repeat(100));
    expect(await opening()).to.equal('STORE_DAMAGED');
  });

  it('refuses a file that was cut short', async () => {
    await usedStore();
    writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    expect(await opening()).to.equal('STORE_DAMAGED');
  });

  it('finds damage inside a file that was not closed properly', async () => {
    await usedStore();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 3 * 4096, 12 * 4096);
    writeFileSync(path, bytes);
    writeFileSync(`${path}-wal`, '');
    expect(await opening()).to.equal('STORE_DAMAGED');
  });

  it('refuses a store made by a newer version, and leaves it alone', async () => {
    await usedStore();
    const other = new DatabaseSync(path);
    other.exec("UPDATE meta SET value = '999' WHERE name = 'schema'");
    other.close();
    expect(await opening()).to.equal('STORE_TOO_NEW');
    const again = new DatabaseSync(path);
    expect(again.prepare('SELECT value FROM meta').get()).to.include({ value: '999' });
    again.close();
  });

  it('refuses the database of another program', async () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE diary (day TEXT)');
    other.close();
    expect(await opening()).to.equal('STORE_FOREIGN');
  });

  it('refuses a SQLite that can lose commits', () => {
    for (const version of ['3.51.3', '3.51.10', '3.52.0', '4.0.0'])
      expect(() => checkSqliteVersion(version), version).not.to.throw();
    for (const version of ['3.51.2', '3.50.7', '3.9.99', '2.99.99', '3.51']) {
      expect(() => checkSqliteVersion(version), version)
        .to.throw()
        .with.property('code', 'STORE_SQLITE_TOO_OLD');
    }
  });

  it('knows network disks by their type, however the number is told', () => {
    expect([0x6969, 0xff534d42, 0xff534d42 | 0, 0x517b].map(isNetworkDisk)).to.deep.equal([true, true, true, true]);
    expect([0xef53, 0x01021994, 0x9123683e].map(isNetworkDisk)).to.deep.equal([false, false, false]);
  });

  it('lets nobody else read its files', async () => {
    writeFileSync(path, '', { mode: 0o644 });
    const store = openSqliteStore({ path });
    await store.open();
    await store.keepCallback(callback(), 'evt_1');
    const modes = ['', '-wal', '-shm'].map((end) => (statSync(path + end).mode & 0o777).toString(8));
    await store.close();
    expect(modes).to.deep.equal(['600', '600', '600']);
  });

  it('is opened by several processes at the same time, while none has made its tables yet', async () => {
    const stores = Array.from({ length: 5 }, () => openSqliteStore({ path }));
    await Promise.all(stores.map((store) => store.open()));
    const kept = await Promise.all(stores.map((store) => store.keepCallback(callback(), 'evt_1')));
    for (const store of stores) await store.close();
    expect(kept.filter((result) => result === 'kept')).to.have.length(1);
  });

  it('can be opened again after it was closed, and closed twice', async () => {
    const store = openSqliteStore({ path });
    await store.open();
    await store.keepCallback(callback(), 'evt_1');
    await store.close();
    await store.close();
    await store.open();
    expect(await store.keepCallback(callback(), 'evt_1')).to.equal('known');
    await store.close();
  });

  it('works in memory, for tests', async () => {
    const store = openSqliteStore({ path: ':memory:' });
    await store.open();
    await store.keepCallback(callback(), 'evt_1');
    const [claimed] = await Promise.all([store.claimCallbacks('w1', 5, 1000), store.keepConfiguration('v1', '{}')]);
    expect(only(claimed, 'callbacks').deliveryId).to.equal('evt_1');
    expect(await store.configuration('v1')).to.equal('{}');
    expect((await store.status()).callbacks.open).to.equal(1);
    await store.close();
  });
});
