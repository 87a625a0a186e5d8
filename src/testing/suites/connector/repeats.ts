import assert from 'node:assert/strict';
import { doneWith, withPlay, type Context, type Play } from './play.ts';
import type { ConnectorSuite, ConnectorTest } from './terms.ts';

/** The declared class of repeats, proved by the other side's books: each repeat comes without any memory of the first. */
export function repeatTests(suite: ConnectorSuite): ConnectorTest[] {
  return [
    {
      name: 'is as safe to repeat as it says',
      run: () => withPlay(suite, (play) => proofs[play.repeats](play)),
    },
    {
      name: 'does nothing more when the same attempt is made again',
      run: () =>
        withPlay(suite, async (play) => {
          if (play.repeats === 'blind') return;
          const first = await play.grant();
          const result = doneWith(first, 'the first time');
          const books = play.books();
          const again = doneWith(await play.grant(first.ctx.again()), 'the second time');
          assert.deepEqual(again, result, 'the result');
          assert.deepEqual(play.books(), books, 'the books');
        }),
    },
    {
      name: 'seals what its texts call secret, and returns no other secret',
      run: () =>
        withPlay(suite, async (play) => {
          const result = doneWith(await play.grant(), 'the grant');
          const isSealed = (name: string) => play.action.output[name]?.secret === true;
          const open = JSON.stringify(Object.entries(result).filter(([name]) => !isSealed(name)));
          const told = play.test.secrets().filter((secret) => secret !== '' && open.includes(secret));
          assert.equal(told.length, 0, 'a field that is not declared secret holds a secret');
        }),
    },
  ];
}

const proofs: Readonly<Record<Play['repeats'], (play: Play) => Promise<void>>> = {
  async set(play) {
    doneWith(await play.grant(), 'the first time');
    const { effects } = play.books();
    doneWith(await play.grant(), 'the second time');
    assert.deepEqual(play.books().effects, effects, 'a repeat changed something');
  },

  async keyed(play) {
    const first = play.context();
    const { stepKey, grantId, order } = first;
    const result = doneWith(await play.grant(first), 'the first time');
    const { effects } = play.books();
    const same = play.context({ stepKey, grantId, order });
    assert.deepEqual(doneWith(await play.grant(same), 'with the same key'), result, 'the result with the same key');
    assert.deepEqual(play.books().effects, effects, 'a repeat with the same key changed something');
    doneWith(await play.grant(play.context({ stepKey: `${stepKey}-other`, grantId, order })), 'with another key');
    assert.notDeepEqual(
      play.books().effects,
      effects,
      'another step key gave nothing: it is not the key that tells repeats apart',
    );
  },

  async check(play) {
    const { action, test } = play;
    const find = async (ctx: Context) => action.find?.(test.input, ctx);
    assert.ok(action.find !== undefined, 'an action of the class "check" has no `find`');
    assert.equal(await find(play.context()), undefined, 'something is found before it is given');
    const ctx = play.context();
    doneWith(await play.grant(ctx), 'the grant');
    const { effects } = play.books();
    assert.ok(await find(ctx.again()), 'what was given is not found');
    doneWith(await play.grant(), 'the second time');
    assert.deepEqual(play.books().effects, effects, 'a repeat changed something');
  },

  async blind(play) {
    const first = play.context();
    const { stepKey, grantId, order } = first;
    doneWith(await play.grant(first), 'the first time');
    const { effects } = play.books();
    await play.grant(play.context({ stepKey, grantId, order }));
    assert.notDeepEqual(play.books().effects, effects, 'a repeat gave nothing more: it need not be declared "blind"');
  },
};
