import { type ActionContext, giveUp, type Memory } from 'handover/contract';
import type { Account } from './account.ts';
import type { Client } from './client.ts';
import type { Course } from './course.ts';
import type { EnrolInput } from './enrol-input.ts';
import { standingOf, type Enrolment, type Standing } from './enrolment.ts';
import type { MoodleOptions } from './options.ts';
import { dayOf, lastDay, secondsOf, windowOf, type AccessWindow } from './term.ts';

type Context = ActionContext<MoodleOptions>;

/** The dates, or what no attempt can mend. */
export function windowFor(input: EnrolInput, { settings }: Client, { since, until, now, line }: Context): AccessWindow {
  const term = windowOf(since, input, settings);
  const window = term.end === 0 && until ? { ...term, end: secondsOf(until) } : term;
  if (window.end === 0 || window.end > secondsOf(now())) return window;
  const day = lastDay(window.end, settings.timeZone);
  throw giveUp('MOODLE_TERM_OVER', `The access that SKU ${line.sku ?? '?'} gives ended on ${day}.`, {
    hint: 'Set a later "with.until" or a longer term in the product file, enrol by hand, or refund the buyer.',
  });
}

/**
 * The enrolment as it should be, and whether it is there already. What an earlier attempt planned stands, since by now the
 * learner may have access by that very attempt.
 */
export async function planEnrolment(
  client: Client,
  input: EnrolInput,
  given: { readonly course: Course; readonly account: Account; readonly window: AccessWindow },
  memory: Memory,
  ctx: Context,
): Promise<{ enrolment: Enrolment; isThere: boolean }> {
  const kept = keptEnrolment(memory, { userId: given.account.id, courseId: given.course.id });
  const standing = given.account.isFresh
    ? 'absent'
    : await standingOf(client, { userId: given.account.id, courseId: given.course.id });
  if (kept) return { enrolment: kept, isThere: memory.recall('written') === true || isGiven(kept.before, standing) };
  const isOurs = standing !== 'active' || chooses(input, client, given, ctx) === 'set';
  const isShared = isOurs && standing === 'active' && ctx.alsoGivenBy.length > 0;
  return {
    enrolment: describe(client, input, given, { before: standing, isOurs, ...(isShared && { isShared }) }),
    isThere: !isOurs,
  };
}

/** Whether what is seen now can only be there because an attempt of ours wrote it. */
export function isGiven(before: Standing, now: Standing): boolean {
  if (before === 'active') return false;
  return now === 'active' || (now === 'listed' && before === 'absent');
}

export function keptEnrolment(memory: Memory, seat: Pick<Enrolment, 'userId' | 'courseId'>): Enrolment | undefined {
  const kept = memory.recall('enrolment') as Enrolment | undefined;
  return kept?.userId === seat.userId && kept.courseId === seat.courseId ? kept : undefined;
}

function chooses(
  input: EnrolInput,
  { settings }: Client,
  { course, account }: { course: Course; account: Account },
  { line }: Context,
) {
  const choice = input.ifEnrolled ?? settings.ifEnrolled;
  if (choice !== 'ask') return choice;
  throw giveUp(
    'MOODLE_HAS_ACCESS',
    `User ${account.id} has access to course ${course.id} already, and now bought SKU ${line.sku ?? '?'}.`,
    {
      hint: 'Set the dates in Moodle as they should be, then mark the step done; or refund the buyer.',
    },
  );
}

function describe(
  { settings }: Client,
  input: EnrolInput,
  { course, account, window }: { readonly course: Course; readonly account: Account; readonly window: AccessWindow },
  found: Pick<Enrolment, 'before' | 'isOurs' | 'isShared'>,
): Enrolment {
  const { timeZone, startEarlySeconds, roleId } = settings;
  return {
    userId: account.id,
    username: account.username,
    courseId: course.id,
    courseName: course.name,
    courseUrl: course.url,
    start: dayOf(window.start + startEarlySeconds, timeZone),
    end: lastDay(window.end, timeZone),
    timestart: window.start,
    timeend: window.end,
    roleId: input.roleId ?? roleId,
    isNewAccount: account.isNew,
    ...found,
  };
}
