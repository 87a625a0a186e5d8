import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionsOf, type Action, type ActionContext, type Outcome, type Repeats } from '../../../contract/connector.ts';
import { StepError, tryLater } from '../../../contract/errors.ts';
import { testContext, testOrder, type TestContext } from '../../action-context.ts';
import { fault, type Fault } from '../../double-faults.ts';
import { assertSilent } from './silence.ts';
import type { ConnectorSuite, ConnectorUnderTest } from './terms.ts';

export type Context = TestContext<unknown>;

/** What became of a step: done with a result, or parked. `undefined` as a result: there was nothing to do. */
export interface Ending {
  readonly result?: Outcome | undefined;
  readonly parked?: StepError;
  readonly errors: readonly StepError[];
  /** The context of the last attempt. */
  readonly ctx: Context;
}

/** One double with one connector, and what was said while the test went on. */
export interface Play {
  readonly test: ConnectorUnderTest;
  readonly action: Action;
  readonly repeats: Repeats;
  context(changes?: Partial<ActionContext>): Context;
  /** Carries out a step attempt after attempt, as the runner does, until it is done or parked. */
  drive(ctx: Context, work: (ctx: Context) => Promise<Outcome | undefined>): Promise<Ending>;
  grant(ctx?: Context): Promise<Ending>;
  /** One attempt of the grant, as the runner makes it. */
  attempt(ctx: Context): Promise<Outcome>;
  undo(verb: 'revoke' | 'suspend' | 'resume', result: Outcome, ctx?: Context): Promise<Ending>;
  /** The books as they are now, comparable. */
  books(): { readonly effects: unknown; readonly traces: unknown };
}

/** How long one attempt may take; the runner's own limit is longer. */
const attemptMs = 10_000;
const mostAttempts = 25;

/** Runs `work` with a fresh double, and asserts at its end that nothing was said that must not be. */
export async function withPlay<T>(suite: ConnectorSuite, work: (play: Play) => Promise<T>): Promise<T> {
  const test = await suite.open();
  const uttered: unknown[] = [];
  try {
    const outcome = await work(createPlay(suite, test, uttered));
    assertSilent(uttered, test.secrets());
    return outcome;
  } finally {
    await test.close();
  }
}

function createPlay(suite: ConnectorSuite, test: ConnectorUnderTest, uttered: unknown[]): Play {
  const action = actionOf({ ...suite, options: test.options });
  const { repeats: declared } = action;
  const repeats = typeof declared === 'function' ? declared(test.options, test.input) : declared;
  const now = test.now ?? (() => new Date());

  async function drive(first: Context, work: (ctx: Context) => Promise<Outcome | undefined>): Promise<Ending> {
    const errors: StepError[] = [];
    for (let ctx = first; ; ctx = ctx.again({ signal: AbortSignal.timeout(attemptMs) })) {
      try {
        return { result: asStored(await withinReason(work(ctx), ctx.signal)), errors, ctx };
      } catch (thrown) {
        if (thrown instanceof assert.AssertionError) throw thrown;
        const error =
          thrown instanceof StepError ? thrown : tryLater('UNEXPECTED_ERROR', String(thrown), { cause: thrown, unknown: true });
        uttered.push(error);
        errors.push(error);
        if (error.retry === 'never' || (error.unknown && repeats === 'blind')) return { parked: error, errors, ctx };
        assert.ok(errors.length < mostAttempts, `The step never ended. Its last error was ${error.code}: ${error.message}`);
      } finally {
        uttered.push(...ctx.logged);
      }
    }
  }

  let orders = 0;
  /** The numbers of orders are the same in every play, so that books can be compared. */
  function context(changes: Partial<ActionContext> = {}): Context {
    orders += 1;
    const order = testOrder({ id: `SUITE-000${orders}`, at: now() });
    return testContext({ options: test.options, now, order, signal: AbortSignal.timeout(attemptMs), ...test.given, ...changes });
  }

  async function attempt(ctx: Context): Promise<Outcome> {
    const found = repeats === 'check' ? await action.find?.(test.input, ctx) : undefined;
    return found ?? action.grant(test.input, ctx);
  }

  return {
    test,
    action,
    repeats,
    context,
    drive,
    attempt,
    grant: (ctx = context()) => drive(ctx, attempt),
    undo: (verb, result, ctx = context()) =>
      drive(ctx, async (current) => {
        await action[verb]?.(result, test.input, current);
        return undefined;
      }),
    books: () => structuredClone({ effects: test.effects(), traces: test.traces?.() }),
  };
}

export function actionOf({ connector, action, options }: ConnectorSuite): Action {
  const actions = actionsOf(connector, options as never);
  const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
  assert.ok(found, `The connector "${connector.name}" has no action "${action}".`);
  return found as unknown as Action;
}

/** Results go through the store as JSON. */
function asStored(result: Outcome | undefined): Outcome | undefined {
  return result && (JSON.parse(JSON.stringify(result)) as Outcome);
}

/** An attempt whose signal has fired has to come to its end by itself. */
async function withinReason<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      void sleep(3000, undefined, { signal: over.signal }).then(
        () => reject(new assert.AssertionError({ message: 'The action went on for 3 s after ctx.signal had fired.' })),
        () => undefined,
      );
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** Lets a fault meet the nth request from now on. */
export function meetAt({ test }: Play, nth: number, trouble: Fault): void {
  let seen = 0;
  test.faults.next(trouble, { when: () => (seen += 1) === nth });
}

/** How many requests something makes. */
export async function countRequests<T>({ test }: Play, work: () => Promise<T>): Promise<{ requests: number; outcome: T }> {
  let requests = 0;
  const stop = test.faults.always(fault.first(() => void (requests += 1)));
  try {
    const outcome = await work();
    return { requests, outcome };
  } finally {
    stop();
  }
}

/** Asserts that a step was done, and gives its result. */
export function doneWith({ parked, result }: Ending, when: string): Outcome {
  assert.equal(parked, undefined, `${when}: the step was parked with ${parked?.code}: ${parked?.message}`);
  assert.ok(result, `${when}: the action returned nothing`);
  return result;
}

export function assertDone({ parked }: Ending, when: string): void {
  assert.equal(parked, undefined, `${when}: the step was parked with ${parked?.code}: ${parked?.message}`);
}
