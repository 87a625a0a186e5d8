/**
 * A strict double of a Docebo platform: tokens, users, courses and enrolments with an end. Docebo documents little of the bodies in
 * public, so this holds to what users of the API report; where they differ (`errorLists`), it is a switch.
 */
import { randomBytes } from 'node:crypto';
import { jsonReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

export interface DoceboUser {
  readonly user_id: string;
  readonly email: string;
  readonly username: string;
}

export interface DoceboEnrolment {
  readonly userId: number;
  readonly courseId: number;
  /** An empty one: none. */
  readonly end: string;
  readonly status: 'subscribed' | 'waiting';
}

export interface DoceboSwitches {
  /** Where it stands who was enrolled and who not: beside the list of errors, or within it. */
  errorLists: 'beside' | 'within';
  /** The course has no place left: enrolments wait. */
  hasWaitingList: boolean;
  mayEnrol: boolean;
  maySeeUsers: boolean;
}

export interface DoceboDouble {
  /** The platform's address, without a slash at the end. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly books: {
    readonly users: readonly Omit<DoceboUser, 'user_id'>[];
    /** By address, in its order. */
    readonly enrolments: readonly { readonly email: string; readonly course: number; readonly end: string }[];
    readonly secrets: readonly string[];
    readonly requests: readonly DoubleRequest[];
  };
  readonly faults: FaultQueue;
  /** May be changed at any time. */
  readonly switches: DoceboSwitches;
  addUser(user: { readonly email: string; readonly username?: string }): number;
  enrol(enrolment: { readonly userId: number; readonly end?: string }): void;
  close(): Promise<void>;
}

const lifeSeconds = 3600;
const courseId = 42;

