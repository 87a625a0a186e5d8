import { randomBytes } from 'node:crypto';
import { date8 } from './dates.ts';
import { Refusal } from './refusal.ts';
import type { AxisLmsSwitches } from './switches.ts';

export interface User {
  readonly id: string;
  isActive: boolean;
  /** By the names of the wire: `username`, `email`, `first_name`, `custom1` … */
  readonly fields: Record<string, string>;
}
export interface Course {
  readonly id: string;
  name: string;
  isActive: boolean;
  catalogId: string;
  readonly created: Date;
}
export interface Enrolment {
  readonly userId: string;
  readonly courseId: string;
  /** date8, or empty for none. */
  start: string;
  end: string;
}
export interface LearningPath {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
}
export interface PathEnrolment {
  readonly userId: string;
  readonly pathId: string;
  readonly at: Date;
}
export interface Usergroup {
  readonly id: string;
  readonly name: string;
  readonly members: Set<string>;
}
/** What the LMS may have mailed to a user: one for each write of an enrolment. */
export interface Notification {
  readonly kind: 'course' | 'learningPath';
  readonly userId: string;
  readonly targetId: string;
  readonly at: Date;
}

/** Everything the double remembers, and the few things all its endpoints ask. */
export interface Lms {
  readonly apiKey: string;
  readonly switches: AxisLmsSwitches;
  readonly timeZone: string;
  readonly languages: readonly string[];
  readonly partition: string;
  readonly now: () => Date;
  readonly origin: () => string;
  readonly users: Map<string, User>;
  readonly courses: Map<string, Course>;
  readonly enrolments: Enrolment[];
  readonly paths: Map<string, LearningPath>;
  readonly pathEnrolments: PathEnrolment[];
  readonly groups: Map<string, Usergroup>;
  readonly notifications: Notification[];
  /** Live tokens and the instant each ends, in milliseconds. */
  readonly tokens: Map<string, number>;
  readonly signIns: Map<string, { readonly userId: string; readonly endsAtMs: number }>;
  /** API key, tokens and sign-in codes: what may appear in no log. */
  readonly secrets: string[];
  /** How many requests were refused; picks the wording. */
  refusals: number;
}

/** The next free id at or above `from`. Each kind of thing starts elsewhere, so that a mixed-up id is noticed. */
export function freeId(taken: ReadonlyMap<string, unknown>, from: number): string {
  const numbers = [...taken.keys()].map(Number).filter((id) => id >= from);
  return String(numbers.length === 0 ? from : Math.max(...numbers) + 1);
}

export function freshSecret(lms: Lms, length: number): string {
  const secret = randomText(length);
  lms.secrets.push(secret);
  return secret;
}

export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function today(lms: Lms): string {
  return date8(lms.now(), lms.timeZone);
}

export function mustUser(lms: Lms, id: string | undefined): User {
  const user = lms.users.get(id ?? '');
  if (!user) throw new Refusal('unknownUser');
  return user;
}

export function mustCourse(lms: Lms, id: string | undefined): Course {
  const course = lms.courses.get(id ?? '');
  if (!course) throw new Refusal('unknownCourse');
  return course;
}

export function findByUsername(lms: Lms, username: string): User | undefined {
  const wanted = username.toLowerCase();
  return [...lms.users.values()].find((user) => user.fields['username']?.toLowerCase() === wanted);
}

/** The flag, and the expiry date: the vendor describes it as the way to switch accounts off by themselves. */
export function isActive(lms: Lms, user: User): boolean {
  const expires = user.fields['date_expire'] ?? '';
  return user.isActive && (expires === '' || expires >= today(lms));
}
