import { createHmac, randomBytes } from 'node:crypto';
import { jsonReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

export interface ThinkificUser {
  readonly id: number;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
}

export interface ThinkificEnrolment {
  readonly id: number;
  readonly user_id: number;
  readonly course_id: number;
  readonly activated_at: string | null;
  readonly expiry_date: string | null;
  readonly is_free_trial: boolean;
}

export interface ThinkificBooks {
  readonly users: readonly ThinkificUser[];
  readonly enrolments: readonly ThinkificEnrolment[];
  /** Enrolments that are open now: neither over nor a trial. */
  readonly open: readonly { readonly userId: number; readonly courseId: number }[];
  /** Addresses Thinkific mailed a welcome to. */
  readonly welcomes: readonly string[];
  readonly secrets: readonly string[];
  readonly requests: readonly DoubleRequest[];
}

/**
 * The part of a Thinkific school that enrolling takes, as the vendor describes the public API and sign-in by token. That an
 * enrolment cannot be made twice, and that an end cannot be taken away again, are guesses on the strict side.
 */
export interface ThinkificDouble {
  /** Where API and school are, without a slash at the end. */
  readonly url: string;
  readonly subdomain: string;
  readonly apiKey: string;
  readonly books: ThinkificBooks;
  readonly faults: FaultQueue;
  addUser(email: string): number;
  addCourse(course?: { name?: string; slug?: string }): number;
  addEnrolment(enrolment: { userId: number; courseId: number; until?: string; isTrial?: boolean }): number;
  /** Whom a sign-in address lets in, and where it leads on to. Undefined: the token is not accepted. */
  signIn(address: string): { readonly email: string; readonly leadsTo: string } | undefined;
  close(): Promise<void>;
}

interface State {
  readonly apiKey: string;
  readonly subdomain: string;
  readonly users: ThinkificUser[];
  readonly courses: { id: number; name: string; slug: string }[];
  readonly enrolments: ThinkificEnrolment[];
  readonly welcomes: string[];
}

export async function startThinkific({ now = () => new Date() }: { now?: () => Date } = {}): Promise<ThinkificDouble> {
  const state: State = {
    apiKey: randomBytes(16).toString('hex'),
    subdomain: 'example-school',
    users: [],
    courses: [],
    enrolments: [],
    welcomes: [],
  };
  const { apiKey, subdomain } = state;
  const server = await startDouble({ now, handle: (request) => answer(state, request) });
  return {
    url: server.origin,
    subdomain,
    apiKey,
    books: {
      get users() {
        return state.users;
      },
      get enrolments() {
        return state.enrolments;
      },
      get open() {
        const isOpen = ({ expiry_date: end, is_free_trial: isTrial }: ThinkificEnrolment) =>
          !isTrial && (end === null || Date.parse(end) > now().getTime());
        return state.enrolments.filter(isOpen).map(({ user_id: userId, course_id: courseId }) => ({ userId, courseId }));
      },
      get welcomes() {
        return state.welcomes;
      },
      secrets: [apiKey],
      get requests() {
        return server.requests;
      },
    },
    faults: server.faults,
    addUser(email) {
      const id = 1 + state.users.length;
      state.users.push({ id, email, first_name: 'Some', last_name: 'Body' });
      return id;
    },
    addCourse({ name = 'TypeScript in a week', slug = 'typescript-in-a-week' } = {}) {
      const id = 501 + state.courses.length;
      state.courses.push({ id, name, slug });
      return id;
    },
    addEnrolment({ userId, courseId, until, isTrial = false }) {
      const id = 9001 + state.enrolments.length;
      const dates = { activated_at: isTrial ? null : now().toISOString(), expiry_date: until ?? null };
      state.enrolments.push({ id, user_id: userId, course_id: courseId, ...dates, is_free_trial: isTrial });
      return id;
    },
    signIn(address) {
      const { pathname, searchParams } = new URL(address);
      const [head = '', claims = '', signature] = (searchParams.get('jwt') ?? '').split('.');
      const wanted = createHmac('sha256', apiKey).update(`${head}.${claims}`).digest('base64url');
      if (pathname !== '/api/sso/v2/sso/jwt' || signature !== wanted) return undefined;
      const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
      const { email, first_name, last_name, iat } = read(claims);
      const isWhole = [email, first_name, last_name].every((claim) => typeof claim === 'string' && claim !== '');
      if (read(head)['alg'] !== 'HS256' || !isWhole || typeof iat !== 'number') return undefined;
      return { email: String(email), leadsTo: searchParams.get('return_to') ?? '' };
    },
    close: () => server.close(),
  };
}

function answer(state: State, { method, path, query, headers, json }: DoubleRequest): DoubleReply {
  const body = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (headers['x-auth-api-key'] !== state.apiKey || headers['x-auth-subdomain'] !== state.subdomain) {
    return jsonReply({ error: 'Unauthorized' }, 401);
  }
  const [, , , , kind = '', id] = path.split('/');
  if (!path.startsWith('/api/public/v1/')) return notFound();
  const asked = `${method} ${kind}${id === undefined ? '' : '/id'}`;
  if (asked === 'GET users')
    return page(
      state.users.filter(({ email }) => email === (query['query[email]'] ?? email)),
      query,
    );
  if (asked === 'POST users') return createUser(state, body);
  if (asked === 'GET users/id') return one(state.users.find((user) => String(user.id) === id));
  if (asked === 'GET courses/id') return one(state.courses.find((course) => String(course.id) === id));
  if (asked === 'GET enrollments') return page(enrolmentsFor(state, query), query);
  if (asked === 'POST enrollments') return enrol(state, body);
  if (asked === 'PUT enrollments/id') return change(state, Number(id), body);
  return notFound();
}

function createUser(state: State, body: Readonly<Record<string, unknown>>): DoubleReply {
  const { email, first_name, last_name } = body;
  const isWhole = [email, first_name, last_name].every((value) => typeof value === 'string' && value.trim() !== '');
  if (!isWhole) return jsonReply({ errors: { base: ["can't be blank"] } }, 422);
  if (state.users.some((user) => user.email.toLowerCase() === String(email).toLowerCase())) {
    return jsonReply({ errors: { email: ['has already been taken'] } }, 422);
  }
  const user = { id: 1 + state.users.length, email: String(email), first_name: String(first_name), last_name: String(last_name) };
  state.users.push(user);
  if (body['send_welcome_email'] === true) state.welcomes.push(user.email);
  return jsonReply(user, 201);
}

function enrolmentsFor({ enrolments, users }: State, query: Readonly<Record<string, string>>): ThinkificEnrolment[] {
  const { 'query[user_id]': user, 'query[course_id]': course, 'query[email]': email } = query;
  return enrolments.filter(
    ({ user_id, course_id }) =>
      (user === undefined || user === String(user_id)) &&
      (course === undefined || course === String(course_id)) &&
      (email === undefined || users[user_id - 1]?.email === email),
  );
}

function enrol(state: State, body: Readonly<Record<string, unknown>>): DoubleReply {
  const { user_id, course_id, activated_at = null, expiry_date = null } = body;
  if (typeof user_id !== 'number' || typeof course_id !== 'number') return jsonReply({ errors: { base: ['is invalid'] } }, 422);
  if (!state.users.some(({ id }) => id === user_id) || !state.courses.some(({ id }) => id === course_id)) return notFound();
  if (![activated_at, expiry_date].every(isMoment)) return jsonReply({ errors: { base: ['is not a date'] } }, 422);
  if (state.enrolments.some((each) => each.user_id === user_id && each.course_id === course_id)) {
    return jsonReply({ errors: { base: ['User is already enrolled'] } }, 422);
  }
  const dates = { activated_at: activated_at as string | null, expiry_date: expiry_date as string | null };
  const made = { id: 9001 + state.enrolments.length, user_id, course_id, ...dates, is_free_trial: activated_at === null };
  state.enrolments.push(made);
  return jsonReply(made, 201);
}

function change(state: State, id: number, { activated_at, expiry_date }: Readonly<Record<string, unknown>>): DoubleReply {
  const at = state.enrolments.findIndex((each) => each.id === id);
  const known = state.enrolments[at];
  if (!known) return notFound();
  if (typeof expiry_date !== 'string' || ![activated_at ?? null, expiry_date].every(isMoment)) {
    return jsonReply({ errors: { expiry_date: ['is not a date'] } }, 422);
  }
  const activated = typeof activated_at === 'string' ? { activated_at, is_free_trial: false } : {};
  state.enrolments[at] = { ...known, ...activated, expiry_date };
  return { status: 204, headers: {}, body: '' };
}

function isMoment(value: unknown): boolean {
  return value === null || (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value));
}

function page(rows: readonly unknown[], query: Readonly<Record<string, string>>): DoubleReply {
  const [number, limit] = [Number(query['page'] ?? 1), Number(query['limit'] ?? 25)];
  if (!(number >= 1 && limit >= 1 && limit <= 250)) return jsonReply({ error: 'Bad request' }, 400);
  const last = Math.max(1, Math.ceil(rows.length / limit));
  const pagination = {
    current_page: number,
    next_page: number < last ? number + 1 : null,
    total_pages: last,
    total_items: rows.length,
  };
  return jsonReply({ items: rows.slice((number - 1) * limit, number * limit), meta: { pagination } });
}

function one(row: object | undefined): DoubleReply {
  return row ? jsonReply(row) : notFound();
}

function notFound(): DoubleReply {
  return jsonReply({ error: 'Record not found.' }, 404);
}
