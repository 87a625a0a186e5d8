import type { DoubleRequest } from '../double-server.ts';
import { isActive, type Lms, type User } from './state.ts';

/** The double's state as a test reads it. Every read is a fresh copy, in the order in which things came to be. */
export interface AxisLmsBooks {
  readonly users: AxisLmsUser[];
  readonly enrolments: AxisLmsEnrolment[];
  readonly learningPathEnrolments: AxisLmsPathEnrolment[];
  readonly usergroups: { id: string; name: string; members: string[] }[];
  /** One for each write of an enrolment, repeats included: what the LMS may mail to a learner. */
  readonly notifications: AxisLmsNotification[];
  /** REST and Legacy requests, also refused ones and those that met a fault. Visits of the double's own pages are not among them. */
  readonly requests: readonly DoubleRequest[];
  /** API key, every token and the code of every sign-in link so far: what may appear in no log. */
  readonly secrets: string[];
}

export interface AxisLmsUser {
  id: string;
  username: string;
  email: string;
  firstName: string;
  lastName: string;
  /** False as well when `date_expire` is before today. */
  isActive: boolean;
  /** Everything on file by the names of the wire: `custom1`, `date_expire`, `role` … */
  fields: Record<string, string>;
}

export interface AxisLmsEnrolment {
  username: string;
  email: string;
  courseId: string;
  courseName: string;
  /** date8 (`20260301`), or empty for none. */
  start: string;
  end: string;
}

export interface AxisLmsPathEnrolment {
  username: string;
  email: string;
  learningPathId: string;
  learningPathName: string;
}

export interface AxisLmsNotification {
  kind: 'course' | 'learningPath';
  username: string;
  /** Of the course or learning path. */
  name: string;
  at: Date;
}

export function openBooks(lms: Lms, requests: () => readonly DoubleRequest[]): AxisLmsBooks {
  const who = (userId: string) => {
    const fields = lms.users.get(userId)?.fields ?? {};
    return { username: fields['username'] ?? '', email: fields['email'] ?? '' };
  };
  return {
    get users() {
      return [...lms.users.values()].map((user) => showUser(lms, user));
    },
    get enrolments() {
      return lms.enrolments.map(({ userId, courseId, start, end }) => {
        return { ...who(userId), courseId, courseName: lms.courses.get(courseId)?.name ?? '', start, end };
      });
    },
    get learningPathEnrolments() {
      return lms.pathEnrolments.map(({ userId, pathId }) => {
        return { ...who(userId), learningPathId: pathId, learningPathName: lms.paths.get(pathId)?.name ?? '' };
      });
    },
    get usergroups() {
      return [...lms.groups.values()].map(({ id, name, members }) => {
        return { id, name, members: [...members].map((userId) => who(userId).username) };
      });
    },
    get notifications() {
      return lms.notifications.map(({ kind, userId, targetId, at }) => {
        const target = kind === 'course' ? lms.courses.get(targetId) : lms.paths.get(targetId);
        return { kind, username: who(userId).username, name: target?.name ?? '', at };
      });
    },
    get requests() {
      return requests();
    },
    get secrets() {
      return [...lms.secrets];
    },
  };
}

export function showUser(lms: Lms, { id, isActive: flag, fields }: User): AxisLmsUser {
  return {
    id,
    username: fields['username'] ?? '',
    email: fields['email'] ?? '',
    firstName: fields['first_name'] ?? '',
    lastName: fields['last_name'] ?? '',
    isActive: isActive(lms, { id, isActive: flag, fields }),
    fields: { ...fields },
  };
}
