import assert from 'node:assert/strict';
import { tryLater } from '../../../contract/errors.ts';
import { fault } from '../../double-faults.ts';
import { assertDone, countRequests, withPlay, type Context, type Ending, type Play } from './play.ts';
import type { ConnectorSuite, ConnectorTest } from './terms.ts';

/**
 * Two workers on one step: the first is slow at one of its requests and loses its claim, the second takes the step over while
 * the request of the first is still under way. From then on the first can keep nothing.
 */
export function parallelTests(suite: ConnectorSuite): ConnectorTest[] {
  return [
    {
      name: 'gives once when a second worker takes the step over from a slow one',
      async run() {
        const clean = await withPlay(suite, async (play) => {
          const { requests } = await countRequests(play, () => play.grant());
          return { requests, books: play.books(), isBlind: play.repeats === 'blind' };
        });
        if (clean.isBlind) return;
        const each = Array.from({ length: clean.requests }, (_, at) => at + 1);
        const all = each.map((nth) =>
          withPlay(suite, async (play) => {
            const second = await takeOver(play, nth);
            assertDone(second, `slow at request ${nth}`);
            assert.deepEqual(play.books().effects, clean.books.effects, `slow at request ${nth}: the books`);
          }),
        );
        await Promise.all(all);
      },
    },
  ];
}

async function takeOver(play: Play, nth: number): Promise<Ending> {
  const { test } = play;
  const slow = play.context();
  const second = Promise.withResolvers<Ending>();
  let isLost = false;
  let seen = 0;
  test.faults.next(fault.delay(80), {
    when() {
      seen += 1;
      if (seen !== nth) return false;
      isLost = true;
      play.grant(slow.again()).then(second.resolve, second.reject);
      return true;
    },
  });
  const first: Context = {
    ...slow,
    async remember(memo) {
      if (isLost) throw tryLater('CLAIM_LOST', 'Another worker has the step.');
      await slow.remember(memo);
    },
  };
  await Promise.allSettled([play.attempt(first)]);
  assert.ok(isLost, `The first worker made less than ${nth} requests.`);
  return second.promise;
}
