import { Refusal } from './refusal.ts';
import { signInLink } from './sign-in.ts';
import type { Lms, User } from './state.ts';
import { userFields } from './user-fields.ts';

/** Users as rows of the fields asked for, sorted by the first of them in text order. `cut` takes the page out of all of them. */
export function userRows(lms: Lms, users: readonly User[], asked: string | undefined, cut: (users: User[]) => User[]): unknown[] {
  const fields = asked === undefined || asked === '' ? ['id', 'username'] : asked.split(',');
  if (!fields.every((field) => readers.has(field))) throw new Refusal('badField');
  const keyed = users.map((user) => ({ user, key: sortKey(lms, user, fields[0] ?? 'id') }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)));
  return cut(keyed.map(({ user }) => user)).map((user) =>
    Object.fromEntries(fields.map((field) => [field, readers.get(field)?.(lms, user)])),
  );
}

/** A sign-in link sorts like the id, so that sorting makes no links. */
function sortKey(lms: Lms, user: User, field: string): string {
  const value = readers.get(field === 'sso' ? 'id' : field)?.(lms, user);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Reader = (lms: Lms, user: User) => unknown;

/** The computed fields are lists for certain; what their members look like is unknown. */
const readers = new Map<string, Reader>([
  ['id', (_, user) => user.id],
  ...userFields.map((field): [string, Reader] => [field, (_, user) => user.fields[field] ?? '']),
  ['usergroups', (lms, user) => named([...lms.groups.values()].filter(({ members }) => members.has(user.id)))],
  ['courses', (lms, user) => named(enrolled(lms.enrolments, user).map(({ courseId }) => lms.courses.get(courseId)))],
  ['learningpaths', (lms, user) => named(enrolled(lms.pathEnrolments, user).map(({ pathId }) => lms.paths.get(pathId)))],
  ...['iltclasses', 'certifications', 'badges', 'organizations', 'sysvars'].map((field): [string, Reader] => [field, () => []]),
  ['sso', (lms, user) => signInLink(lms, user, 60)],
]);

function named(things: readonly ({ id: string; name: string } | undefined)[]): { id: string; name: string }[] {
  return things.filter((thing) => thing !== undefined).map(({ id, name }) => ({ id, name }));
}

function enrolled<T extends { userId: string }>(enrolments: readonly T[], user: User): T[] {
  return enrolments.filter(({ userId }) => userId === user.id);
}
