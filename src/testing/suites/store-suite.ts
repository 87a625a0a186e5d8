import { alarmTests } from './store/alarms.ts';
import { activationTests } from './store/activations.ts';
import { callbackTests } from './store/callbacks.ts';
import { clockTests } from './store/clock.ts';
import { decisionTests } from './store/decisions.ts';
import { fileTests } from './store/files.ts';
import { findingTests } from './store/finding.ts';
import { runner, testsOf } from './store/harness.ts';
import type { OpenStore } from './store/harness.ts';
import { keyTests } from './store/keys.ts';
import { sparedTests } from './store/spared.ts';
import { stockTests } from './store/stock.ts';
import { stepTests } from './store/steps.ts';
import { sweepTests } from './store/sweeps.ts';
import { personTests } from './store/persons.ts';
import { upkeepTests } from './store/upkeep.ts';
import { waitingTests } from './store/waiting.ts';

export type { OpenStore, StoreUnderTest } from './store/harness.ts';

/**
 * What every store must do. Call it from a test file: `storeSuite('my store', open)`, where `open` gives a fresh, empty, open
 * store each time. It needs `describe` and `it` as globals and asserts with `node:assert`.
 */
export function storeSuite(name: string, open: OpenStore): void {
  runner.describe(`${name}, as every store`, () => {
    const it = testsOf(open);
    callbackTests(it);
    decisionTests(it);
    stepTests(it);
    waitingTests(it);
    clockTests(it);
    findingTests(it);
    sweepTests(it);
    keyTests(it);
    upkeepTests(it);
    personTests(it);
    fileTests(it);
    activationTests(it);
    alarmTests(it);
    sparedTests(it);
    stockTests(it);
  });
}
