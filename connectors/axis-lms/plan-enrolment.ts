import { type ActionContext, giveUp, type Memory } from 'handover/contract';
import type { Account } from './account.ts';
import type { EnrolInput } from './enrol-input.ts';
import type { Enrolment } from './enrolment.ts';
import { settingsOf, type AxisOptions } from './options.ts';
import type { AxisApi, Enrolled, Target } from './port.ts';
import { dayIn, fulfils, isSameWindow, windowAfter, type AccessWindow } from './window.ts';

type Context = ActionContext<AxisOptions>;

/** What is to be written, kept before it is: later attempts send the same. */
export interface Plan {
  readonly enrolment: Enrolment;
  readonly window: AccessWindow;
}

/** Throws what no attempt can mend; gives the first day of access. */
export function firstDay(input: EnrolInput, api: AxisApi, { options, since, line }: Context): string {
  const { timeZone, lookFirst } = settingsOf(options);
  const day = dayIn(timeZone, since);
  const sku = line.sku ?? '?';
  if (input.until !== undefined && input.until <= day) {
    throw giveUp('AXIS_TERM_OVER', `The access that SKU ${sku} gives ended on ${input.until}.`, {
      hint: 'Set a later "with.until" in the product file, or refund the buyer.',
    });
  }
  if (input.repeatPurchase === 'extend' && (!api.tellsDates || !lookFirst)) {
    throw giveUp(
      'AXIS_EXTEND_IMPOSSIBLE',
      `SKU ${sku} extends access, but with these settings the dates on file cannot be read.`,
      {
        hint: 'Use "repeatPurchase": "set", or the REST API with "lookFirst".',
      },
    );
  }
  return day;
}

/** The enrolment as it should be, and whether it is on file. What an earlier attempt computed stands, so no term is added twice. */
export async function planEnrolment(
  api: AxisApi,
  input: EnrolInput,
  { course, account }: { course: Target; account: Account },
  memory: Memory,
  ctx: Context,
): Promise<{ plan: Plan; isOnFile: boolean }> {
  const { lookFirst, openEnd } = settingsOf(ctx.options);
  const present = lookFirst ? await api.enrolment(course, account) : 'unknown';
  const plan = keptPlan(memory, course, account) ?? freshPlan(present, input, course, account, ctx);
  return { plan, isOnFile: typeof present === 'object' && fulfils(present, plan.window, openEnd) };
}

function keptPlan(memory: Memory, course: Target, account: Account): Plan | undefined {
  const kept = memory.recall('plan') as Plan | undefined;
  return kept?.enrolment.userId === account.id && kept.enrolment.courseId === course.id ? kept : undefined;
}

function freshPlan(present: Enrolled, input: EnrolInput, course: Target, account: Account, ctx: Context): Plan {
  const { timeZone, openEnd, sendDatesAlways, portalUrl } = settingsOf(ctx.options);
  const since = dayIn(timeZone, ctx.since);
  const rules = { repeatPurchase: input.repeatPurchase ?? 'set', times: ctx.line.quantity, openEnd };
  const window = windowAfter(typeof present === 'object' ? present : undefined, since, input, rules);
  const isBare = !sendDatesAlways && present === 'absent' && window.end === undefined;
  const enrolment = {
    userId: account.id,
    username: account.username,
    courseId: course.id,
    courseName: course.name,
    start: window.start ?? since,
    end: window.end ?? '',
    portalUrl,
    isNewAccount: account.isNew,
    before: present,
  };
  return { enrolment, window: isBare ? {} : window };
}

/**
 * The enrolment that a grant of unknown outcome left behind, so that it can be undone; undefined when it left none. With the
 * grant's memo this is exact. Without, only what a first purchase would have written is taken for ours; where that cannot be
 * told, a person decides.
 */
export async function findGiven(
  api: AxisApi,
  input: EnrolInput,
  { course, account }: { course: Target; account: Account },
  memory: Memory,
  ctx: Context,
): Promise<Enrolment | undefined> {
  const { openEnd } = settingsOf(ctx.options);
  const present = await api.enrolment(course, account);
  if (present === 'absent') return undefined;
  const kept = keptPlan(memory, course, account);
  if (typeof present !== 'object') {
    if (present === 'listed' && kept?.enrolment.before === 'absent') return kept.enrolment;
    throw grantUnknown(account, course, ctx);
  }
  if (kept) {
    if (fulfils(present, kept.window, openEnd)) return kept.enrolment;
    const { before } = kept.enrolment;
    if (typeof before === 'object' && isSameWindow(present, before, openEnd)) return undefined;
    throw grantUnknown(account, course, ctx);
  }
  const { enrolment, window } = freshPlan('absent', input, course, account, ctx);
  if (fulfils(present, window, openEnd)) return enrolment;
  if (input.repeatPurchase !== 'extend' && present.start !== window.start) return undefined;
  throw grantUnknown(account, course, ctx);
}

function grantUnknown({ id }: Account, course: Target, { line }: Context): Error {
  const who = /^\d+$/.test(id) ? `User ${id}` : 'The learner';
  return giveUp(
    'AXIS_GRANT_UNKNOWN',
    `${who} is in course ${course.id}, and whether SKU ${line.sku ?? '?'} gave that access is not known.`,
    {
      hint: 'Look into the order and into Axis, set the dates there by hand, then mark the step done.',
    },
  );
}
