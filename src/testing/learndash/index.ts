/**
 * A strict double of a WordPress site with LearnDash: the part of `wp/v2/users` and `ldlms/v2` that enrolling takes, as
 * https://developer.wordpress.org/rest-api/ and LearnDash's own source describe it.
 */
import { startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { answerCourse } from './courses.ts';
import { administrator, seatName, type LearnDashCourse, type LearnDashSwitches, type LearnDashUser, type Site } from './state.ts';
import { addUser, createUser, me, refuse, searchUsers } from './wordpress.ts';

export type { LearnDashCourse, LearnDashSwitches, LearnDashUser } from './state.ts';

export interface LearnDashDouble {
  /** The site's address, without a slash at the end. */
  readonly url: string;
  readonly username: string;
  readonly applicationPassword: string;
  readonly books: {
    readonly users: readonly LearnDashUser[];
    /** Who is in which course, in the order of both. */
    readonly enrolments: readonly { readonly email: string; readonly course: number }[];
    readonly secrets: readonly string[];
    readonly requests: readonly DoubleRequest[];
  };
  readonly faults: FaultQueue;
  /** May be changed at any time. */
  readonly switches: LearnDashSwitches;
  addCourse(course?: Partial<LearnDashCourse>): number;
  addUser(user: { readonly email: string; readonly username?: string }): number;
  enrol(userId: number, courseId: number): void;
  takeOut(userId: number, courseId: number): void;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1, with the administrator it is used by and nobody else. */
export async function startLearnDash({ now }: { now?: () => Date } = {}): Promise<LearnDashDouble> {
  const applicationPassword = 'abcd EFGH 1234 ijkl MNOP 5678';
  const site: Site = {
    origin: () => server.origin,
    username: 'handover',
    applicationPassword,
    switches: { keepsAccessList: false, dropsAuthorization: false, capabilities: administrator },
    users: [],
    courses: [],
    seats: new Set(),
    secrets: [applicationPassword, Buffer.from(`handover:${applicationPassword}`).toString('base64')],
  };
  const server = await startDouble({ now, handle: (request) => answer(site, request) });
  return {
    get url() {
      return server.origin;
    },
    username: site.username,
    applicationPassword,
    books: {
      get users() {
        return site.users;
      },
      get enrolments() {
        const rows = [...site.seats].map((seat) => seat.split(' ').map(Number));
        return rows
          .map(([userId, course = 0]) => ({ email: site.users.find(({ id }) => id === userId)?.email ?? '', course }))
          .sort((one, other) => `${one.email} ${one.course}`.localeCompare(`${other.email} ${other.course}`));
      },
      secrets: site.secrets,
      requests: server.requests,
    },
    faults: server.faults,
    switches: site.switches,
    addCourse(course = {}) {
      const id = course.id ?? 1234 + site.courses.length;
      site.courses = [...site.courses, { title: 'TypeScript in a week', status: 'publish', priceType: 'closed', ...course, id }];
      return id;
    },
    addUser: ({ email, username = email }) => addUser(site, { email, username, name: '', role: 'subscriber' }).id,
    enrol: (userId, courseId) => void site.seats.add(seatName(userId, courseId)),
    takeOut: (userId, courseId) => void site.seats.delete(seatName(userId, courseId)),
    close: () => server.close(),
  };
}

function answer(site: Site, request: DoubleRequest): DoubleReply {
  const { method, path } = request;
  if (!path.startsWith('/wp-json/')) return refuse(404, 'rest_no_route');
  const problem = identify(site, request);
  if (problem) return problem;
  const below = path.slice('/wp-json'.length);
  if (below === '/wp/v2/users/me' && method === 'GET') return me(site, request);
  if (below === '/wp/v2/users' && method === 'GET') return searchUsers(site, request);
  if (below === '/wp/v2/users' && method === 'POST') return createUser(site, request);
  if (below.startsWith('/ldlms/v2/')) return answerCourse(site, request, below.slice('/ldlms/v2'.length));
  return refuse(404, 'rest_no_route');
}

/** Spaces in an application password are for the eye only. */
function identify({ switches, username, applicationPassword }: Site, { headers }: DoubleRequest): DoubleReply | undefined {
  const [, sent] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  if (sent === undefined || switches.dropsAuthorization) return refuse(401, 'rest_not_logged_in');
  const [name, ...rest] = Buffer.from(sent, 'base64').toString('utf8').split(':');
  if (name !== username) return refuse(401, 'invalid_username');
  const bare = (text: string) => text.replaceAll(' ', '');
  return bare(rest.join(':')) === bare(applicationPassword) ? undefined : refuse(401, 'incorrect_password');
}
