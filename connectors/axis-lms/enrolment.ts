import { type ActionContext, oneAtATime } from 'handover/contract';
import { settingsOf, type AxisOptions } from './options.ts';
import type { AxisApi, Enrolled } from './port.ts';
import { hasCode, isRefusal, isUnknown } from './problems.ts';
import { explainRefusal } from './refusal.ts';
import { asWindow, fulfils, type AccessWindow } from './window.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: string;
  readonly username: string;
  readonly courseId: string;
  readonly courseName: string;
  /** First and last day of access, `2026-03-01`. An empty `end`: no end. */
  readonly start: string;
  readonly end: string;
  readonly portalUrl: string;
  /** The same order made the account. */
  readonly isNewAccount: boolean;
  /** What the learner had before, to go back to. */
  readonly before: Enrolled;
};

export type EnrolmentContext = Pick<ActionContext<AxisOptions>, 'options' | 'line' | 'now'>;

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>(
  { userId, courseId }: Pick<Enrolment, 'userId' | 'courseId'>,
  ctx: EnrolmentContext,
  work: () => Promise<T>,
): Promise<T> {
  return oneAtATime(`${settingsOf(ctx.options).baseUrl} course ${courseId} user ${userId}`, work);
}

/**
 * Makes the window what it should be. Whether a refused or unanswered write took effect is read, not guessed. `wasOut`: the
 * learner was not enrolled before, so being enrolled is proof enough where no dates are told.
 */
export async function setWindow(
  api: AxisApi,
  enrolment: Pick<Enrolment, 'userId' | 'username' | 'courseId'>,
  window: AccessWindow,
  ctx: EnrolmentContext,
  wasOut = false,
): Promise<void> {
  const [course, user] = [{ id: enrolment.courseId }, { id: enrolment.userId, username: enrolment.username }];
  try {
    await api.enrol(course, user, window);
  } catch (error) {
    if (!isRefusal(error) && !isUnknown(error)) throw error;
    const { openEnd } = settingsOf(ctx.options);
    const present = await api.enrolment(course, user).catch(() => 'unknown' as const);
    if (typeof present === 'object' ? fulfils(present, window, openEnd) : present === 'listed' && wasOut) return;
    if (!isRefusal(error)) throw error;
    throw await explainRefusal(api, error, { course: course.id, account: user, line: ctx.line });
  }
}

/** What is on file for an enrolment we gave. Where the course is gone, so is the enrolment. */
export async function presentOf(api: AxisApi, { userId, courseId }: Pick<Enrolment, 'userId' | 'courseId'>): Promise<Enrolled> {
  try {
    return await api.enrolment({ id: courseId }, { id: userId });
  } catch (error) {
    if (hasCode(error, 'AXIS_NOT_FOUND') && !(await api.findCourse(courseId))) return 'absent';
    throw error;
  }
}

export function givenBy({ start, end }: Pick<Enrolment, 'start' | 'end'>): AccessWindow {
  return asWindow(start === '' ? undefined : start, end === '' ? undefined : end);
}
