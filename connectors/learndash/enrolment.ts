import { giveUp, oneAtATime, type OrderLine } from 'handover/contract';
import { idOf, textOf, type Client, type Row } from './client.ts';
import { problemOfCode, unreadableEntry } from './problems.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: number;
  readonly courseId: number;
  readonly courseName: string;
  readonly courseUrl: string;
  readonly passwordUrl: string;
  /** False where the learner was in the course and it was left at that: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The learner was in by another purchase of ours: taking that one back ends it. */
  readonly isShared?: boolean;
};

type Seat = Pick<Enrolment, 'userId' | 'courseId'>;

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${userId}`, work);
}

function pathOf({ settings }: Client, courseId: number): string {
  return `/${settings.namespace}/${settings.coursesRoute}/${courseId}/${settings.courseUsersRoute}`;
}

/**
 * Whether the user was put into the course itself; who is in by a group only is not. A site that keeps the list of users with the
 * course ignores `include` and answers everybody, so pages are read until the user is found.
 */
export async function isIn(client: Client, { userId, courseId }: Seat): Promise<boolean> {
  const isIt = (rows: readonly Row[]) => rows.some((row) => idOf(row) === userId);
  const rows = await client.search(
    {
      what: `look for user ${userId} in course ${courseId}`,
      writes: false,
      method: 'GET',
      path: pathOf(client, courseId),
      query: { include: String(userId), orderby: 'id' },
    },
    isIt,
  );
  return isIt(rows);
}

/** Somebody who is in already is told as a failure, which is none. LearnDash answers 200 and a list with one entry per user. */
export async function putIn(client: Client, seat: Seat, line: Pick<OrderLine, 'sku'>): Promise<void> {
  const code = await write(client, 'POST', seat);
  if (code === 'learndash_rest_enroll_success' || code === 'learndash_rest_enroll_failed') return;
  throw refused(code, `enrol user ${seat.userId} in course ${seat.courseId}`, line);
}

/** Somebody who is not in is told as a failure, which is none; likewise a user or a course that is gone. */
export async function takeOut(client: Client, seat: Seat, line: Pick<OrderLine, 'sku'>): Promise<void> {
  const code = await write(client, 'DELETE', seat).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'LEARNDASH_NOT_FOUND') return gone;
    throw error;
  });
  if (code === gone || /^learndash_rest_unenroll_(success|failed)$/.test(code)) return;
  if (/^(rest_post|rest_user|learndash_rest)_invalid(_user)?_id$/.test(code)) return;
  throw refused(code, `take user ${seat.userId} out of course ${seat.courseId}`, line);
}

const gone = 'gone';

/** What LearnDash says of the user. */
async function write(client: Client, method: 'POST' | 'DELETE', { userId, courseId }: Seat): Promise<string> {
  const what = `${method === 'POST' ? 'enrol' : 'take out'} user ${userId}, course ${courseId}`;
  const call = { what, writes: true, method, path: pathOf(client, courseId), json: { user_ids: [userId] } };
  const entry = (await client.rows(call)).find((row) => idOf(row, 'user_id') === userId);
  const code = textOf(entry?.['code']);
  if (code === '') throw unreadableEntry(call);
  return code;
}

function refused(code: string, what: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Error {
  const known = problemOfCode(code, { status: 200 }, { what, writes: true });
  if (known) return known;
  return giveUp(
    'LEARNDASH_REFUSED',
    `LearnDash refused to ${what} for SKU ${sku}: ${/^[\w-]{1,80}$/.test(code) ? code : 'no code'}.`,
    {
      hint: 'Look into LearnDash for the cause, then retry the step.',
    },
  );
}
