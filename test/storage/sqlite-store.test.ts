import { expect } from 'chai';

import { storeSuite } from '../../src/testing/suites/store-suite.ts';
import { callback } from '../../src/testing/suites/store/samples.ts';
import { openSqliteFile } from './sqlite-file.ts';

storeSuite('The SQLite store', openSqliteFile);

describe('The SQLite store', () => {
  it('notices that another process wrote, and takes no notice of itself', async () => {
    const { store, another, close } = await openSqliteFile();
    const second = await another();
    let own = 0;
    const stopOwn = store.onWork(() => (own += 1));
    await new Promise<void>((noticed) => {
      second.onWork(noticed);
      void store.keepCallback(callback(), 'evt_1');
    });
    stopOwn();
    await close();
    expect(own).to.equal(0);
  });

  it('answers a read that follows a change with that change, however busy it is', async () => {
    const { store, close } = await openSqliteFile();
    const reading = Array.from({ length: 200 }, () => store.status());
    for (let count = 1; count <= 50; count++) {
      const [, { callbacks }] = [await store.keepCallback(callback(), `evt_${count}`), await store.status()];
      expect(callbacks.open).to.equal(count);
    }
    await Promise.all(reading);
    await close();
  });
});
