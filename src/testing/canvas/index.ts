import { randomBytes } from 'node:crypto';
import { jsonReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

export interface CanvasUser {
  readonly id: string;
  readonly name: string;
  readonly login_id: string;
  readonly email: string;
}

export interface CanvasEnrolment {
  readonly id: string;
  readonly user_id: string;
  readonly course_id: string;
  readonly enrollment_state: 'active' | 'invited' | 'inactive' | 'completed' | 'deleted';
  readonly start_at: string | null;
  readonly end_at: string | null;
}

export interface CanvasBooks {
  readonly users: readonly CanvasUser[];
  readonly enrolments: readonly CanvasEnrolment[];
  readonly secrets: readonly string[];
  readonly requests: readonly DoubleRequest[];
}

/** Names as Canvas has them: to see users, to make them, to enrol. */
export type CanvasRight = 'read_roster' | 'manage_user_logins' | 'add_student_to_course';

/**
 * The part of a Canvas that enrolling takes: bearer token, ids as texts, lists that go on by the `Link` header, invitations
 * unless `active` is asked for, pausing and taking up again. A repeat changes the enrolment that is there.
 */
export interface CanvasDouble {
  readonly url: string;
  readonly token: string;
  readonly books: CanvasBooks;
  readonly faults: FaultQueue;
  /** `pageSize`: no list gives more at once, whatever is asked. `keepsDates`: a repeat does not change dates. */
  readonly switches: { pageSize: number; keepsDates: boolean };
  forbid(right: CanvasRight): void;
  addUser(email: string, login?: string): string;
  addCourse(course?: { name?: string; sis?: string; state?: 'unpublished' | 'available' | 'completed' }): string;
  addEnrolment(enrolment: {
    userId: string;
    courseId: string;
    state?: CanvasEnrolment['enrollment_state'];
    until?: string;
  }): string;
  close(): Promise<void>;
}

interface Course {
  readonly id: string;
  readonly name: string;
  readonly sis_course_id: string | null;
  readonly workflow_state: string;
}

interface State {
  readonly token: string;
  readonly rights: Set<string>;
  readonly users: CanvasUser[];
  readonly courses: Course[];
  readonly enrolments: CanvasEnrolment[];
  readonly switches: CanvasDouble['switches'];
  readonly origin: () => string;
}

/** Ids of a hosted Canvas are longer than a number holds exactly. */
const firstId = 10_000_000_000_000_001n;
const idAfter = (rows: readonly unknown[]) => String(firstId + BigInt(rows.length));

export async function startCanvas({ now = () => new Date() }: { now?: () => Date } = {}): Promise<CanvasDouble> {
  const state: State = {
    token: `10~${randomBytes(24).toString('hex')}`,
    rights: new Set(['read_roster', 'manage_user_logins', 'add_student_to_course'] satisfies CanvasRight[]),
    users: [],
    courses: [],
    enrolments: [],
    switches: { pageSize: 100, keepsDates: false },
    origin: () => server.origin,
  };
  const server = await startDouble({ now, handle: (request) => answer(state, request) });
  return {
    url: server.origin,
    token: state.token,
    books: {
      users: state.users,
      enrolments: state.enrolments,
      secrets: [state.token],
      get requests() {
        return server.requests;
      },
    },
    faults: server.faults,
    switches: state.switches,
    forbid: (right) => void state.rights.delete(right),
    addUser(email, login = email.toLowerCase()) {
      const id = idAfter(state.users);
      state.users.push({ id, name: 'Some Body', login_id: login, email });
      return id;
    },
    addCourse({ name = 'TypeScript in a week', sis, state: workflow_state = 'available' } = {}) {
      const id = idAfter(state.courses);
      state.courses.push({ id, name, sis_course_id: sis ?? null, workflow_state });
      return id;
    },
    addEnrolment({ userId, courseId, state: enrollment_state = 'active', until }) {
      const id = idAfter(state.enrolments);
      const dates = { start_at: until === undefined ? null : now().toISOString(), end_at: until ?? null };
      state.enrolments.push({ id, user_id: userId, course_id: courseId, enrollment_state, ...dates });
      return id;
    },
    close: () => server.close(),
  };
}

/** The query again, since lists are repeated names. */
interface Asked {
  readonly all: URLSearchParams;
  readonly path: string;
}

function answer(state: State, request: DoubleRequest): DoubleReply {
  const { method, path, query, headers, json } = request;
  if (headers.authorization !== `Bearer ${state.token}`) {
    const reply = jsonReply({ errors: [{ message: 'Invalid access token.' }] }, 401);
    return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer realm="canvas-lms"' } };
  }
  if (!headers.accept?.includes('application/json+canvas-string-ids')) return refusal(406, 'ids as numbers lose digits');
  const asked = { all: new URLSearchParams(query), path };
  const parts = path.split('/').slice(3).map(decodeURIComponent);
  if (!path.startsWith('/api/v1/')) return notFound();
  if (parts[0] === 'accounts' && parts[1] === 'self') return accountCall(state, method, parts[2], asked, json);
  const course = state.courses.find(({ id, sis_course_id }) => id === parts[1] || `sis_course_id:${sis_course_id}` === parts[1]);
  if (parts[0] !== 'courses' || !course) return notFound();
  if (parts[2] === undefined && method === 'GET') return jsonReply(course);
  if (parts[2] === 'permissions') return permissions(state, ['manage_students', 'add_student_to_course']);
  if (parts[2] !== 'enrollments') return notFound();
  if (method === 'GET') return listEnrolments(state, course, asked);
  if (!state.rights.has('add_student_to_course')) return forbidden();
  if (method === 'POST') return enrol(state, course, json);
  return changeState(state, method, parts.slice(3), query['task']);
}

function accountCall(state: State, method: string, kind: string | undefined, asked: Asked, json: unknown): DoubleReply {
  if (kind === 'permissions') return permissions(state, ['manage_user_logins']);
  if (kind !== 'users') return notFound();
  if (method === 'GET') {
    if (!state.rights.has('read_roster')) return forbidden();
    const term = asked.all.get('search_term') ?? '';
    if (term.length < 3) return refusal(400, 'search_term of 3 or more characters is required');
    const isFound = (text: string) => text.toLowerCase().includes(term.toLowerCase());
    const found = state.users.filter(({ email, login_id }) => isFound(email) || isFound(login_id));
    const hasEmail = asked.all.get('include[]') === 'email';
    return page(
      state,
      asked,
      found.map(({ email, ...user }) => ({ ...user, ...(hasEmail && { email }) })),
    );
  }
  return state.rights.has('manage_user_logins') ? createUser(state, json) : forbidden();
}

function createUser(state: State, json: unknown): DoubleReply {
  const {
    user,
    pseudonym,
    communication_channel: channel,
  } = (json ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const [name, login] = [user?.['name'], pseudonym?.['unique_id']];
  if (typeof name !== 'string' || name.trim() === '' || typeof login !== 'string' || login === '')
    return refusal(400, 'is required');
  if (state.users.some((each) => each.login_id === login.toLowerCase())) {
    const taken = { attribute: 'unique_id', type: 'taken', message: 'ID already in use for this account' };
    return jsonReply({ errors: { user: {}, pseudonym: { unique_id: [taken] }, observee: {} } }, 400);
  }
  const made = { id: idAfter(state.users), name, login_id: login.toLowerCase(), email: textOf(channel?.['address']) || login };
  state.users.push(made);
  return jsonReply(made);
}

function listEnrolments(state: State, course: Course, asked: Asked): DoubleReply {
  const user = asked.all.get('user_id');
  const rows = state.enrolments.filter(
    ({ course_id, user_id, enrollment_state }) =>
      course_id === course.id && (user === null || user === user_id) && enrollment_state !== 'deleted',
  );
  return page(
    state,
    asked,
    rows.map((row) => ({ ...row, type: 'StudentEnrollment' })),
  );
}

function enrol(state: State, course: Course, json: unknown): DoubleReply {
  const { enrollment } = (json ?? {}) as { enrollment?: Readonly<Record<string, unknown>> };
  const { user_id, type, enrollment_state, start_at = null, end_at = null } = enrollment ?? {};
  if (!state.users.some(({ id }) => id === user_id)) return notFound();
  if (type !== 'StudentEnrollment') return refusal(400, 'Invalid type');
  if (course.workflow_state === 'completed') return refusal(403, "Can't add an enrollment to a concluded course.");
  if ((start_at === null) !== (end_at === null)) return refusal(400, 'one date alone does nothing');
  const at = state.enrolments.findIndex((each) => each.user_id === user_id && each.course_id === course.id);
  const known = state.enrolments[at];
  const isLive = known && known.enrollment_state !== 'deleted';
  const dates = { start_at: start_at as string | null, end_at: end_at as string | null };
  const stands: CanvasEnrolment = {
    id: isLive ? known.id : idAfter(state.enrolments),
    user_id: String(user_id),
    course_id: course.id,
    enrollment_state: enrollment_state === 'active' ? 'active' : 'invited',
    ...(isLive && (state.switches.keepsDates || end_at === null) ? { start_at: known.start_at, end_at: known.end_at } : dates),
  };
  if (isLive) state.enrolments[at] = stands;
  else state.enrolments.push(stands);
  return jsonReply({ ...stands, type });
}

function changeState(state: State, method: string, [id, verb]: readonly string[], task = 'conclude'): DoubleReply {
  const at = state.enrolments.findIndex((each) => each.id === id);
  const known = state.enrolments[at];
  if (!known || known.enrollment_state === 'deleted') return notFound();
  const after = { conclude: 'completed', deactivate: 'inactive', inactivate: 'inactive', delete: 'deleted' } as const;
  if (method === 'PUT' && verb === 'reactivate' && known.enrollment_state !== 'inactive')
    return refusal(400, 'enrollment not inactive');
  const isEnding = method === 'DELETE' && verb === undefined && Object.hasOwn(after, task);
  if (!isEnding && !(method === 'PUT' && verb === 'reactivate')) return notFound();
  const enrollment_state = isEnding ? after[task as keyof typeof after] : 'active';
  state.enrolments[at] = { ...known, enrollment_state };
  return jsonReply(state.enrolments[at]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function permissions({ rights }: State, names: readonly string[]): DoubleReply {
  return jsonReply(Object.fromEntries(names.map((name) => [name, rights.has(name)])));
}

function page({ switches, origin }: State, { all, path }: Asked, rows: readonly unknown[]): DoubleReply {
  const size = Math.min(Number(all.get('per_page') ?? 10), switches.pageSize);
  const number = Number(all.get('page') ?? 1);
  const reply = jsonReply(rows.slice((number - 1) * size, number * size));
  if (number * size >= rows.length) return reply;
  const next = new URLSearchParams(all);
  next.set('page', String(number + 1));
  return { ...reply, headers: { ...reply.headers, link: `<${origin()}${path}?${next.toString()}>; rel="next"` } };
}

function forbidden(): DoubleReply {
  return jsonReply({ status: 'unauthorized', errors: [{ message: 'user not authorized to perform that action' }] }, 401);
}

function notFound(): DoubleReply {
  return refusal(404, 'The specified resource does not exist.');
}

function refusal(status: number, message: string): DoubleReply {
  return jsonReply({ errors: [{ message }] }, status);
}
