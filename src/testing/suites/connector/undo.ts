import assert from 'node:assert/strict';
import type { Outcome } from '../../../contract/connector.ts';
import { StepError } from '../../../contract/errors.ts';
import { fault } from '../../double-faults.ts';
import { actionOf, assertDone, countRequests, doneWith, meetAt, withPlay, type Play } from './play.ts';
import type { ConnectorSuite, ConnectorTest } from './terms.ts';
import { troubles } from './troubles.ts';
import { playUnder, type Scene } from './under-trouble.ts';

/** Taking back, and pausing, as far as the action can. */
export function undoTests(suite: ConnectorSuite): ConnectorTest[] {
  const action = actionOf(suite);
  return [...(action.revoke ? revokeTests(suite) : []), ...(action.suspend && action.resume ? pauseTests(suite) : [])];
}

const granted = async (play: Play): Promise<Outcome> => doneWith(await play.grant(), 'the grant');

const revoking: Scene<Outcome> = {
  prepare: granted,
  step: (play, result, ctx) => play.undo('revoke', result, ctx),
  isMet: ({ test }, { isInBody = false }) => !isInBody || test.revokeIsToldBy !== 'status',
};

function revokeTests(suite: ConnectorSuite): ConnectorTest[] {
  return [
    {
      name: 'takes back exactly what it gave, and again is success',
      run: () =>
        withPlay(suite, async (play) => {
          const before = play.books();
          const result = await granted(play);
          assert.notDeepEqual(play.books().effects, before.effects, 'the grant left no effect in the books');
          for (const time of ['the first time', 'the second time']) {
            assertDone(await play.undo('revoke', result), time);
            assert.deepEqual(play.books().effects, before.effects, `revoked ${time}: the books`);
          }
        }),
    },
    ...troubles.map((trouble) => ({
      name: `takes back once with ${trouble.name} at any request`,
      run: () => playUnder(suite, revoking, trouble),
    })),
    {
      name: 'takes back what a lost answer left behind, or asks a person',
      async run() {
        const { requests } = await withPlay(suite, (play) => countRequests(play, () => play.grant()));
        for (let nth = 1; nth <= requests; nth += 1) await withPlay(suite, (play) => undoDoubtful(play, nth));
      },
    },
  ];
}

/** The grant was applied, its answer lost, and nobody retried it: what is to be undone is what `find` sees. */
async function undoDoubtful(play: Play, nth: number): Promise<void> {
  const { action, test } = play;
  if (!action.find) return;
  const when = `an answer lost at request ${nth}`;
  const before = play.books();
  const ctx = play.context();
  meetAt(play, nth, fault.commitThenDrop());
  const result = await play.attempt(ctx).catch((error: unknown) => {
    assert.ok(error instanceof StepError, `${when}: something else than a StepError was thrown`);
    return undefined;
  });
  const found = result ?? (await play.drive(ctx.again(), async (current) => action.find?.(test.input, current)));
  if (isEnding(found) && found.parked) return;
  const present = isEnding(found) ? found.result : found;
  if (present) assertDone(await play.undo('revoke', present), when);
  assert.deepEqual(play.books().effects, before.effects, `${when}: the books after taking back`);
}

function isEnding(value: Outcome | Awaited<ReturnType<Play['drive']>>): value is Awaited<ReturnType<Play['drive']>> {
  return 'errors' in value && 'ctx' in value;
}

function pauseTests(suite: ConnectorSuite): ConnectorTest[] {
  return [
    {
      name: 'pauses and gives back the same, however often',
      run: () =>
        withPlay(suite, async (play) => {
          const before = play.books();
          const result = await granted(play);
          const { effects } = play.books();
          for (const time of ['the first time', 'the second time']) {
            assertDone(await play.undo('suspend', result), `suspending ${time}`);
            assert.notDeepEqual(play.books().effects, effects, `suspended ${time}: the books show no difference`);
          }
          for (const time of ['the first time', 'the second time']) {
            assertDone(await play.undo('resume', result), `resuming ${time}`);
            assert.deepEqual(play.books().effects, effects, `resumed ${time}: the books`);
          }
          if (!play.action.revoke) return;
          assertDone(await play.undo('suspend', result), 'suspending before the end');
          assertDone(await play.undo('revoke', result), 'revoking what is suspended');
          assert.deepEqual(play.books().effects, before.effects, 'revoked while suspended: the books');
        }),
    },
  ];
}
