import { countOf, pageOf } from './paging.ts';
import { Refusal } from './refusal.ts';
import { searchUsers } from './search-phrase.ts';
import { findByUsername, freeId, isActive, mustUser, type Lms, type User } from './state.ts';
import { checkFields, checkUsername } from './user-fields.ts';
import { userRows } from './user-rows.ts';

type Texts = Readonly<Record<string, string | undefined>>;

/** `GET /users/list/[{status}/]` */
export function listUsers(lms: Lms, status = 'active'): Record<string, string>[] {
  return [...lms.users.values()]
    .filter((user) => status === 'all' || isActive(lms, user) === (status === 'active'))
    .map(({ id, fields }) => ({ id, username: fields['username'] ?? '' }));
}

/** `GET /users/all/` and `/users/filtered/`, with `page{n}/` or `count/` */
export function searchedUsers(lms: Lms, { set, page, count }: Texts, { fields, user_filter: phrase }: Texts): unknown[] {
  const everybody = [...lms.users.values()];
  const isFiltered = set === 'filtered' || (count !== undefined && phrase !== undefined);
  const shown = everybody.filter((user) => lms.switches.filterShowsInactive || isActive(lms, user));
  const found = isFiltered ? searchUsers(lms, shown, phrase) : everybody;
  if (count !== undefined) return countOf(found);
  return userRows(lms, found, fields, (rows) => pageOf(lms, rows, page));
}

/** `GET /users/{id}/`, with `page{n}/` or `count/`: an array all the same */
export function oneUser(lms: Lms, { user, page, count }: Texts, { fields }: Texts): unknown[] {
  const found = [mustUser(lms, user)];
  if (count !== undefined) return countOf(found);
  return userRows(lms, found, fields, (rows) => pageOf(lms, rows, page));
}

/** `POST /users/` */
export function createUser(lms: Lms, sent: Readonly<Record<string, string>>): User {
  const username = checkUsername(sent['username']);
  if (findByUsername(lms, username)) throw new Refusal('usernameTaken');
  const fields = { role: 'learner', ...checkFields(lms, sent), username };
  const user = { id: freeId(lms.users, 601), isActive: true, fields };
  lms.users.set(user.id, user);
  return user;
}

/** `PUT /users/{id}`: what is not sent stays as it is, and `username` stays in any case */
export function updateUser(lms: Lms, id: string | undefined, sent: Readonly<Record<string, string>>): User {
  const user = mustUser(lms, id);
  Object.assign(user.fields, checkFields(lms, sent));
  return user;
}
