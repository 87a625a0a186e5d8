import type { MoodleCapability } from './capability-names.ts';
import { join } from './cohorts.ts';
import type { Cohort, Course, Enrolment, Group, Moodle, User } from './state.ts';
import { deleteUser } from './users.ts';

/** What an administrator does in the pages of the site: no call, no mail. */
export interface MoodleAdmin {
  /** User name and names default to the address's. Gives the id. */
  addUser(user: Partial<Omit<User, 'id'>> & { readonly email: string }): number;
  changeUser(id: number, changes: Partial<Omit<User, 'id'>>): void;
  deleteUser(id: number): void;
  /** Short name and name default to the id number. Visible, with manual enrolment and without a teacher. */
  addCourse(course: Partial<Omit<Course, 'id'>> & { readonly idnumber: string }): number;
  changeCourse(id: number, changes: Partial<Omit<Course, 'id'>>): void;
  /** Replaces a manual enrolment of the same user and course. */
  addEnrolment(enrolment: Partial<Omit<Enrolment, 'roles'>> & Pick<Enrolment, 'userId' | 'courseId'>): void;
  addCohort(cohort: Partial<Omit<Cohort, 'id' | 'members'>> & Pick<Cohort, 'idnumber'>): number;
  addToCohort(cohortId: number, userId: number): void;
  addGroup(group: Partial<Omit<Group, 'id' | 'members'>> & Pick<Group, 'courseId' | 'name'>): number;
  addToGroup(groupId: number, userId: number): void;
  allow(...capabilities: readonly MoodleCapability[]): void;
  forbid(...capabilities: readonly MoodleCapability[]): void;
  /** Takes functions out of the external service. */
  removeFunctions(...names: readonly string[]): void;
  addFunctions(...names: readonly string[]): void;
  /** Which roles the service account may assign. */
  allowRoles(...ids: readonly number[]): void;
}

export function createAdmin(moodle: Moodle): MoodleAdmin {
  return {
    addUser: (user) => addUser(moodle, user),
    changeUser: (id, changes) => void Object.assign(must(moodle.users, id), changes),
    deleteUser: (id) => deleteUser(moodle, must(moodle.users, id).id),
    addCourse({ idnumber, ...given }) {
      const id = moodle.nextIds.course++;
      const course = { shortname: idnumber, fullname: idnumber, visible: true, methods: ['manual'], hasTeacher: false, ...given };
      moodle.courses.set(id, { id, idnumber, ...course });
      return id;
    },
    changeCourse: (id, changes) => void Object.assign(must(moodle.courses, id), changes),
    addEnrolment({ userId, courseId, ...given }) {
      const at = moodle.enrolments.findIndex(
        (each) => each.userId === userId && each.courseId === courseId && each.method === 'manual',
      );
      if (at !== -1) moodle.enrolments.splice(at, 1);
      const plain = { method: 'manual', start: 0, end: 0, isSuspended: false, roles: new Set([5]) } as const;
      moodle.enrolments.push({ ...plain, ...given, userId, courseId: must(moodle.courses, courseId).id });
    },
    addCohort({ idnumber, name = idnumber, courses = [] }) {
      const id = moodle.nextIds.cohort++;
      moodle.cohorts.set(id, { id, idnumber, name, courses, members: new Set() });
      return id;
    },
    addToCohort: (cohortId, userId) => join(moodle, must(moodle.cohorts, cohortId), userId),
    addGroup({ courseId, name, idnumber = '' }) {
      const id = moodle.nextIds.group++;
      moodle.groups.set(id, { id, courseId, name, idnumber, members: new Set() });
      return id;
    },
    addToGroup: (groupId, userId) => void must(moodle.groups, groupId).members.add(userId),
    allow: (...capabilities) => capabilities.forEach((each) => moodle.capabilities.add(each)),
    forbid: (...capabilities) => capabilities.forEach((each) => moodle.capabilities.delete(each)),
    removeFunctions: (...names) => names.forEach((name) => moodle.functions.delete(name)),
    addFunctions: (...names) => names.forEach((name) => moodle.functions.add(name)),
    allowRoles(...ids) {
      moodle.assignableRoles.clear();
      ids.forEach((id) => moodle.assignableRoles.add(id));
    },
  };
}

/** `id` is for those that are there from the start. */
export function addUser(moodle: Moodle, { email, ...given }: Partial<Omit<User, 'id'>> & { readonly email: string }): number {
  const id = moodle.nextIds.user++;
  moodle.users.set(id, {
    ...{ id, email, username: email.toLowerCase(), firstname: 'Old', lastname: 'Customer' },
    ...{ auth: 'manual', idnumber: '', lang: 'en', city: '', country: '' },
    ...{ suspended: false, confirmed: true, deleted: false, mustChangePassword: false, customfields: {} },
    ...given,
  });
  return id;
}

function must<T>(all: ReadonlyMap<number, T>, id: number): T {
  const found = all.get(id);
  if (!found) throw new Error(`The double has nothing with the id ${id}.`);
  return found;
}
