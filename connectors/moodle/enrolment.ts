import { giveUp, oneAtATime, type OrderLine } from 'handover/contract';
import { idOf, type Client } from './client.ts';
import type { AccessWindow } from './term.ts';

/**
 * How a user stands in a course, by whatever method. `listed`: enrolled, but not active now (suspended, over, or the course is
 * hidden). `unknown`: not active, and the participants are not to be read. Moodle tells nobody the dates.
 */
export type Standing = 'active' | 'listed' | 'absent' | 'unknown';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: number;
  readonly username: string;
  readonly courseId: number;
  readonly courseName: string;
  readonly courseUrl: string;
  /** First and last day of access, `2026-03-01`. An empty `end`: no end. */
  readonly start: string;
  readonly end: string;
  /** What Moodle has: Unix seconds, 0 for no end. Sent as they are on every later write. */
  readonly timestart: number;
  readonly timeend: number;
  readonly roleId: number;
  /** The same order made the account. */
  readonly isNewAccount: boolean;
  /** How the learner stood before. */
  readonly before: Standing;
  /** False where the learner had access and it was left as it was: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The access that was there before was another purchase of ours: taking that one back ends it. */
  readonly isShared?: boolean;
};

type Seat = Pick<Enrolment, 'userId' | 'courseId'>;

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${userId}`, work);
}

const rowsPerPage = 1000;

/**
 * A user's own courses hold only what is active, and are empty without an error where a right is missing. So whoever is not
 * among them is looked for among the participants, which does fail then. `thorough`: whatever `readParticipants` says.
 */
export async function standingOf(client: Client, { userId, courseId }: Seat, how?: 'thorough'): Promise<Standing> {
  const courses = await client.rows('core_enrol_get_users_courses', {
    what: `list the courses of user ${userId}`,
    writes: false,
    parameters: { userid: userId, returnusercount: false },
  });
  if (courses.some((row) => idOf(row) === courseId)) return 'active';
  if (!client.settings.readParticipants && how !== 'thorough') {
    await participants(client, courseId, 0, 1);
    return 'unknown';
  }
  for (let from = 0; ; from += rowsPerPage) {
    const rows = await participants(client, courseId, from, rowsPerPage);
    if (rows.some((row) => idOf(row) === userId)) return 'listed';
    if (rows.length < rowsPerPage) return 'absent';
  }
}

export function participants(client: Client, courseId: number, from: number, number: number, fields = 'id') {
  const options = Object.entries({ userfields: fields, limitfrom: from, limitnumber: number });
  return client.rows('core_enrol_get_enrolled_users', {
    what: `list the participants of course ${courseId}`,
    writes: false,
    parameters: { courseid: courseId, options: options.map(([name, value]) => ({ name, value })) },
  });
}

/** Replaces whatever the manual enrolment had before: all of it is sent every time. */
export async function writeEnrolment(
  client: Client,
  { userId, courseId, roleId }: Pick<Enrolment, 'userId' | 'courseId' | 'roleId'>,
  { start, end }: AccessWindow,
  isSuspended: boolean,
  line: Pick<OrderLine, 'sku'>,
): Promise<void> {
  const gone = () => userGone(userId, line);
  await client.done('enrol_manual_enrol_users', {
    what: `${isSuspended ? 'suspend' : 'enrol'} user ${userId} in course ${courseId}`,
    writes: true,
    parameters: {
      enrolments: [{ roleid: roleId, userid: userId, courseid: courseId, timestart: start, timeend: end, suspend: isSuspended }],
    },
    means: { codingerror: gone, invaliduser: gone, userdeleted: gone },
  });
}

/** Not being enrolled is fine with Moodle, and only the manual enrolment goes. Without course or user there is nothing left. */
export async function unenrol(client: Client, { userId, courseId }: Seat): Promise<void> {
  await client.done('enrol_manual_unenrol_users', {
    what: `unenrol user ${userId} from course ${courseId}`,
    writes: true,
    parameters: { enrolments: [{ userid: userId, courseid: courseId }] },
  });
}

function userGone(userId: number, { sku = '?' }: Pick<OrderLine, 'sku'>) {
  return giveUp('MOODLE_USER_GONE', `User ${userId} is no longer in Moodle, so SKU ${sku} cannot be given.`, {
    hint: 'Retry the step: it looks for the learner again, and makes an account if there is none.',
  });
}
