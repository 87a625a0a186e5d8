import { showUser, type AxisLmsUser } from './books.ts';
import { createGroup } from './usergroups.ts';
import { findByUsername, freeId, mustCourse, mustUser, type Course, type Lms } from './state.ts';

/** What an admin does in the screens of the LMS: no request, no rule of the API, no notification. */
export interface AxisLmsAdmin {
  /** Ids are free to choose; left out, users begin at 601, courses at 17, learning paths at 41, usergroups at 81. */
  addUser(user: NewAxisLmsUser): AxisLmsUser;
  addCourse(course: NewAxisLmsCourse): AxisLmsCourse;
  addLearningPath(path: { id?: string; name: string; isActive?: boolean }): { id: string; name: string; isActive: boolean };
  addUsergroup(name: string): { id: string; name: string };
  /** `start` and `end` are date8. */
  addEnrolment(enrolment: { userId: string; courseId: string; start?: string; end?: string }): void;
  /** Changes what is named and leaves the rest. `fields` go by the names of the wire. */
  changeUser(id: string, change: { isActive?: boolean; fields?: Record<string, string> }): void;
  changeCourse(id: string, change: { name?: string; isActive?: boolean; catalogId?: string }): void;
  /** Removes the account and its enrolments. */
  removeUser(id: string): void;
}

export interface NewAxisLmsUser {
  id?: string;
  username: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  /** @default true */
  isActive?: boolean;
  /** Anything else by the names of the wire: `{ custom1: 'x', role: 'manager' }`. */
  fields?: Record<string, string>;
}

export interface NewAxisLmsCourse {
  id?: string;
  name: string;
  /** @default true */
  isActive?: boolean;
  /** A free code, the natural place for a shop's SKU. @default '' */
  catalogId?: string;
}

export type AxisLmsCourse = Required<NewAxisLmsCourse>;

export function createAdmin(lms: Lms): AxisLmsAdmin {
  return {
    addUser({ id = freeId(lms.users, 601), username, email = '', firstName = '', lastName = '', isActive = true, fields = {} }) {
      const all = { role: 'learner', username, email, first_name: firstName, last_name: lastName, ...fields };
      if (findByUsername(lms, username)) throw new Error(`The double already has a user "${username}".`);
      const user = { id: free(lms.users, id), isActive, fields: all };
      lms.users.set(id, user);
      return showUser(lms, user);
    },
    addCourse({ id = freeId(lms.courses, 17), name, isActive = true, catalogId = '' }) {
      lms.courses.set(free(lms.courses, id), { id, name, isActive, catalogId, created: lms.now() });
      return { id, name, isActive, catalogId };
    },
    addLearningPath({ id = freeId(lms.paths, 41), name, isActive = true }) {
      const path = { id, name, isActive };
      lms.paths.set(free(lms.paths, id), path);
      return { ...path };
    },
    addUsergroup(name) {
      const { id } = createGroup(lms, name);
      return { id, name };
    },
    addEnrolment({ userId, courseId, start = '', end = '' }) {
      lms.enrolments.push({ userId: mustUser(lms, userId).id, courseId: mustCourse(lms, courseId).id, start, end });
    },
    changeUser(id, { isActive, fields = {} }) {
      const user = mustUser(lms, id);
      user.isActive = isActive ?? user.isActive;
      Object.assign(user.fields, fields);
    },
    changeCourse(id, change) {
      Object.assign<Course, Partial<Course>>(mustCourse(lms, id), change);
    },
    removeUser(id) {
      lms.users.delete(mustUser(lms, id).id);
      forget(lms.enrolments, id);
      forget(lms.pathEnrolments, id);
      for (const group of lms.groups.values()) group.members.delete(id);
    },
  };
}

function free(taken: ReadonlyMap<string, unknown>, id: string): string {
  if (taken.has(id)) throw new Error(`The double already uses the id ${id}.`);
  return id;
}

function forget(enrolments: { userId: string }[], userId: string): void {
  for (let at = enrolments.length - 1; at >= 0; at -= 1) if (enrolments[at]?.userId === userId) enrolments.splice(at, 1);
}
