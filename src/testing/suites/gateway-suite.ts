import { factTests } from './gateway/facts.ts';
import { forgeryTests } from './gateway/forgeries.ts';
import { oddityTests } from './gateway/oddities.ts';
import type { GatewayUnderTest } from './gateway/terms.ts';
import { runner } from './store/harness.ts';

export type { GatewayUnderTest, ProofPlace, SentCallback } from './gateway/terms.ts';

/** One thing that every gateway must do. `run` throws what is wrong. */
export interface GatewayTest {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * What every gateway must do: believe the gateway and nobody else, never throw, and read the same facts each time. Call it
 * from a test file. It needs `describe` and `it` as globals and asserts with `node:assert`.
 */
export function gatewaySuite<Options>(name: string, test: GatewayUnderTest<Options>): void {
  runner.describe(`${name}, as every gateway`, () => {
    for (const each of gatewayTests(test)) runner.it(each.name, () => each.run());
  });
}

/** The same tests as a list, for another way to run them. */
export function gatewayTests<Options>(test: GatewayUnderTest<Options>): readonly GatewayTest[] {
  const tests: GatewayTest[] = [];
  const it = (name: string, run: () => Promise<void>): void => void tests.push({ name, run });
  forgeryTests(it, test);
  oddityTests(it, test);
  factTests(it, test);
  return tests;
}
