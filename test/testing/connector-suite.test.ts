import { expect } from 'chai';
import { defineAction, defineConnector, giveUp, tryLater, type ActionContext, type Connector } from 'handover/contract';
import { startKeySource } from '../../src/testing/key-source/index.ts';
import { connectorTests, type ConnectorSuite } from '../../src/testing/suites/connector-suite.ts';

interface Options {
  readonly url: string;
  readonly revokeUrl: string;
  readonly authorization: string;
}

/** What is wrong with a connector; nothing in the first story. */
type Flaw =
  | 'none'
  | 'new key for each attempt'
  | 'said to be a set'
  | 'believes any answer'
  | 'tells its secret'
  | 'tells who bought'
  | 'drops Retry-After'
  | 'goes on when stopped'
  | 'gives up at once'
  | 'revokes everything'
  | 'revokes nothing'
  | 'fails at the second revoke'
  | 'shows the key'
  | 'checks nothing';

let calls = 0;

/** A connector for a key source of twenty lines, right but for the flaw. */
function connectorWith(flaw: Flaw): Connector<Options> {
  async function send(url: string, form: Record<string, string>, ctx: ActionContext<Options>): Promise<string> {
    const { authorization } = ctx.options;
    const answer = await ctx.http
      .send({
        method: 'POST',
        url,
        form,
        headers: { authorization, 'idempotency-key': flaw === 'new key for each attempt' ? String((calls += 1)) : ctx.stepKey },
        ...(flaw !== 'goes on when stopped' && { signal: ctx.signal }),
      })
      .catch((error: unknown) =>
        Promise.reject(flaw === 'tells its secret' ? tryLater('LOST', authorization) : (error as Error)),
      );
    const { status, retryAfterMs } = answer;
    const details = { unknown: true, ...(retryAfterMs !== undefined && flaw !== 'drops Retry-After' && { retryAfterMs }) };
    if (flaw === 'tells who bought' && status >= 500) throw tryLater('LATER', `Nothing for ${ctx.learner.email ?? ''}`, details);
    if (flaw === 'gives up at once' && status >= 500) throw giveUp('NEVER', 'It failed.');
    if (status >= 500 || status === 429) throw tryLater('LATER', `It answered ${status}.`, details);
    if (status !== 200) throw giveUp('REFUSED', `It answered ${status}.`);
    if (flaw === 'believes any answer') return answer.text;
    if (url === ctx.options.url && !/^KEY-\d{4}-[0-9A-Z]{4}$/.test(answer.text))
      throw tryLater('UNREADABLE', 'No key.', { unknown: true });
    return answer.text;
  }

  return defineConnector<Options>({
    name: 'keys',
    summary: 'Keys',
    options: { type: 'object' },
    actions: {
      give: defineAction<object, { key: string }, Options>({
        summary: 'Give a key',
        repeats: flaw === 'said to be a set' ? 'set' : 'keyed',
        input: { type: 'object' },
        output: { key: { description: 'The key.', secret: flaw !== 'shows the key' } },
        grant: async (_, ctx) => ({ key: await send(ctx.options.url, {}, ctx) }),
        async revoke({ key }, _, ctx) {
          if (flaw === 'revokes nothing') return;
          if (flaw === 'revokes everything') await send(ctx.options.revokeUrl, { key: 'KEY-0001-0XU8' }, ctx);
          if (flaw === 'fails at the second revoke' && ctx.order.id === 'SUITE-0003')
            throw giveUp('GONE', 'There is no such key.');
          await send(ctx.options.revokeUrl, { key }, ctx);
        },
      }),
    },
    async check({ options }) {
      if (flaw === 'checks nothing' || options.authorization === 'right') return [{ ok: true, message: 'Fine.' }];
      return [{ ok: false, message: 'The key source refuses us.', hint: 'Correct "authorization".' }];
    },
  });
}

function suiteFor(flaw: Flaw): ConnectorSuite {
  return {
    name: flaw,
    connector: connectorWith(flaw),
    action: 'give',
    async open() {
      const source = await startKeySource({ authorization: 'right' });
      await fetch(source.url, { method: 'POST', headers: { authorization: 'right', 'idempotency-key': 'bystander' } });
      return {
        options: { url: source.url, revokeUrl: source.revokeUrl, authorization: 'right' },
        input: {},
        effects: () => source.books.issued.filter(({ isRevoked }) => !isRevoked).map(({ key }) => key),
        revokeIsToldBy: 'status',
        secrets: () => ['right', ...source.books.issued.map(({ key }) => key)],
        faults: source.faults,
        wrong: [{ name: 'a bad token', options: { url: source.url, revokeUrl: source.revokeUrl, authorization: 'wrong' } }],
        close: () => source.close(),
      };
    },
  };
}

/** The tests that fail, of those whose names fit. */
async function failuresOf(flaw: Flaw, names = /./): Promise<string[]> {
  const failed: string[] = [];
  for (const test of connectorTests(suiteFor(flaw))) {
    if (test.name.search(names) === -1) continue;
    await test.run().catch((error: unknown) => void failed.push(`${test.name}: ${(error as Error).message}`));
  }
  return failed;
}

describe('the suite for connectors', () => {
  it('passes a connector that is right', async function () {
    this.timeout(60_000);
    expect(await failuresOf('none')).to.deep.equal([]);
  });

  for (const [flaw, test, says] of [
    ['new key for each attempt', /^gives once.*answer that is cut after/, /the books/],
    ['said to be a set', /^is as safe to repeat/, /a repeat changed something/],
    ['believes any answer', /^gives once.*garbage/, /the books/],
    ['tells its secret', /^gives once.*request that is cut/, /A secret stands in/],
    ['tells who bought', /^gives once.*status 500/, /Personal data/],
    ['drops Retry-After', /^gives once.*in seconds/, /Retry-After was not handed on/],
    ['goes on when stopped', /^gives once.*time-out/, /went on for 3 s/],
    ['gives up at once', /^gives once.*status 503/, /parked with NEVER/],
    ['revokes everything', /^takes back exactly/, /the books/],
    ['revokes nothing', /^takes back exactly/, /revoked the first time: the books/],
    ['fails at the second revoke', /^takes back exactly/, /the second time: the step was parked with GONE/],
    ['shows the key', /^seals/, /not declared secret/],
    ['checks nothing', /^checks wrong/, /a bad token: nothing was found/],
  ] as const) {
    it(`finds a connector that is wrong: ${flaw}`, async () => {
      const failed = await failuresOf(flaw, test);
      expect(failed).to.have.length(1);
      expect(failed[0]).to.match(says);
    });
  }
});
