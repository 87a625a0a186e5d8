import { randomBytes } from 'node:crypto';
import { jsonReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

export interface TalentLmsUser {
  readonly id: number;
  readonly login: string;
  readonly email: string;
  readonly name: string;
  readonly surname: string;
  readonly status: 'active' | 'inactive';
}

export interface TalentLmsCourse {
  readonly id: number;
  readonly name: string;
  readonly status: 'active' | 'inactive';
}

export interface TalentLmsBooks {
  readonly users: readonly TalentLmsUser[];
  readonly enrolments: readonly { readonly userId: number; readonly courseId: number }[];
  /** The key, passwords and sign-in links that went over the wire. */
  readonly secrets: readonly string[];
  readonly requests: readonly DoubleRequest[];
}

/**
 * The part of a TalentLMS portal that enrolling takes, as the vendor describes version 2 of the API. How answers are wrapped, what
 * an enrolment that is there already is answered with and what a sign-in link is called is not described: these are guesses.
 */
export interface TalentLmsDouble {
  /** The portal's address, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  readonly books: TalentLmsBooks;
  readonly faults: FaultQueue;
  /** May be changed at any time. */
  readonly switches: { isApiOff: boolean; alreadyEnrolledStatus: 200 | 400 | 409 | 422 };
  addUser(user: { email: string; login?: string; status?: 'active' | 'inactive' }): number;
  addCourse(course?: { name?: string; status?: 'active' | 'inactive' }): number;
  addEnrolment(userId: number, courseId: number): void;
  close(): Promise<void>;
}

interface State {
  readonly apiKey: string;
  readonly users: TalentLmsUser[];
  readonly courses: TalentLmsCourse[];
  enrolments: { userId: number; courseId: number }[];
  readonly secrets: string[];
  readonly switches: TalentLmsDouble['switches'];
  readonly origin: () => string;
}

export async function startTalentLms({ now = () => new Date() }: { now?: () => Date } = {}): Promise<TalentLmsDouble> {
  const apiKey = randomBytes(15).toString('hex');
  const state: State = {
    apiKey,
    users: [],
    courses: [],
    enrolments: [],
    secrets: [apiKey],
    switches: { isApiOff: false, alreadyEnrolledStatus: 400 },
    origin: () => server.origin,
  };
  const server = await startDouble({ now, handle: (request) => answer(state, request) });
  return {
    url: server.origin,
    apiKey,
    books: {
      get users() {
        return state.users;
      },
      get enrolments() {
        return state.enrolments;
      },
      get secrets() {
        return state.secrets;
      },
      get requests() {
        return server.requests;
      },
    },
    faults: server.faults,
    switches: state.switches,
    addUser({ email, login = email.toLowerCase(), status = 'active' }) {
      const id = state.users.length + 1;
      state.users.push({ id, login, email, name: 'Some', surname: 'Body', status });
      return id;
    },
    addCourse({ name = 'TypeScript in a week', status = 'active' } = {}) {
      const id = 125 + state.courses.length;
      state.courses.push({ id, name, status });
      return id;
    },
    addEnrolment: (userId, courseId) => void state.enrolments.push({ userId, courseId }),
    close: () => server.close(),
  };
}

function answer(state: State, { method, path, query, headers, json }: DoubleRequest): DoubleReply {
  const body = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (headers['x-api-key'] !== state.apiKey) return refusal(401, 'unauthorized');
  if (state.switches.isApiOff) return refusal(403, 'api_disabled');
  if (headers.accept !== 'application/json') return refusal(400, 'accept_missing');
  if (!/^\d{4}-\d\d-\d\d$/.test(String(headers['x-api-version']))) return refusal(400, 'version_missing');
  const [root, version, kind = '', id, ...rest] = path.slice(1).split('/');
  if (root !== 'api' || version !== 'v2') return refusal(404, 'not_found');
  const asked = `${method} ${[kind, ...(id === undefined ? [] : ['id']), ...rest.map((part) => (/^\d+$/.test(part) ? 'id' : part))].join('/')}`;
  if (asked === 'GET users') return listUsers(state, query);
  if (asked === 'POST users') return createUser(state, body);
  if (asked === 'POST enrollments' || asked === 'DELETE enrollments') return enrollment(state, method, body);
  const course = state.courses.find((each) => String(each.id) === id);
  if (!course) return refusal(404, 'not_found');
  if (asked === 'GET courses/id') return jsonReply({ _data: { ...course, code: null } });
  const seats = state.enrolments.filter(({ courseId }) => courseId === course.id);
  if (asked === 'GET courses/id/users') {
    return page(
      seats.map(({ userId }) => ({ ...shown(state.users[userId - 1]), completion_status: 'not_attempted' })),
      query,
    );
  }
  if (asked === 'GET courses/id/users/id/goto') {
    if (!seats.some(({ userId }) => String(userId) === rest[1])) return refusal(404, 'not_found');
    const link = `${state.origin()}/index/gotocourse/key:${randomBytes(12).toString('hex')}`;
    state.secrets.push(link);
    return jsonReply({ _data: { goto_url: link } });
  }
  return refusal(404, 'not_found');
}

function listUsers({ users }: State, query: Readonly<Record<string, string>>): DoubleReply {
  const { 'filter[email][eq]': email, 'filter[login][eq]': login, 'page[size]': size, 'page[number]': number, ...others } = query;
  if (Object.keys(others).length > 0) return refusal(400, 'unknown_parameter');
  const found = users.filter(
    (user) => (email === undefined || user.email === email) && (login === undefined || user.login === login),
  );
  return page(found.map(shown), {
    ...(size !== undefined && { 'page[size]': size }),
    ...(number !== undefined && { 'page[number]': number }),
  });
}

function page(rows: readonly unknown[], query: Readonly<Record<string, string>>): DoubleReply {
  const size = Number(query['page[size]'] ?? 10);
  const number = Number(query['page[number]'] ?? 1);
  if (!(size >= 1 && size <= 100 && number >= 1)) return refusal(400, 'invalid_pagination');
  const pagination = { page: number, size, total_pages: Math.ceil(rows.length / size) };
  return jsonReply({ _data: rows.slice((number - 1) * size, number * size), _meta: { pagination } });
}

function createUser(state: State, body: Readonly<Record<string, unknown>>): DoubleReply {
  const [name, surname, login, email, password] = ['name', 'surname', 'login', 'email', 'password'].map((field) => body[field]);
  if (![name, surname, login, email, password].every((value) => typeof value === 'string' && value.trim() !== '')) {
    return refusal(422, 'validation_error');
  }
  if (state.users.some((user) => user.login.toLowerCase() === String(login).toLowerCase()))
    return refusal(422, 'validation_error');
  state.secrets.push(String(password));
  const id = state.users.length + 1;
  const user = {
    id,
    name: String(name),
    surname: String(surname),
    login: String(login),
    email: String(email),
    status: 'active',
  } as const;
  state.users.push(user);
  return jsonReply({ _data: shown(user) }, 201);
}

function enrollment(state: State, method: string, { user_id, course_id }: Readonly<Record<string, unknown>>): DoubleReply {
  if (typeof user_id !== 'number' || typeof course_id !== 'number') return refusal(422, 'validation_error');
  if (!state.users.some(({ id }) => id === user_id) || !state.courses.some(({ id }) => id === course_id))
    return refusal(404, 'not_found');
  const isThere = state.enrolments.some(({ userId, courseId }) => userId === user_id && courseId === course_id);
  if (method === 'DELETE') {
    if (!isThere) return refusal(404, 'not_found');
    state.enrolments = state.enrolments.filter(({ userId, courseId }) => userId !== user_id || courseId !== course_id);
    return { status: 204, headers: {}, body: '' };
  }
  const { alreadyEnrolledStatus: status } = state.switches;
  if (isThere && status !== 200) return refusal(status, 'already_enrolled');
  if (!isThere) state.enrolments.push({ userId: user_id, courseId: course_id });
  return jsonReply({ _data: { user_id, course_id, role: 'learner' } }, isThere ? 200 : 201);
}

function shown(user: TalentLmsUser | undefined) {
  return { ...user };
}

function refusal(status: number, type: string): DoubleReply {
  return jsonReply({ error: { type, message: `Refused: ${type}` } }, status);
}
