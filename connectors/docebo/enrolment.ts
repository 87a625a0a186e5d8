import { giveUp, isRow, oneAtATime, type Row, textOf, tryLater } from 'handover/contract';
import { idOf, type Client } from './client.ts';

export type Seat = { readonly userId: number; readonly courseId: number };

/** An enrolment as Docebo has it. An empty `end`: none. */
export interface Standing {
  readonly end: string;
  readonly isWaiting: boolean;
}

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, courseId }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} course ${courseId} user ${userId}`, work);
}

function rowOf({ userId, courseId }: Seat): string {
  return `/learn/v1/enrollments/${courseId}/${userId}`;
}

/** Undefined: not enrolled. */
export async function standingOf(client: Client, seat: Seat): Promise<Standing | undefined> {
  const what = `look for user ${seat.userId} in course ${seat.courseId}`;
  const data = await client.dataIfThere({ what, writes: false, method: 'GET', path: rowOf(seat) });
  if (!data) return undefined;
  const row = isRow(data['records']) ? data['records'] : data;
  if (textOf(row['status']) === '')
    throw tryLater('DOCEBO_UNREADABLE', `Docebo answered without a status when asked to ${what}.`);
  return {
    end: textOf(row['date_expire_validity']),
    isWaiting: /^(waiting|-2|subscription_to_confirm|-1)$/.test(textOf(row['status'])),
  };
}

/**
 * A success does not say that anybody was enrolled: who was stands in one list, who was not in others, under `data` itself or
 * under its `errors`. Somebody who was in already counts as enrolled; the caller has looked before.
 */
export async function putIn(client: Client, seat: Seat, end: string): Promise<void> {
  const { userId, courseId } = seat;
  const what = `enrol user ${userId} in course ${courseId}`;
  const data = await client.data({
    ...{ what, writes: true, method: 'POST', path: '/learn/v1/enrollments' },
    json: {
      course_ids: [courseId],
      user_ids: [userId],
      level: client.settings.level,
      ...(end !== '' && { date_expire_validity: end }),
    },
  });
  const lists: readonly Row[] = [data, ...[data['errors']].flat()].filter(isRow);
  const names = (name: string) => lists.some((list) => isNamed(list[name], seat));
  if (names('enrolled') || names('existing_enrollments')) return;
  if (names('permission_denied')) {
    throw giveUp('DOCEBO_RIGHT_MISSING', `Docebo did not let us ${what}.`, {
      hint: 'Let the API credentials act for somebody who may enrol users in this course, then retry the step.',
    });
  }
  if (names('invalid_users') || names('invalid_courses')) {
    throw giveUp('DOCEBO_NOT_FOUND', `Docebo knows no such user or course when asked to ${what}.`, {
      hint: 'See whether both are there in Docebo, then retry the step.',
    });
  }
  if (await standingOf(client, seat)) return;
  throw tryLater('DOCEBO_NOT_CONFIRMED', `Docebo did not say that it did when asked to ${what}.`, {
    hint: 'Look into Docebo for the cause, such as no seats left; then retry the step.',
  });
}

/** Entries are numbers, or records that name user and course. */
function isNamed(list: unknown, { userId, courseId }: Seat): boolean {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.some((entry) => {
    if (!isRow(entry)) return Number(entry) === userId || Number(entry) === courseId;
    const [user, course] = [numberIn(entry, 'id_user', 'user_id'), numberIn(entry, 'id_course', 'course_id')];
    return (user === userId || Number.isNaN(user)) && (course === courseId || Number.isNaN(course));
  });
}

function numberIn(row: Row, ...names: readonly string[]): number {
  return names.map((name) => idOf(row, name)).find((id) => !Number.isNaN(id)) ?? NaN;
}

export async function setEnd(client: Client, seat: Seat, end: string): Promise<void> {
  const what = `set the end of user ${seat.userId} in course ${seat.courseId}`;
  await client.data({ what, writes: true, method: 'PUT', path: rowOf(seat), json: { date_expire_validity: end } });
  if ((await standingOf(client, seat))?.end.slice(0, 10) === end.slice(0, 10)) return;
  throw tryLater('DOCEBO_NOT_CONFIRMED', `Docebo shows another end when asked to ${what}.`, {
    hint: 'Set the end in Docebo, then mark the step done; "dateFormat" may be wrong.',
  });
}

/** Nothing there is success. */
export async function takeOut(client: Client, seat: Seat): Promise<void> {
  if (!(await standingOf(client, seat))) return;
  const what = `take user ${seat.userId} out of course ${seat.courseId}`;
  await client.dataIfThere({ what, writes: true, method: 'DELETE', path: rowOf(seat) });
  if (!(await standingOf(client, seat))) return;
  throw tryLater('DOCEBO_NOT_CONFIRMED', `Docebo still lists it when asked to ${what}.`, {
    hint: 'Take the learner out in Docebo, then mark the step done.',
  });
}
