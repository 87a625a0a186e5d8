import { giveUp, oneAtATime, type Row, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';
import { idOf } from './rows.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly courseId: string;
  readonly courseName: string;
  readonly courseUrl: string;
  /** ISO 8601. `until` empty: no end of its own. */
  readonly from: string;
  readonly until: string;
  /** Last day of access, UTC, for texts. */
  readonly end: string;
  /** False where the learner had at least as much before: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The access that was there before was another purchase of ours: taking that one back ends it. */
  readonly isShared: boolean;
  /** The learner's enrolments in the course as they were before. */
  readonly before: readonly Standing[];
};

export type Seat = Pick<Enrolment, 'userId' | 'courseId'>;

/** An enrolment as Canvas has it; dates empty where it has none of its own. */
export type Standing = { readonly id: string; readonly state: string; readonly from: string; readonly until: string };

/** One learner's enrolments in a course are changed by one step at a time: what is read has to be there still at the write. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${userId}`, work);
}

const states = ['active', 'invited', 'creation_pending', 'inactive', 'completed'];

/** All of the learner's enrolments as a student. Deleted ones are none. A course that is gone has nobody in it. */
export async function standingsOf(client: Client, { userId, courseId }: Seat): Promise<Standing[]> {
  try {
    const rows = await client.rows({
      method: 'GET',
      path: `/courses/${courseId}/enrollments`,
      query: [['user_id', userId], ['type[]', 'StudentEnrollment'], ...states.map((state) => ['state[]', state] as const)],
      what: `find the enrolments of user ${userId} in course ${courseId}`,
      writes: false,
    });
    return rows.filter((row) => idOf(row, 'user_id') === userId && idOf(row) !== '').map(standingIn);
  } catch (error) {
    if (hasCode(error, 'CANVAS_NOT_FOUND')) return [];
    throw error;
  }
}

function standingIn(row: Row): Standing {
  const moment = (name: string) => (Number.isNaN(Date.parse(textOf(row[name]))) ? '' : textOf(row[name]));
  return { id: idOf(row), state: textOf(row['enrollment_state']), from: moment('start_at'), until: moment('end_at') };
}

/** Whether access until `one` lasts at least as long as until `other`; empty has no end. */
export function lastsAsLong(one: string, other: string): boolean {
  if (one === '') return true;
  return other !== '' && Date.parse(one) >= Date.parse(other) - 1000;
}

/** What stands for no end where there was one before, as how to take an end away is not described. */
const farEnd = '2099-12-31T23:59:59Z';

/**
 * Enrols, or changes the dates of what is there. `active` has to be said, or the learner gets an invitation only; the dates
 * count only together. Whether Canvas did what it was told is read from its answer.
 */
export async function write(
  client: Client,
  { userId, courseId }: Seat,
  { from, until, hadEnd }: { readonly from: string; readonly until: string; readonly hadEnd: boolean },
): Promise<Standing> {
  const { roleId, enrolmentMail } = client.settings;
  const end = until || (hadEnd ? farEnd : '');
  const row = await client.row({
    method: 'POST',
    path: `/courses/${courseId}/enrollments`,
    json: {
      enrollment: {
        user_id: userId,
        type: 'StudentEnrollment',
        enrollment_state: 'active',
        notify: enrolmentMail,
        ...(end !== '' && { start_at: from, end_at: end }),
        ...(roleId !== '' && { role_id: roleId }),
      },
    },
    what: `enrol user ${userId} in course ${courseId}`,
    writes: true,
  });
  const made = standingIn(row);
  if (made.id !== '' && made.state === 'active' && lastsAsLong(made.until, end)) return made;
  throw giveUp(
    'CANVAS_NOT_AS_ASKED',
    `Canvas enrolled user ${userId} in course ${courseId}, but not active until the end that was asked for.`,
    {
      hint: `The enrolment is "${made.state}" until "${made.until}". Put it right in Canvas, then mark the step done.`,
    },
  );
}

export async function end(
  client: Client,
  { courseId }: Seat,
  id: string,
  task: 'deactivate' | 'conclude' | 'delete',
): Promise<void> {
  await client.row({
    method: 'DELETE',
    path: `/courses/${courseId}/enrollments/${id}`,
    query: [['task', task]],
    what: `${task} enrolment ${id} in course ${courseId}`,
    writes: true,
  });
}

export async function reactivate(client: Client, { courseId }: Seat, id: string): Promise<void> {
  const path = `/courses/${courseId}/enrollments/${id}/reactivate`;
  await client.row({ method: 'PUT', path, what: `reactivate enrolment ${id} in course ${courseId}`, writes: true });
}
