import { checkingTests } from './connector/checking.ts';
import { faultTests } from './connector/fault-tests.ts';
import { parallelTests } from './connector/parallel.ts';
import { repeatTests } from './connector/repeats.ts';
import type { ConnectorSuite, ConnectorTest } from './connector/terms.ts';
import { undoTests } from './connector/undo.ts';
import { runner } from './store/harness.ts';

export type { ConnectorSuite, ConnectorTest, ConnectorUnderTest, WrongSetup } from './connector/terms.ts';

/**
 * What every connector must do, tried out with one of its actions against a double of the other side. The books of the double
 * decide, not what the connector says. Call it from a test file; it needs `describe` and `it` as globals and asserts with
 * `node:assert`.
 */
export function connectorSuite(suite: ConnectorSuite): void {
  runner.describe(`${suite.name}, as every connector`, () => {
    for (const test of connectorTests(suite)) runner.it(test.name, () => test.run());
  });
}

/** The same tests as a list, for another way to run them. */
export function connectorTests(suite: ConnectorSuite): readonly ConnectorTest[] {
  return [faultTests, repeatTests, parallelTests, undoTests, checkingTests].flatMap((testsOf) => testsOf(suite));
}
