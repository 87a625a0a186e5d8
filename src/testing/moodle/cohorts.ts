import { need } from './capabilities.ts';
import { int, list, optional, raw, record, word } from './checks.ts';
import { Refusal } from './refusal.ts';
import { liveUser, type Cohort, type Moodle, type User } from './state.ts';
import { defineFunction } from './ws-function.ts';

const named = record({ type: word, value: raw });

export const cohortFunctions = {
  core_cohort_get_cohorts: defineFunction({ cohortids: optional(list(int)) }, (moodle, { cohortids = [] }) => {
    const found = [...moodle.cohorts.values()].filter(({ id }) => cohortids.length === 0 || cohortids.includes(id));
    if (found.length > 0) need(moodle, 'View site-wide cohorts', 'moodle/cohort:manage', 'moodle/cohort:view');
    return found.map(({ id, name, idnumber }) => ({ id, name, idnumber, description: '', descriptionformat: 1, visible: true }));
  }),

  core_cohort_add_cohort_members: defineFunction(
    { members: list(record({ cohorttype: named, usertype: named })) },
    (moodle, { members }) => {
      const warnings = members.flatMap(({ cohorttype, usertype }) => {
        const problem = add(moodle, cohorttype, usertype);
        return problem ? [{ warningcode: problem[0], message: problem[1] }] : [];
      });
      return { warnings };
    },
  ),

  core_cohort_delete_cohort_members: defineFunction(
    { members: list(record({ cohortid: int, userid: int })) },
    (moodle, { members }) => {
      for (const { cohortid, userid } of members) {
        if (!moodle.cohorts.has(cohortid)) throw new Refusal('invalidrecord', { label: 'cohort' });
        if (!liveUser(moodle, userid)) throw new Refusal('invalidrecord', { label: 'user' });
        need(moodle, 'Assign users to a cohort', 'moodle/cohort:manage', 'moodle/cohort:assign');
      }
      for (const { cohortid, userid } of members) leave(moodle, cohortid, userid);
      return null;
    },
  ),
};

type Named = ReturnType<typeof named>;

/** The right is looked at last, so an unknown cohort, an unknown user and a repeat are told without it. */
function add(moodle: Moodle, { type, value }: Named, who: Named): readonly [code: string, message: string] | undefined {
  if (type !== 'id' && type !== 'idnumber') return ['1', `invalid parameter: cohortype=${type}`];
  if (who.type !== 'id' && who.type !== 'username') return ['1', `invalid parameter: usertype=${who.type}`];
  const cohort = [...moodle.cohorts.values()].find((each) => String(each[type]) === value);
  if (!cohort) return ['2', `cohort ${type}=${value} not exists`];
  const user = findUser(moodle, who);
  if (!user) return ['2', `user ${who.type}=${who.value} not exists`];
  if (cohort.members.has(user.id)) return ['3', `record already exists: cohort(${type}=${value} ${who.type}=${who.value})`];
  need(moodle, 'Assign users to a cohort', 'moodle/cohort:manage', 'moodle/cohort:assign');
  join(moodle, cohort, user.id);
  return undefined;
}

function findUser({ users }: Moodle, { type, value }: Named): User | undefined {
  return [...users.values()].find((user) => !user.deleted && String(type === 'id' ? user.id : user.username) === value);
}

/** Courses that follow the cohort enrol at once. */
export function join(moodle: Moodle, { members, courses }: Cohort, userId: number): void {
  members.add(userId);
  for (const courseId of courses) {
    moodle.enrolments.push({ userId, courseId, method: 'cohort', start: 0, end: 0, isSuspended: false, roles: new Set([5]) });
  }
}

function leave(moodle: Moodle, cohortId: number, userId: number): void {
  const cohort = moodle.cohorts.get(cohortId);
  if (!cohort?.members.delete(userId)) return;
  for (const courseId of cohort.courses) {
    const at = moodle.enrolments.findIndex(
      (each) => each.method === 'cohort' && each.userId === userId && each.courseId === courseId,
    );
    if (at !== -1) moodle.enrolments.splice(at, 1);
  }
}
