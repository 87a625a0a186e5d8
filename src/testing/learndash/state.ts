/** One account of the site, as the double keeps it. */
export interface LearnDashUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
}

export interface LearnDashCourse {
  readonly id: number;
  readonly title: string;
  readonly status: string;
  readonly priceType: 'open' | 'free' | 'paynow' | 'subscribe' | 'closed';
}

export interface LearnDashSwitches {
  /** The site keeps the users of a course with the course, as older ones do: `include` is ignored then. */
  keepsAccessList: boolean;
  /** The web server does not hand the Authorization header on. */
  dropsAuthorization: boolean;
  /** What the account may do. */
  capabilities: readonly string[];
}

export interface Site {
  readonly origin: () => string;
  readonly username: string;
  readonly applicationPassword: string;
  readonly switches: LearnDashSwitches;
  users: readonly LearnDashUser[];
  courses: readonly LearnDashCourse[];
  /** `user course` */
  readonly seats: Set<string>;
  readonly secrets: string[];
}

export const administrator = ['manage_options', 'list_users', 'create_users', 'promote_users', 'edit_users'];

export function seatName(userId: number, courseId: number): string {
  return `${userId} ${courseId}`;
}
