import { giveUp, oneAtATime, type Row, textOf } from 'handover/contract';
import type { Client } from './client.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly username: string;
  readonly courseId: string;
  readonly courseName: string;
  readonly courseUrl: string;
  readonly mode: string;
  /** False where the learner had the same before: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The access that was there before was another purchase of ours: taking that one back ends it. */
  readonly isShared: boolean;
  /** The mode of the access that was there before. Empty: there was none. */
  readonly formerMode: string;
};

export type Seat = Pick<Enrolment, 'username' | 'courseId'>;

export interface Standing {
  readonly isActive: boolean;
  readonly mode: string;
}

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { username, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${username}`, work);
}

export async function standingOf(client: Client, { username, courseId }: Seat): Promise<Standing | undefined> {
  const path = `/api/enrollment/v1/enrollment/${encodeURIComponent(username)},${encodeURIComponent(courseId)}`;
  const row = await client.rowIfAny({ method: 'GET', path, what: `read the learner's enrolment in ${courseId}`, writes: false });
  return row && standingIn(row);
}

function standingIn(row: Row): Standing {
  return { isActive: row['is_active'] === true, mode: textOf(row['mode']) };
}

/** Enrols, opens what was closed, or changes the mode. What Open edX made of it is read from its answer. */
export async function open(client: Client, seat: Seat, mode: string): Promise<void> {
  const made = await write(client, seat, { mode, is_active: true }, 'enrol');
  if (made.isActive && made.mode === mode) return;
  throw giveUp('EDX_NOT_AS_ASKED', `Open edX enrolled the learner in ${seat.courseId}, but not active in the mode "${mode}".`, {
    hint: `It is ${made.isActive ? 'active' : 'inactive'} in the mode "${made.mode}". Put it right there, then mark the step done.`,
  });
}

/** The mode is left out: with another one than it has, the call would be refused. */
export async function close(client: Client, seat: Seat): Promise<void> {
  const left = await write(client, seat, { is_active: false }, 'unenrol');
  if (!left.isActive) return;
  throw giveUp(
    'EDX_NOT_AS_ASKED',
    `Open edX was asked to unenrol the learner from ${seat.courseId}, and left the enrolment active.`,
    {
      hint: 'Unenrol the learner by hand, then mark the step done.',
    },
  );
}

async function write(client: Client, { username, courseId }: Seat, changes: object, verb: string): Promise<Standing> {
  const row = await client.row({
    method: 'POST',
    path: '/api/enrollment/v1/enrollment',
    json: { user: username, course_details: { course_id: courseId }, ...changes },
    what: `${verb} the learner in ${courseId}`,
    writes: true,
  });
  return standingIn(row);
}
