import { idOf, oneAtATime, type Row, textOf, tryLater } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly enrolmentId: number;
  readonly userId: number;
  readonly courseId: number;
  readonly courseName: string;
  readonly courseUrl: string;
  /** ISO 8601. Empty: for ever. */
  readonly until: string;
  /** Last day of access, UTC, for texts. */
  readonly end: string;
  /** The same order made the account. */
  readonly isNewAccount: boolean;
  /** False where the learner had at least as much before: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** When the access ended that was there before. Empty: there was none worth giving back. */
  readonly formerUntil: string;
  /** The access that was there before was another purchase of ours: taking that one back ends it. */
  readonly isShared: boolean;
};

export type Seat = Pick<Enrolment, 'userId' | 'courseId'>;

/** An enrolment as Thinkific has it. `until` empty: for ever. */
export interface Standing {
  readonly id: number;
  readonly until: string;
  readonly isTrial: boolean;
}

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.siteUrl} course ${courseId} user ${userId}`, work);
}

/** The filters are compared again: an unknown one would be passed over in silence. */
export async function standingOf(client: Client, { userId, courseId }: Seat): Promise<Standing | undefined> {
  const rows = await client.rows({
    method: 'GET',
    path: '/enrollments',
    query: { 'query[user_id]': String(userId), 'query[course_id]': String(courseId) },
    what: `find the enrolment of user ${userId} in course ${courseId}`,
    writes: false,
  });
  const row = rows.find((each) => idOf(each, 'user_id') === userId && idOf(each, 'course_id') === courseId);
  return row && standingIn(row);
}

function standingIn(row: Row): Standing {
  const until = textOf(row['expiry_date']);
  return { id: idOf(row), until: Number.isNaN(Date.parse(until)) ? '' : until, isTrial: row['is_free_trial'] === true };
}

/** Without `activated_at` it would be a free trial, without `expiry_date` it lasts for ever. */
export async function create(client: Client, { userId, courseId }: Seat, since: Date, until: string): Promise<number> {
  const row = await client.row({
    method: 'POST',
    path: '/enrollments',
    json: {
      user_id: userId,
      course_id: courseId,
      activated_at: since.toISOString(),
      ...(until !== '' && { expiry_date: until }),
    },
    what: `enrol user ${userId} in course ${courseId}`,
    writes: true,
  });
  if (idOf(row) > 0) return idOf(row);
  throw tryLater('THINKIFIC_UNREADABLE', 'Thinkific confirmed the enrolment without naming its id.', { unknown: true });
}

/**
 * How an end is taken away from an enrolment is not described, so a far one stands for none. An enrolment that is gone has
 * nothing left to end; `must` says that it has to be there.
 */
export async function setEnd(
  client: Client,
  id: number,
  until: string,
  how?: { readonly must: boolean; readonly activatedAt?: Date },
) {
  try {
    await client.done({
      method: 'PUT',
      path: `/enrollments/${id}`,
      json: { ...(how?.activatedAt && { activated_at: how.activatedAt.toISOString() }), expiry_date: until || farEnd },
      what: `set the end of enrolment ${id}`,
      writes: true,
    });
  } catch (error) {
    if (how?.must === true || !hasCode(error, 'THINKIFIC_NOT_FOUND')) throw error;
  }
}

const farEnd = '2099-12-31T23:59:59.000Z';

/** Ended a minute ago, since clocks differ. */
export function justNow({ now }: Client): string {
  return new Date(now().getTime() - 60_000).toISOString();
}

/** Whether access until `one` lasts at least as long as until `other`. */
export function lastsAsLong(one: string, other: string): boolean {
  if (one === '') return true;
  return other !== '' && Date.parse(one) >= Date.parse(other);
}
