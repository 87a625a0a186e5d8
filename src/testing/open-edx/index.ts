import { randomBytes } from 'node:crypto';
import { jsonReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';

export interface OpenEdxUser {
  readonly username: string;
  readonly email: string;
  readonly name: string;
}

export interface OpenEdxEnrolment {
  readonly username: string;
  readonly courseId: string;
  readonly mode: string;
  readonly isActive: boolean;
}

export interface OpenEdxBooks {
  readonly users: readonly OpenEdxUser[];
  readonly enrolments: readonly OpenEdxEnrolment[];
  /** Client secret, tokens, passwords. */
  readonly secrets: readonly string[];
  readonly requests: readonly DoubleRequest[];
}

/**
 * The part of an Open edX that enrolling takes, after the source of its enrolment API: tokens by client credentials, calls for
 * others by staff only (else a 404), an empty answer for an enrolment that is not there, modes that a course has to offer.
 */
export interface OpenEdxDouble {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly books: OpenEdxBooks;
  readonly faults: FaultQueue;
  /** May be changed at any time. `needs`: further fields that the registration form wants. */
  readonly switches: { isStaff: boolean; registrationIsOpen: boolean; needs: readonly string[] };
  addUser(email: string, username?: string): string;
  addCourse(course?: { id?: string; name?: string; modes?: readonly string[] }): string;
  addEnrolment(enrolment: OpenEdxEnrolment): void;
  /** All tokens end now. */
  endTokens(): void;
  close(): Promise<void>;
}

interface Course {
  readonly id: string;
  readonly name: string;
  readonly modes: readonly string[];
}

interface State {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokens: Set<string>;
  readonly users: OpenEdxUser[];
  readonly courses: Course[];
  enrolments: OpenEdxEnrolment[];
  readonly secrets: string[];
  readonly switches: { isStaff: boolean; registrationIsOpen: boolean; needs: readonly string[] };
}

export async function startOpenEdx({ now = () => new Date() }: { now?: () => Date } = {}): Promise<OpenEdxDouble> {
  const clientSecret = randomBytes(24).toString('hex');
  const state: State = {
    clientId: 'shop',
    clientSecret,
    tokens: new Set(),
    users: [],
    courses: [],
    enrolments: [],
    secrets: [clientSecret],
    switches: { isStaff: true, registrationIsOpen: true, needs: ['honor_code'] },
  };
  const server = await startDouble({ now, handle: (request) => answer(state, request) });
  return {
    url: server.origin,
    clientId: state.clientId,
    clientSecret,
    books: {
      users: state.users,
      get enrolments() {
        return state.enrolments;
      },
      secrets: state.secrets,
      get requests() {
        return server.requests;
      },
    },
    faults: server.faults,
    switches: state.switches,
    addUser(email, username = `user${state.users.length + 1}`) {
      state.users.push({ username, email, name: 'Some Body' });
      return username;
    },
    addCourse({ id = 'course-v1:Example+TS101+2026', name = 'TypeScript in a week', modes = ['audit', 'verified'] } = {}) {
      state.courses.push({ id, name, modes });
      return id;
    },
    addEnrolment: (enrolment) => void state.enrolments.push(enrolment),
    endTokens: () => state.tokens.clear(),
    close: () => server.close(),
  };
}

function answer(state: State, { method, path, query, headers, form, json }: DoubleRequest): DoubleReply {
  if (`${method} ${path}` === 'POST /oauth2/access_token') return giveToken(state, form);
  if (`${method} ${path}` === 'POST /api/user/v1/account/registration/') return register(state, form);
  const token = /^JWT (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !state.tokens.has(token)) return jsonReply({ detail: 'Token is invalid.' }, 401);
  if (`${method} ${path}` === 'GET /api/user/v1/accounts') {
    if (!state.switches.isStaff) return notFound();
    const found = state.users.filter(({ email }) => email.toLowerCase() === query['email']?.toLowerCase());
    return found.length === 0 ? notFound() : jsonReply(found);
  }
  const [, , area, version, kind, rest = ''] = path.split('/');
  if (area !== 'enrollment' || version !== 'v1') return notFound();
  if (method === 'GET' && kind === 'enrollments') {
    return state.switches.isStaff ? jsonReply({ next: null, previous: null, results: [] }) : jsonReply({ detail: 'No.' }, 403);
  }
  if (method === 'GET' && kind === 'course') {
    const course = state.courses.find(({ id }) => id === decodeURIComponent(rest));
    if (!course) return jsonReply({ message: 'No course found' }, 400);
    const course_modes = course.modes.map((slug) => ({ slug, name: slug }));
    return jsonReply({ course_id: course.id, course_name: course.name, course_modes });
  }
  if (kind !== 'enrollment') return notFound();
  if (!state.switches.isStaff) return notFound();
  if (method === 'POST') return enrol(state, json);
  const [username, courseId] = rest.split(',').map(decodeURIComponent);
  const seat = state.enrolments.find((each) => each.username === username && each.courseId === courseId);
  return seat ? jsonReply(shown(seat)) : { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
}

function giveToken(state: State, form: DoubleRequest['form']): DoubleReply {
  const { grant_type, client_id, client_secret, token_type } = form;
  if (client_id !== state.clientId || client_secret !== state.clientSecret) return jsonReply({ error: 'invalid_client' }, 401);
  if (grant_type !== 'client_credentials' || token_type !== 'jwt') return jsonReply({ error: 'unsupported_grant_type' }, 400);
  const token = `eyJ.${randomBytes(24).toString('base64url')}`;
  state.tokens.add(token);
  state.secrets.push(token);
  return jsonReply({ access_token: token, expires_in: 3600, token_type: 'JWT', scope: 'read write' });
}

function register(state: State, form: DoubleRequest['form']): DoubleReply {
  if (!state.switches.registrationIsOpen) return jsonReply({ error_code: 'registration-disabled' }, 403);
  const missing = ['email', 'username', 'name', 'password', ...state.switches.needs].filter((field) => !form[field]?.trim());
  if (missing.length > 0)
    return jsonReply({ error_code: 'validation-error', [missing[0] ?? '']: [{ user_message: 'Required.' }] }, 400);
  const { email = '', username = '', name = '', password = '' } = form;
  if (!/^[\w-]{2,30}$/.test(username)) return jsonReply({ error_code: 'validation-error', username: [] }, 400);
  const isTaken = (user: OpenEdxUser) => user.email.toLowerCase() === email.toLowerCase() || user.username === username;
  if (state.users.some(isTaken)) return jsonReply({ error_code: 'duplicate-email', email: [{ user_message: 'Taken.' }] }, 409);
  state.users.push({ username, email, name });
  state.secrets.push(password);
  return jsonReply({ success: true, redirect_url: '/dashboard' });
}

function enrol(state: State, json: unknown): DoubleReply {
  const { user, mode, is_active, course_details } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const courseId = (course_details as { course_id?: unknown } | undefined)?.course_id;
  const course = state.courses.find(({ id }) => id === courseId);
  if (!course) return jsonReply({ message: 'No course found for enrollment' }, 400);
  if (is_active !== undefined && typeof is_active !== 'boolean') return jsonReply({ message: 'is_active is not a boolean' }, 400);
  if (!state.users.some(({ username }) => username === user)) return jsonReply({ message: 'The user does not exist.' }, 406);
  const username = String(user);
  const known = state.enrolments.find((each) => each.username === username && each.courseId === course.id);
  if (known && is_active === false && mode !== undefined && mode !== known.mode)
    return jsonReply({ message: 'Mode mismatch' }, 400);
  const wanted = typeof mode === 'string' ? mode : (known?.mode ?? 'audit');
  if (!course.modes.includes(wanted)) return jsonReply({ message: 'The course mode is not available' }, 400);
  const seat = { username, courseId: course.id, mode: wanted, isActive: is_active ?? true };
  state.enrolments = [...state.enrolments.filter((each) => each !== known), seat];
  return jsonReply(shown(seat));
}

function shown({ username, courseId, mode, isActive }: OpenEdxEnrolment) {
  return { user: username, mode, is_active: isActive, course_details: { course_id: courseId } };
}

function notFound(): DoubleReply {
  return { status: 404, headers: {}, body: '' };
}
