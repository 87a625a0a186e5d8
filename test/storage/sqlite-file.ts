import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Store } from '../../src/storage/store.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import type { StoreUnderTest } from '../../src/testing/suites/store-suite.ts';

/** A store in a folder of its own, with a clock that stands still until it is moved. */
export interface SqliteFile extends StoreUnderTest {
  readonly path: string;
}

export async function openSqliteFile(): Promise<SqliteFile> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-store-'));
  const path = join(folder, 'shop.db');
  const opened = new Set<Store>();
  let now = Date.parse('2027-01-15T08:00:00Z');

  async function open(): Promise<Store> {
    const store = openSqliteStore({ path, now: () => now });
    await store.open();
    opened.add(store);
    return store;
  }

  const store = await open();
  return {
    path,
    store,
    another: open,
    advance: (ms) => void (now += ms),
    async reopen() {
      await store.close();
      return open();
    },
    async close() {
      for (const each of opened) await each.close();
      rmSync(folder, { recursive: true });
    },
  };
}
