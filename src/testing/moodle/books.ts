import type { DoubleRequest } from '../double-server.ts';
import { isActive, type Moodle, type User } from './state.ts';

/** The double's state as a test reads it. Every read is a fresh copy, in the order in which things came to be. */
export interface MoodleBooks {
  /** Without those that are there from the start: guest, administrator and service account. */
  readonly users: MoodleUser[];
  readonly enrolments: MoodleEnrolment[];
  readonly cohorts: { readonly idnumber: string; readonly members: string[] }[];
  readonly groups: { readonly idnumber: string; readonly name: string; readonly members: string[] }[];
  /** What the site sent to users. */
  readonly mails: MoodleMail[];
  /** All calls, also those that met a fault. Visits of pages are not among them. */
  readonly requests: readonly DoubleRequest[];
  /** Token, passwords, login keys and private keys so far: what may appear in no log. */
  readonly secrets: string[];
}

export type MoodleUser = Readonly<User>;

export interface MoodleEnrolment {
  readonly email: string;
  /** The course's id number. */
  readonly course: string;
  readonly method: 'manual' | 'cohort' | 'self';
  /** Unix seconds; 0 for none. */
  readonly start: number;
  readonly end: number;
  readonly isSuspended: boolean;
  readonly isActive: boolean;
  readonly roles: number[];
}

export interface MoodleMail {
  readonly kind: 'welcome' | 'password';
  readonly email: string;
  readonly at: Date;
}

export function openBooks(moodle: Moodle, firstUserId: number, requests: () => readonly DoubleRequest[]): MoodleBooks {
  const addressOf = (userId: number) => moodle.users.get(userId)?.email ?? '';
  return {
    get users() {
      return [...moodle.users.values()]
        .filter(({ id, deleted }) => id >= firstUserId && !deleted)
        .map((user) => structuredClone(user));
    },
    get enrolments() {
      return moodle.enrolments.map((each) => ({
        email: addressOf(each.userId),
        course: moodle.courses.get(each.courseId)?.idnumber ?? '',
        method: each.method,
        start: each.start,
        end: each.end,
        isSuspended: each.isSuspended,
        isActive: isActive(moodle, each),
        roles: [...each.roles],
      }));
    },
    get cohorts() {
      return [...moodle.cohorts.values()].map(({ idnumber, members }) => ({ idnumber, members: [...members].map(addressOf) }));
    },
    get groups() {
      return [...moodle.groups.values()].map(({ idnumber, name, members }) => {
        return { idnumber, name, members: [...members].map(addressOf) };
      });
    },
    get mails() {
      return moodle.mails.map(({ kind, userId, at }) => ({ kind, email: addressOf(userId), at }));
    },
    get requests() {
      return requests();
    },
    get secrets() {
      return [...moodle.secrets];
    },
  };
}
