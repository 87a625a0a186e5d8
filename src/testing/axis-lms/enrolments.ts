import { isDate8 } from './dates.ts';
import { Refusal } from './refusal.ts';
import { isActive, mustCourse, mustUser, type Course, type Lms, type User } from './state.ts';

/** The dates that were sent. One that was not sent is undefined; a sent one has to be a day, so it is never empty. */
export interface SentDates {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** Enrols, or changes the dates of who is enrolled. Source: https://www.atrixware.com/docs/manual.php?id=18&page=491 */
export function setEnrolment(lms: Lms, user: User, course: Course, { start, end }: SentDates, bareRepeat: 'error' | 'ok'): void {
  if (!isActive(lms, user)) throw new Refusal('inactiveUser');
  if (!course.isActive) throw new Refusal('inactiveCourse');
  for (const date of [start, end]) if (date !== undefined && !isDate8(date)) throw new Refusal('badDate');
  const known = findEnrolment(lms, user, course);
  if (known && start === undefined && end === undefined && bareRepeat === 'error') throw new Refusal('alreadyEnrolled');
  const wanted = { start: start ?? known?.start ?? '', end: end ?? known?.end ?? '' };
  if (wanted.start !== '' && wanted.end !== '' && wanted.end <= wanted.start) throw new Refusal('endNotLater');
  if (known) Object.assign(known, wanted);
  else lms.enrolments.push({ userId: user.id, courseId: course.id, ...wanted });
  lms.notifications.push({ kind: 'course', userId: user.id, targetId: course.id, at: lms.now() });
}

/** Tells whether there was anything to remove. */
export function removeEnrolment(lms: Lms, user: User, course: Course): boolean {
  const known = findEnrolment(lms, user, course);
  if (known) lms.enrolments.splice(lms.enrolments.indexOf(known), 1);
  return known !== undefined;
}

export function findEnrolment(lms: Lms, user: User, course: Course) {
  return lms.enrolments.find(({ userId, courseId }) => userId === user.id && courseId === course.id);
}

type Ids = Readonly<Record<string, string | undefined>>;

/** `POST /courses/enrollments/{course}/{user}/` */
export function enrol(lms: Lms, ids: Ids, { start, end }: SentDates): Record<string, string> {
  const [course, user] = [mustCourse(lms, ids['course']), mustUser(lms, ids['user'])];
  setEnrolment(lms, user, course, { start, end }, lms.switches.bareReenrol);
  return {
    status: '200',
    course_id: course.id,
    user_id: user.id,
    ...(start !== undefined && { start_date: start }),
    ...(end !== undefined && { end_date: end }),
  };
}

/** `DELETE /courses/enrollments/{course}/{user}/` */
export function disenrol(lms: Lms, ids: Ids): Record<string, string> {
  const [course, user] = [mustCourse(lms, ids['course']), mustUser(lms, ids['user'])];
  const removed = removeEnrolment(lms, user, course);
  if (!removed && lms.switches.deleteMissing === 'error') throw new Refusal('notEnrolled');
  return { status: '200', ...(lms.switches.deleteBody === 'ids' && { course_id: course.id, user_id: user.id }) };
}
