import type { HttpClient } from 'handover/contract';
import type { AxisOptions } from './options.ts';
import type { AccessWindow } from './window.ts';

/** The part of a context that reaching Axis takes. */
export interface AxisContext {
  readonly options: AxisOptions;
  readonly http: HttpClient;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

export interface AxisUser {
  /** The number over REST, the user name on the Legacy API. */
  readonly id: string;
  readonly username: string;
  readonly email?: string;
  /** Last day of the account itself. */
  readonly expires?: string;
  /** The order that made the account, where it is on file. */
  readonly orderId?: string;
}

/** Something learners are put into: a course, a learning path, a usergroup. */
export interface Target {
  readonly id: string;
  readonly name: string;
  /** Undefined where the interface does not tell. */
  readonly isActive?: boolean;
}

/** `listed`: enrolled, dates not told. `unknown`: the interface cannot say. */
export type Enrolled = AccessWindow | 'absent' | 'listed' | 'unknown';

/** Learning paths and usergroups: in or out, no dates. Adding a member and removing a stranger are errors at the other side. */
export interface Memberships {
  find(name: string): Promise<Target | undefined>;
  has(target: Target, user: Pick<AxisUser, 'id'>): Promise<boolean>;
  add(target: Target, user: Pick<AxisUser, 'id'>): Promise<void>;
  remove(target: Target, user: Pick<AxisUser, 'id'>): Promise<void>;
}

/**
 * What the actions ask of the other side. Failures are `StepError`s of `problems.ts`; a write that resolves was confirmed.
 * A system with an address of its own can be served by another implementation, handed to `createAxisLms`.
 */
export interface AxisApi {
  /** Whether `enrolment` gives the dates of who is enrolled. */
  readonly tellsDates: boolean;
  /** Exact matches only, whatever case. Empty where the interface cannot search by that field. */
  findUsers(field: 'username' | 'email', value: string): Promise<readonly AxisUser[]>;
  /** An account that exists but is switched off or expired. */
  findInactive(username: string): Promise<AxisUser | undefined>;
  /** Gives the id. */
  createUser(username: string, fields: Readonly<Record<string, string>>): Promise<string>;
  /** Absent where accounts cannot be changed. */
  setAccountEnd?(user: Pick<AxisUser, 'id'>, day: string): Promise<void>;
  findCourse(course: string): Promise<Target | undefined>;
  enrolment(course: Pick<Target, 'id'>, user: Pick<AxisUser, 'id'>): Promise<Enrolled>;
  /** Enrols or changes the dates. */
  enrol(course: Pick<Target, 'id'>, user: Pick<AxisUser, 'id'>, window: AccessWindow): Promise<void>;
  disenrol(course: Pick<Target, 'id'>, user: Pick<AxisUser, 'id'>): Promise<void>;
  /** A fresh sign-in link. Undefined where there is none for this user, managers included. */
  loginLink(user: Pick<AxisUser, 'id'>): Promise<string | undefined>;
  readonly paths?: Memberships;
  readonly groups?: Memberships;
  /** Throws when the key, the base URL or the partition is wrong. */
  probe(): Promise<void>;
}

export type Connect = (context: AxisContext) => AxisApi;
