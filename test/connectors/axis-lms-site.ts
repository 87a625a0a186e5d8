import { StepError, type Action, type ActionContext, type Outcome } from 'handover/contract';
import { axisLms, type AxisOptions } from '../../connectors/axis-lms/index.ts';
import { testContext, testLine, testOrder, type TestContext, type TestOrder } from '../../src/testing/action-context.ts';
import { startAxisLms, type AxisLmsDouble, type AxisLmsOptions } from '../../src/testing/axis-lms/index.ts';

type Input = Record<string, unknown>;
type AnyAction = Action<Input, Outcome, AxisOptions>;
type Verb = 'revoke' | 'suspend' | 'resume';
export type Context = TestContext<AxisOptions>;

/** What became of a step: its result or the error it was parked with, and the errors on the way. */
export interface Course {
  readonly result?: Outcome;
  readonly parked?: StepError;
  readonly errors: readonly StepError[];
  /** The context of the last attempt. */
  readonly ctx: Context;
}

export interface AxisSite {
  readonly lms: AxisLmsDouble;
  readonly options: AxisOptions;
  /** Every line any step logged and every error any step met. */
  readonly uttered: unknown[];
  /** Sets the clock of both sides. */
  at(moment: string): void;
  context(order?: TestOrder & { readonly quantity?: number }, changes?: Partial<ActionContext<AxisOptions>>): Context;
  /** Carries out a grant as the runner does, attempt after attempt, until it is done or parked. */
  grant(action: string, input: Input, ctx?: Context): Promise<Course>;
  undo(verb: Verb, action: string, input: Input, result: Outcome, ctx?: Context): Promise<Course>;
  renew(result: Outcome, input: Input, until: string, ctx?: Context): Promise<Course>;
  action(name: string): AnyAction;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly double?: AxisLmsOptions;
  readonly connector?: Partial<AxisOptions>;
}

/** A double with course 17, learning path 41 and usergroup 81, and the connector set up for it. */
export async function openAxisSite({ double, connector }: SiteOptions = {}): Promise<AxisSite> {
  let clock = new Date('2026-03-01T12:00:00Z');
  const now = () => clock;
  const lms = await startAxisLms({ timeZone: 'UTC', ...double, now });
  lms.addCourse({ name: 'TypeScript in a week' });
  lms.addLearningPath({ name: 'From zero to tests' });
  lms.addUsergroup('Spring class');
  const isLegacy = connector?.api === 'legacy';
  const options: AxisOptions = {
    baseUrl: isLegacy ? lms.legacyUrl : lms.url,
    apiKey: lms.apiKey,
    requestTimeoutSeconds: 5,
    ...connector,
  };
  const uttered: unknown[] = [];

  function context(
    { quantity = 1, ...order }: TestOrder & { quantity?: number } = {},
    changes: Partial<ActionContext<AxisOptions>> = {},
  ): Context {
    const lines = order.lines ?? [testLine({ quantity })];
    return testContext({ options, now, order: testOrder({ at: now(), ...order, lines }), ...changes });
  }

  async function carryOut(first: Context, attempt: (ctx: Context) => Promise<Outcome | undefined>): Promise<Course> {
    const errors: StepError[] = [];
    for (let ctx = first; ; ctx = ctx.again()) {
      try {
        const result = await attempt(ctx);
        uttered.push(...ctx.logged);
        return { ...(result && { result }), errors, ctx };
      } catch (error) {
        uttered.push(error, ...ctx.logged);
        if (!(error instanceof StepError)) throw error;
        errors.push(error);
        if (error.retry === 'never') return { parked: error, errors, ctx };
        if (errors.length > 20) throw new Error('The step was tried more than 20 times.', { cause: error });
      }
    }
  }

  function action(name: string): AnyAction {
    return axisLms.actions[name] as unknown as AnyAction;
  }

  return {
    lms,
    options,
    uttered,
    at: (moment) => void (clock = new Date(moment)),
    context,
    action,
    grant(name, input, ctx = context()) {
      const it = action(name);
      return carryOut(
        ctx,
        async (current) => (it.repeats === 'check' && (await it.find?.(input, current))) || it.grant(input, current),
      );
    },
    undo: (verb, name, input, result, ctx = context()) =>
      carryOut(ctx, async (current) => {
        await action(name)[verb]?.(asStored(result), input, current);
        return undefined;
      }),
    renew: (result, input, until, ctx = context()) =>
      carryOut(ctx, async (current) => action('enrol').renew?.(asStored(result), input, { ...current, until: new Date(until) })),
    close: () => lms.close(),
  };
}

/** Results go through the store as JSON. */
function asStored(result: Outcome): Outcome {
  return JSON.parse(JSON.stringify(result)) as Outcome;
}

/** Everything a thrown or logged value says, its causes and hidden fields included. */
export function textOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  const names = Object.getOwnPropertyNames(value);
  return names.map((name) => `${name} ${textOf((value as Record<string, unknown>)[name], seen)}`).join('\n');
}

/** Runs `work` with a site that is closed afterwards. */
export async function withSite(options: SiteOptions, work: (site: AxisSite) => Promise<void>): Promise<void> {
  const site = await openAxisSite(options);
  try {
    await work(site);
  } finally {
    await site.close();
  }
}

export const year = { course: '17', days: 365 };

export function windowsOf({ lms }: AxisSite): { courseId: string; start: string; end: string }[] {
  return lms.books.enrolments.map(({ courseId, start, end }) => ({ courseId, start, end }));
}

export function tokensAsked({ lms }: AxisSite): number {
  return lms.books.requests.filter(({ path }) => path.endsWith('/token/request/')).length;
}

/** Matches the second reading of the course list: the look after a write. */
export function isSecondLook(): () => boolean {
  let looks = 0;
  return () => (looks += 1) > 1;
}

/** What a call threw. A call that succeeds fails the test. */
export async function failureOf(call: Promise<unknown> | undefined): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
