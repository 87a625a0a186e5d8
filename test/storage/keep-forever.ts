import { writeSync } from 'node:fs';

import { HandoverError } from '../../src/contract/errors.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { callback } from '../../src/testing/suites/store/samples.ts';

/** Keeps callbacks until it is killed or refused, and prints the name of each one the store acknowledged. */
const [path = '', prefix = ''] = process.argv.slice(2);
const store = openSqliteStore({ path });
await store.open();
let count = 0;
await Promise.all(Array.from({ length: 32 }, () => keepForever()));

async function keepForever(): Promise<void> {
  for (;;) {
    const name = `${prefix}_${(count += 1)}`;
    try {
      await store.keepCallback(callback({ body: Buffer.alloc(500, name) }), name);
    } catch (error) {
      writeSync(2, `${error instanceof HandoverError ? error.code : String(error)}\n`);
      process.exit(1);
    }
    writeSync(1, `${name}\n`);
  }
}
