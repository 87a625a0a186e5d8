import assert from 'node:assert/strict';
import type { CheckContext } from '../../../contract/connector.ts';
import type { Finding } from '../../../contract/gateway.ts';
import { testContext } from '../../action-context.ts';
import { assertSilent } from './silence.ts';
import { withPlay } from './play.ts';
import type { ConnectorSuite, ConnectorTest, ConnectorUnderTest, WrongSetup } from './terms.ts';

/** The self-check: content with a right set-up, and clear about a wrong one. */
export function checkingTests(suite: ConnectorSuite): ConnectorTest[] {
  if (!suite.connector.check) return [];
  return [
    {
      name: 'checks a right set-up, finds nothing wrong and changes nothing',
      run: () =>
        withPlay(suite, async (play) => {
          const before = play.books();
          const findings = await check(suite, play.test);
          assert.ok(findings.length > 0, 'the check says nothing');
          assert.deepEqual(
            findings.filter(({ ok }) => !ok),
            [],
            'a right set-up is found wrong',
          );
          assert.deepEqual(play.books(), before, 'the check changed something');
        }),
    },
    {
      name: 'checks wrong set-ups, says what is wrong and what to do, and tells no secret',
      async run() {
        const names = await withPlay(suite, async ({ test }) => test.wrong.map(({ name }) => name));
        for (const name of names) {
          await withPlay(suite, async ({ test }) => {
            const wrong = test.wrong.find((each) => each.name === name);
            assert.ok(wrong, `${name}: the suite's set-up changes from one opening to the next`);
            wrong.prepare?.();
            const found = (await check(suite, test, wrong)).filter(({ ok }) => !ok);
            assert.ok(found.length > 0, `${name}: nothing was found`);
            for (const { message, hint } of found) assert.ok(hint, `${name}: "${message}" says not what to do`);
            assertSilent(found, test.secrets());
          });
        }
      },
    },
  ];
}

async function check(
  { connector, action }: ConnectorSuite,
  test: ConnectorUnderTest,
  { options = test.options, input = test.input }: Partial<WrongSetup> = {},
): Promise<readonly Finding[]> {
  const { http, keys, now } = testContext({ options, ...(test.now && { now: test.now }) });
  const context: CheckContext<unknown> = { options, http, keys, now, used: [{ action, input, sku: 'TS-101' }] };
  return (await connector.check?.(context as CheckContext<never>)) ?? [];
}
