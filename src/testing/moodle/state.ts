import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MoodleCapability } from './capability-names.ts';
import type { MoodleSwitches } from './switches.ts';

export interface User {
  readonly id: number;
  username: string;
  email: string;
  firstname: string;
  lastname: string;
  auth: string;
  idnumber: string;
  lang: string;
  city: string;
  country: string;
  suspended: boolean;
  confirmed: boolean;
  deleted: boolean;
  /** Moodle will ask for a new one at the next login. */
  mustChangePassword: boolean;
  readonly customfields: Readonly<Record<string, string>>;
}
export interface Course {
  readonly id: number;
  shortname: string;
  idnumber: string;
  fullname: string;
  visible: boolean;
  /** Enabled enrolment methods. */
  methods: readonly string[];
  /** Somebody is course contact, so that welcome messages have a sender. */
  hasTeacher: boolean;
}
export interface Enrolment {
  readonly userId: number;
  readonly courseId: number;
  readonly method: 'manual' | 'cohort' | 'self';
  /** Unix seconds; 0 for none. */
  start: number;
  end: number;
  isSuspended: boolean;
  readonly roles: Set<number>;
}
export interface Cohort {
  readonly id: number;
  readonly idnumber: string;
  readonly name: string;
  readonly members: Set<number>;
  /** Courses that have this cohort synchronised. */
  readonly courses: readonly number[];
}
export interface Group {
  readonly id: number;
  readonly courseId: number;
  readonly name: string;
  readonly idnumber: string;
  readonly members: Set<number>;
}
export interface Mail {
  readonly kind: 'welcome' | 'password';
  readonly userId: number;
  readonly courseId: number | undefined;
  readonly at: Date;
}

/** Everything the double remembers. */
export interface Moodle {
  readonly version: '4.3' | '4.5';
  readonly switches: MoodleSwitches;
  readonly now: () => Date;
  /** The site's address, as Moodle's `wwwroot`. */
  readonly wwwroot: () => string;
  readonly token: string;
  tokenIsDeleted: boolean;
  readonly serviceUserId: number;
  readonly capabilities: Set<MoodleCapability>;
  readonly assignableRoles: Set<number>;
  readonly functions: Set<string>;
  readonly users: Map<number, User>;
  readonly courses: Map<number, Course>;
  readonly enrolments: Enrolment[];
  readonly cohorts: Map<number, Cohort>;
  readonly groups: Map<number, Group>;
  readonly mails: Mail[];
  readonly loginKeys: Map<string, { readonly userId: number; readonly endsAtMs: number }>;
  /** Token, passwords, login keys and the account's private key: what may appear in no log. */
  readonly secrets: string[];
  /** Each kind of thing starts elsewhere, so that a mixed-up id is noticed. */
  readonly nextIds: { user: number; course: number; cohort: number; group: number };
}

/** The front page is a course too. */
export const siteId = 1;
export const guestId = 1;

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

export function freshSecret(moodle: Moodle): string {
  const secret = randomHex(16);
  moodle.secrets.push(secret);
  return secret;
}

/** The gap between a look and a write in which another call can come first. */
export async function race({ switches }: Moodle): Promise<void> {
  if (switches.raceMs > 0) await sleep(switches.raceMs);
}

/** Whether an exact look-up finds `one` by `other`. */
export function isSame({ switches }: Moodle, one: string, other: string): boolean {
  return switches.caseSensitive ? one === other : one.toLowerCase() === other.toLowerCase();
}

/** Active now, by a clock that Moodle rounds to hundreds of seconds in this query. */
export function isActive({ now }: Moodle, { isSuspended, start, end }: Enrolment): boolean {
  const rounded = Math.round(now().getTime() / 100_000) * 100;
  return !isSuspended && start < rounded && (end === 0 || end > rounded);
}

export function liveUser(moodle: Moodle, id: number): User | undefined {
  const user = moodle.users.get(id);
  return user && !user.deleted ? user : undefined;
}
