import assert from 'node:assert/strict';
import { startDouble } from '../../double-server.ts';
import { textReply } from '../../double-reply.ts';
import { assertDone, countRequests, meetAt, withPlay, type Context, type Ending, type Play } from './play.ts';
import type { ConnectorSuite } from './terms.ts';
import type { Trouble } from './troubles.ts';

/** A step to be tried under trouble: what comes before it, and the step itself. */
export interface Scene<Before> {
  prepare(play: Play): Promise<Before>;
  step(play: Play, before: Before, ctx: Context): Promise<Ending>;
  /** Whether the step can be asked to withstand this trouble. @default every one */
  isMet?(play: Play, trouble: Trouble): boolean;
}

/**
 * Plays the step once without trouble, and then again and again with the trouble at its first, second, third … request. However
 * it goes, the other side's books have to end as in the first play, and nothing may go to where a redirect leads.
 */
export async function playUnder<Before>(suite: ConnectorSuite, scene: Scene<Before>, trouble: Trouble): Promise<void> {
  const clean = await withPlay(suite, async (play) => {
    const before = await scene.prepare(play);
    const start = play.books();
    const { requests, outcome } = await countRequests(play, () => scene.step(play, before, play.context()));
    assertDone(outcome, 'without any trouble');
    return { requests, start, end: play.books() };
  });
  const elsewhere = await startDouble({ handle: () => textReply('null') });
  try {
    const each = Array.from({ length: clean.requests }, (_, at) => at + 1);
    await Promise.all(each.map((nth) => playOnce(suite, scene, trouble, nth, clean, elsewhere.origin)));
    assert.deepEqual(
      elsewhere.requests.map(({ method, path }) => `${method} ${path}`),
      [],
      'a redirect was followed',
    );
  } finally {
    await elsewhere.close();
  }
}

interface Clean {
  readonly start: ReturnType<Play['books']>;
  readonly end: ReturnType<Play['books']>;
}

async function playOnce<Before>(
  suite: ConnectorSuite,
  scene: Scene<Before>,
  trouble: Trouble,
  nth: number,
  clean: Clean,
  elsewhere: string,
): Promise<void> {
  await withPlay(suite, async (play) => {
    const { test, repeats } = play;
    const made = trouble.make(test, elsewhere);
    if (!made || scene.isMet?.(play, trouble) === false) return;
    const when = `${trouble.name}, at request ${nth}`;
    const before = await scene.prepare(play);
    meetAt(play, nth, made);
    const signal = trouble.hangs === true ? AbortSignal.timeout(250) : AbortSignal.timeout(10_000);
    const ending = await scene.step(play, before, play.context({ signal }));
    assert.equal(test.faults.waiting, 0, `${when}: the trouble was not met`);
    checkWait(trouble, ending, when);
    if (ending.parked && repeats === 'blind') {
      const { effects } = play.books();
      const isAtMostOnce = [clean.start.effects, clean.end.effects].some((wanted) => isEqual(wanted, effects));
      assert.ok(isAtMostOnce, `${when}: the books hold something else than all or nothing: ${JSON.stringify(effects)}`);
      return;
    }
    if (trouble.passes) assertDone(ending, when);
    else if (ending.parked) assertDone(await scene.step(play, before, ending.ctx.again(fresh())), `${when}, retried by hand`);
    assert.deepEqual(play.books(), clean.end, `${when}: the books`);
    if (repeats === 'blind') return;
    assertDone(await scene.step(play, before, ending.ctx.again(fresh())), `${when}, run again`);
    assert.deepEqual(play.books(), clean.end, `${when}: the books after the step ran again`);
  });
}

function fresh() {
  return { signal: AbortSignal.timeout(10_000) };
}

function checkWait({ retryAfterMs: wanted }: Trouble, { errors }: Ending, when: string): void {
  if (!wanted) return;
  const [told] = errors.map(({ retryAfterMs }) => retryAfterMs);
  const isHandedOn = told !== undefined && told >= wanted[0] && told <= wanted[1];
  assert.ok(
    errors.length === 0 || isHandedOn || errors[0]?.retry === 'never',
    `${when}: Retry-After was not handed on (${told})`,
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
