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
    tell(`${name}\n`);
  }
}

/** The pipe takes no more while its reader is busy. */
function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
