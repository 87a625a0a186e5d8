import { StepError, type Action, type ActionContext, type Finding, type Outcome } from 'handover/contract';
import { moodle, type MoodleOptions } from '../../connectors/moodle/index.ts';
import { testContext, testLine, testOrder, type TestContext, type TestOrder } from '../../src/testing/action-context.ts';
import { startMoodle, type MoodleDouble, type MoodleDoubleOptions as DoubleOptions } from '../../src/testing/moodle/index.ts';

export type Input = Record<string, unknown>;
export type Context = TestContext<MoodleOptions>;
type AnyAction = Action<Input, Outcome, MoodleOptions>;

/** What became of a step: its result or the error it was parked with, and the errors on the way. */
export interface Course {
  readonly result?: Outcome;
  readonly parked?: StepError;
  readonly errors: readonly StepError[];
  /** The context of the last attempt. */
  readonly ctx: Context;
}

export interface MoodleSite {
  readonly moodle: MoodleDouble;
  readonly options: MoodleOptions;
  readonly courseId: number;
  /** Sets the clock of both sides. */
  at(moment: string): void;
  context(order?: TestOrder, changes?: Partial<ActionContext<MoodleOptions>>): Context;
  /** Carries out a grant attempt after attempt, until it is done or parked. */
  grant(input: Input, ctx?: Context, action?: string): Promise<Course>;
  undo(verb: 'revoke' | 'suspend' | 'resume', result: Outcome | undefined, ctx?: Context, action?: string): Promise<Course>;
  renew(result: Outcome | undefined, until: string, ctx?: Context): Promise<Course>;
  link(result: Outcome | undefined, ctx?: Context, action?: string): Promise<string | undefined>;
  find(ctx: Context, action?: string): Promise<Outcome | undefined>;
  check(used: readonly { action: string; input: Input; sku: string }[], options?: Partial<MoodleOptions>): Promise<Finding[]>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly double?: DoubleOptions;
  readonly connector?: Partial<MoodleOptions>;
}

/** A double with the course TS-101 and a teacher in it, and the connector set up for it. */
export async function openMoodleSite({ double, connector }: SiteOptions = {}): Promise<MoodleSite> {
  let clock = new Date('2026-03-01T12:00:00Z');
  const now = () => clock;
  const lms = await startMoodle({ ...double, now });
  const courseId = lms.addCourse({ idnumber: 'TS-101', shortname: 'TS', fullname: 'TypeScript in a week', hasTeacher: true });
  const options: MoodleOptions = { baseUrl: lms.url, token: lms.token, requestTimeoutSeconds: 5, ...connector };

  function context(order: TestOrder = {}, changes: Partial<ActionContext<MoodleOptions>> = {}): Context {
    const lines = order.lines ?? [testLine()];
    return testContext({ options, now, order: testOrder({ at: now(), ...order, lines }), ...changes });
  }

  async function carryOut(first: Context, attempt: (ctx: Context) => Promise<Outcome | undefined>): Promise<Course> {
    const errors: StepError[] = [];
    for (let ctx = first; ; ctx = ctx.again()) {
      try {
        const result = await attempt(ctx);
        return { ...(result && { result: asStored(result) }), errors, ctx };
      } catch (error) {
        if (!(error instanceof StepError)) throw error;
        errors.push(error);
        if (error.retry === 'never') return { parked: error, errors, ctx };
        if (errors.length > 20) throw new Error('The step was tried more than 20 times.', { cause: error });
      }
    }
  }

  const actionOf = (name: string) => moodle.actions[name] as unknown as AnyAction;

  return {
    moodle: lms,
    options,
    courseId,
    at: (moment) => void (clock = new Date(moment)),
    context,
    grant: (input, ctx = context(), action = 'enrol') => carryOut(ctx, (current) => actionOf(action).grant(input, current)),
    undo: (verb, result = {}, ctx = context(), action = 'enrol') =>
      carryOut(ctx, async (current) => {
        await actionOf(action)[verb]?.(result, {}, current);
        return undefined;
      }),
    renew: (result = {}, until, ctx = context()) =>
      carryOut(ctx, async (current) => actionOf('enrol').renew?.(result, {}, { ...current, until: new Date(until) })),
    link: async (result = {}, ctx = context(), action = 'enrol') => actionOf(action).link?.(result, {}, ctx),
    find: async (ctx, action = 'enrol') => actionOf(action).find?.({}, ctx),
    async check(used, changes = {}) {
      const { http, keys } = context();
      return [...((await moodle.check?.({ options: { ...options, ...changes }, http, keys, now, used })) ?? [])];
    },
    close: () => lms.close(),
  };
}

/** Results go through the store as JSON. */
function asStored(result: Outcome): Outcome {
  return JSON.parse(JSON.stringify(result)) as Outcome;
}

export async function withSite(options: SiteOptions, work: (site: MoodleSite) => Promise<void>): Promise<void> {
  const site = await openMoodleSite(options);
  try {
    await work(site);
  } finally {
    await site.close();
  }
}

export const year: Input = { course: 'TS-101', days: 365 };

export function seconds(moment: string): number {
  return Date.parse(moment) / 1000;
}

/** Email, start, end and status of each enrolment. */
export function seatsOf({ moodle: lms }: MoodleSite) {
  return lms.books.enrolments.map(({ email, method, start, end, isSuspended }) => ({ email, method, start, end, isSuspended }));
}

export function callsOf({ moodle: lms }: MoodleSite): string[] {
  return lms.books.requests.map(({ form }) => form['wsfunction'] ?? '');
}

export function welcomesOf({ moodle: lms }: MoodleSite): number {
  return lms.books.mails.filter(({ kind }) => kind === 'welcome').length;
}
