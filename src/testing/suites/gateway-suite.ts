import { factTests } from './gateway/facts.ts';
import { forgeryTests } from './gateway/forgeries.ts';
import { oddityTests } from './gateway/oddities.ts';
import type { GatewayUnderTest } from './gateway/terms.ts';
import { runner } from './store/harness.ts';

export type { GatewayUnderTest, ProofPlace, SentCallback } from './gateway/terms.ts';

/**
 * What every gateway must do: believe the gateway and nobody else, never throw, and read the same facts each time. Call it
 * from a test file. It needs `describe` and `it` as globals and asserts with `node:assert`.
 */
export function gatewaySuite<Options>(name: string, test: GatewayUnderTest<Options>): void {
  runner.describe(`${name}, as every gateway`, () => {
    const it = (what: string, body: () => Promise<void>): void => runner.it(what, body);
    forgeryTests(it, test);
    oddityTests(it, test);
    factTests(it, test);
  });
}