/** Starts the double on 127.0.0.1, with course 42. */
export async function startDocebo({ now = () => new Date() }: { now?: () => Date } = {}): Promise<DoceboDouble> {
  const [clientId, clientSecret] = ['handover', 'docebo-secret-91c4e7'];
  const secrets = [clientSecret];
  const switches: DoceboSwitches = { errorLists: 'beside', hasWaitingList: false, mayEnrol: true, maySeeUsers: true };
  let token: { readonly text: string; readonly until: number } | undefined;
  let users: readonly DoceboUser[] = [];
  let enrolments: readonly DoceboEnrolment[] = [];

  function answer(request: DoubleRequest): DoubleReply {
    const { method, path, headers } = request;
    if (path === '/oauth2/token' && method === 'POST') return giveToken(request);
    const isKnown = token && headers.authorization === `Bearer ${token.text}` && token.until > now().getTime();
    if (!isKnown) return refuse(401, 'Unauthorized');
    if (path === '/manage/v1/user' && method === 'GET') return searchUsers(request);
    if (path === '/manage/v1/user' && method === 'POST') return createUser(request);
    if (path === `/learn/v1/courses/${courseId}` && method === 'GET') return give({ id: courseId, name: 'TypeScript in a week' });
    if (path === '/learn/v1/enrollments' && method === 'POST') return enrolMany(request);
    const [, course, user] = /^\/learn\/v1\/enrollments\/(\d+)\/(\d+)$/.exec(path) ?? [];
    return user === undefined ? refuse(404, 'Not found') : changeOne(request, Number(course), Number(user));
  }

  function giveToken({ form }: DoubleRequest): DoubleReply {
    const isRight = form['client_id'] === clientId && form['client_secret'] === clientSecret && form['scope'] === 'api';
    if (!isRight) return jsonReply({ error: 'invalid_client' }, 400);
    if (form['grant_type'] !== 'client_credentials') return jsonReply({ error: 'unsupported_grant_type' }, 400);
    const text = randomBytes(20).toString('hex');
    secrets.push(text);
    token = { text, until: now().getTime() + lifeSeconds * 1000 };
    return jsonReply({ access_token: text, expires_in: lifeSeconds, token_type: 'Bearer', scope: 'api' });
  }

  /** Parts of addresses and names are found. At most 200 at once. */
  function searchUsers({ query }: DoubleRequest): DoubleReply {
    if (!switches.maySeeUsers) return refuse(403, 'Forbidden');
    const [size, page, text] = [
      Number(query['page_size'] ?? 20),
      Number(query['page'] ?? 1),
      (query['search_text'] ?? '').toLowerCase(),
    ];
    if (size > 200 || size < 1 || page < 1) return refuse(400, 'Bad request');
    const found = users.filter(({ email, username }) => `${email} ${username}`.toLowerCase().includes(text));
    return give({ items: found.slice((page - 1) * size, page * size), has_more_data: found.length > page * size });
  }

  function createUser({ json }: DoubleRequest): DoubleReply {
    const { userid, email, password } = (json ?? {}) as Record<string, unknown>;
    if (typeof userid !== 'string' || typeof email !== 'string' || typeof password !== 'string')
      return refuse(400, 'Bad request');
    secrets.push(password);
    if (users.some(({ username }) => username.toLowerCase() === userid.toLowerCase())) return refuse(400, 'User name is taken');
    return give({ success: true, user_id: addUser(email, userid) });
  }

  function addUser(email: string, username: string): number {
    const id = 12_301 + users.length;
    users = [...users, { user_id: String(id), email, username }];
    return id;
  }

  /** The status is 200 whatever became of whom. */
  function enrolMany({ json }: DoubleRequest): DoubleReply {
    const { course_ids: courses, user_ids: ids, level, date_expire_validity: end = '' } = (json ?? {}) as Record<string, unknown>;
    if (!isNumbers(courses) || !isNumbers(ids) || level === undefined || !isEnd(end)) return refuse(400, 'Bad request');
    const lists: Record<string, unknown[]> = {};
    for (const course of courses) {
      for (const userId of ids) {
        const name = outcomeOf(course, userId);
        const entry = { id_user: userId, id_course: course, waiting: switches.hasWaitingList };
        lists[name] = [...(lists[name] ?? []), entry];
        if (name !== 'enrolled') continue;
        const status = switches.hasWaitingList ? 'waiting' : 'subscribed';
        enrolments = [...enrolments, { userId, courseId: course, end, status }];
      }
    }
    if (switches.errorLists === 'within') return give({ errors: [lists] });
    const { enrolled = [], ...errors } = lists;
    return give({ enrolled, errors });
  }

  function outcomeOf(course: number, userId: number): string {
    if (course !== courseId) return 'invalid_courses';
    if (!users.some(({ user_id: id }) => Number(id) === userId)) return 'invalid_users';
    if (!switches.mayEnrol) return 'permission_denied';
    return enrolments.some((each) => each.userId === userId) ? 'existing_enrollments' : 'enrolled';
  }

  function changeOne({ method, json }: DoubleRequest, course: number, userId: number): DoubleReply {
    const found = enrolments.find((each) => each.userId === userId && each.courseId === course);
    if (!found) return refuse(404, 'Not found');
    const others = enrolments.filter((each) => each !== found);
    if (method === 'GET')
      return give({ records: { status: found.status, date_expire_validity: found.end === '' ? null : found.end } });
    if (method === 'DELETE') {
      enrolments = others;
      return give({ success: true });
    }
    const { date_expire_validity: end } = (json ?? {}) as Record<string, unknown>;
    if (method !== 'PUT' || !isEnd(end) || end === '') return refuse(400, 'Bad request');
    enrolments = [...others, { ...found, end }];
    return give({ success: true });
  }

  const server = await startDouble({ now, handle: answer });
  return {
    url: server.origin,
    clientId,
    clientSecret,
    books: {
      get users() {
        return users.map(({ email, username }) => ({ email, username }));
      },
      get enrolments() {
        const emailOf = (userId: number) => users.find(({ user_id: id }) => Number(id) === userId)?.email ?? '';
        return enrolments
          .map(({ userId, courseId: course, end }) => ({ email: emailOf(userId), course, end }))
          .sort((one, other) => one.email.localeCompare(other.email));
      },
      secrets,
      requests: server.requests,
    },
    faults: server.faults,
    switches,
    addUser: ({ email, username = email }) => addUser(email, username),
    enrol: ({ userId, end = '' }) => void (enrolments = [...enrolments, { userId, courseId, end, status: 'subscribed' }]),
    close: () => server.close(),
  };
}

function give(data: object): DoubleReply {
  return jsonReply({ data, version: '1.0.0', _links: [] });
}

function refuse(status: number, name: string): DoubleReply {
  return jsonReply({ name, message: [name], code: status, status }, status);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);
}

function isEnd(value: unknown): value is string {
  return typeof value === 'string' && /^(\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?)?$/.test(value);
}
