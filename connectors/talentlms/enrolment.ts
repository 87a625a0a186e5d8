import { idOf, oneAtATime } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: number;
  readonly courseId: number;
  readonly courseName: string;
  readonly courseUrl: string;
  /** The same order made the account. */
  readonly isNewAccount: boolean;
  /** False where the learner was in the course already: nothing is ours to take back. */
  readonly isOurs: boolean;
};

export type Seat = Pick<Enrolment, 'userId' | 'courseId'>;

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${userId}`, work);
}

const pageSize = 100;

/** Looks through the course's users: the API tells nothing about one user in one course. A course that is gone has nobody in it. */
export async function isEnrolled(client: Client, { userId, courseId }: Seat): Promise<boolean> {
  try {
    for (let page = 1; ; page += 1) {
      const rows = await client.rows({
        method: 'GET',
        path: `/courses/${courseId}/users`,
        query: { 'page[number]': String(page), 'page[size]': String(pageSize) },
        what: `list the users of course ${courseId}`,
        writes: false,
      });
      if (rows.some((row) => idOf(row) === userId || idOf(row, 'user_id') === userId)) return true;
      if (rows.length < pageSize) return false;
    }
  } catch (error) {
    if (hasCode(error, 'TALENTLMS_NOT_FOUND')) return false;
    throw error;
  }
}

/** Somebody who is in the course already is refused by some answers and taken by others; what counts is that they are in it. */
export async function putIn(client: Client, seat: Seat): Promise<void> {
  const { userId: user_id, courseId: course_id } = seat;
  const what = `enrol user ${user_id} in course ${course_id}`;
  try {
    await client.done({ method: 'POST', path: '/enrollments', json: { user_id, course_id }, what, writes: true });
  } catch (error) {
    if (!hasCode(error, 'TALENTLMS_REFUSED') || !(await isEnrolled(client, seat))) throw error;
  }
}

/** Not being enrolled is fine. */
export async function takeOut(client: Client, seat: Seat): Promise<void> {
  if (!(await isEnrolled(client, seat))) return;
  const { userId: user_id, courseId: course_id } = seat;
  const what = `remove user ${user_id} from course ${course_id}`;
  try {
    await client.done({ method: 'DELETE', path: '/enrollments', json: { user_id, course_id }, what, writes: true });
  } catch (error) {
    if (!hasCode(error, 'TALENTLMS_REFUSED', 'TALENTLMS_NOT_FOUND') || (await isEnrolled(client, seat))) throw error;
  }
}
