import { writeSync } from 'node:fs';

import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import { callback } from '../../src/testing/suites/store/samples.ts';

/** What a process beside the tests does with a store: `keep` until it is killed, `claim` until nothing is left, or `open` only. */
const [action = '', url = '', name = ''] = process.argv.slice(2);
const store = openPostgresStore({ url });
await store.open();
writeSync(1, 'open\n');
if (action === 'keep') await Promise.all(Array.from({ length: 32 }, (_, caller) => keepForever(caller)));
if (action === 'claim') await claimAll();
await store.close();

/** Prints the name of each callback that the store acknowledged. */
async function keepForever(caller: number): Promise<never> {
  for (let count = 0; ; count++) {
    const id = `${name}_${caller}_${count}`;
    await store.keepCallback(callback({ body: Buffer.alloc(500, id) }), id);
    writeSync(1, `${id}\n`);
  }
}

/** Prints the key of each step it was given, and finishes some of them. */
async function claimAll(): Promise<void> {
  const room = new Map([['moodle', 7]]);
  for (;;) {
    const rounds = await Promise.all([1, 2, 3].map(() => store.claimSteps(name, room, 60_000)));
    const claims = rounds.flat();
    if (claims.length === 0) return;
    for (const { key } of claims) writeSync(1, `${key}\n`);
    await Promise.all(claims.filter((_, index) => index % 2).map((claim) => store.finishStep(claim, {})));
  }
}
