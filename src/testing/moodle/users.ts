import { need } from './capabilities.ts';
import { bool, int, list, noTags, optional, raw, record, invalid, username, email, word } from './checks.ts';
import { createUsers } from './create-users.ts';
import { isSame, liveUser, type Moodle, type User } from './state.ts';
import { userDetails } from './user-details.ts';
import { defineFunction } from './ws-function.ts';

const pairs = optional(list(record({ type: word, value: raw })));

export const userFunctions = {
  core_user_create_users: defineFunction(
    {
      users: list(
        record({
          username,
          firstname: noTags,
          lastname: noTags,
          email,
          password: optional(raw),
          createpassword: optional(bool),
          auth: optional(word),
          idnumber: optional(raw),
          lang: optional(word),
          city: optional(noTags),
          country: optional(word),
          customfields: pairs,
          preferences: pairs,
        }),
      ),
    },
    (moodle, { users }) => createUsers(moodle, users),
  ),

  core_user_get_users_by_field: defineFunction({ field: word, values: list(raw) }, (moodle, { field, values }) => {
    if (!isSearchable(field)) throw invalid('Invalid field');
    return live(moodle)
      .filter((user) => values.some((value) => isSame(moodle, String(user[field]), value)))
      .flatMap((user) => shown(moodle, user, [field]));
  }),

  core_user_get_users: defineFunction({ criteria: list(record({ key: word, value: raw })) }, (moodle, { criteria }) => {
    const warnings = criteria
      .filter(({ key }) => !isSearchable(key))
      .map(({ key }) => ({
        item: key,
        warningcode: 'invalidfieldparameter',
        message: `The search key '${key}' is not supported`,
      }));
    const known = criteria.filter(({ key }) => isSearchable(key));
    const users = live(moodle).filter((user) => known.every(({ key, value }) => fits(moodle, user, key, value)));
    return {
      users:
        known.length === 0
          ? []
          : users.flatMap((user) =>
              shown(
                moodle,
                user,
                known.map(({ key }) => key),
              ),
            ),
      warnings,
    };
  }),

  core_user_update_users: defineFunction(
    { users: list(record({ id: int, suspended: optional(bool), firstname: optional(noTags), lastname: optional(noTags) })) },
    (moodle, { users }) => {
      need(moodle, 'Update user profiles', 'moodle/user:update');
      const warnings = users.flatMap(({ id, ...changes }) => {
        const user = liveUser(moodle, id);
        if (!user) return [{ item: 'user', itemid: id, warningcode: 'invaliduserid', message: 'Invalid user ID' }];
        Object.assign(user, Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)));
        return [];
      });
      return { warnings };
    },
  ),

  core_user_delete_users: defineFunction({ userids: list(int) }, (moodle, { userids }) => {
    need(moodle, 'Delete users', 'moodle/user:delete');
    for (const id of userids) deleteUser(moodle, id);
    return null;
  }),
};

/** Frees user name and address, and ends every enrolment. */
export function deleteUser(moodle: Moodle, id: number): void {
  const user = moodle.users.get(id);
  if (!user) return;
  Object.assign<User, Partial<User>>(user, { deleted: true, username: `${user.email}.${id}`, email: `deleted-${id}` });
  moodle.enrolments.splice(0, moodle.enrolments.length, ...moodle.enrolments.filter(({ userId }) => userId !== id));
  for (const { members } of [...moodle.groups.values(), ...moodle.cohorts.values()]) members.delete(id);
}

type Searchable = 'id' | 'idnumber' | 'username' | 'email';

function isSearchable(field: string): field is Searchable {
  return ['id', 'idnumber', 'username', 'email'].includes(field);
}

function live({ users }: Moodle): User[] {
  return [...users.values()].filter(({ deleted }) => !deleted);
}

/** A user is returned only when each searched field may be shown. */
function shown(moodle: Moodle, user: User, searched: readonly string[]): Record<string, unknown>[] {
  const details = userDetails(moodle, user);
  return details && searched.every((field) => field in details) ? [details] : [];
}

/** A mail address is a LIKE pattern, without regard to case; everything else is exact. */
function fits(moodle: Moodle, user: User, key: string, value: string): boolean {
  if (key === 'email') return likePattern(value).test(user.email);
  return isSearchable(key) && isSame(moodle, String(user[key]), value);
}

function likePattern(value: string): RegExp {
  const literal = value.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'isu');
}
