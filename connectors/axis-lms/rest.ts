import { giveUp } from 'handover/contract';
import { settingsOf } from './options.ts';
import type { AxisApi, AxisContext, AxisUser, Enrolled, Target } from './port.ts';
import { hasCode, isRefusal, unreadable } from './problems.ts';
import { createRestCall, textOf, type RestCall, type Row } from './rest-call.ts';
import { restGroups, restPaths } from './rest-memberships.ts';
import { asWindow, fromDate8, fulfils, toDate8, type AccessWindow } from './window.ts';

/** The REST API. Source: https://www.atrixware.com/docs/manual.php?id=18&page=470& and the pages beside it. */
export function restApi(context: AxisContext): AxisApi {
  const settings = settingsOf(context.options);
  const call = createRestCall(context, settings);
  const fields = ['id', 'username', 'email', 'date_expire', ...(settings.orderField === '' ? [] : [settings.orderField])].join(
    ',',
  );

  function asUser(row: Row): AxisUser {
    const [email, expires] = [textOf(row, 'email'), fromDate8(textOf(row, 'date_expire'))];
    const orderId = settings.orderField === '' ? '' : textOf(row, settings.orderField);
    return {
      id: textOf(row, 'id'),
      username: textOf(row, 'username'),
      ...(email !== '' && { email }),
      ...(expires !== undefined && { expires }),
      ...(orderId !== '' && { orderId }),
    };
  }

  return {
    tellsDates: true,
    async findUsers(field, value) {
      if (value.includes(',')) return [];
      const rows = await call.read(`find a user by ${field}`, '/users/filtered/', { fields, user_filter: `${field}=${value}` });
      return rows.filter((row) => textOf(row, 'id') !== '' && isSameText(textOf(row, field), value)).map(asUser);
    },
    async findInactive(username) {
      const rows = await call.read('list inactive users', '/users/list/inactive/');
      const found = rows.find((row) => isSameText(textOf(row, 'username'), username));
      if (!found) return undefined;
      const [user] = await call.read(`read user ${textOf(found, 'id')}`, `/users/${segment(textOf(found, 'id'))}/`, { fields });
      return asUser(user ?? found);
    },
    async createUser(username, extra) {
      const row = await call.write('POST', 'create a user', '/users/', { username, ...extra });
      return textOf(row, 'id');
    },
    async setAccountEnd({ id }, day) {
      await call.write('PUT', `extend the account of user ${id}`, `/users/${segment(id)}`, { date_expire: toDate8(day) });
      const [row] = await call.read(`read user ${id}`, `/users/${segment(id)}/`, { fields: 'id,date_expire' });
      if (!row || fromDate8(textOf(row, 'date_expire')) !== day)
        throw parametersIgnored('put', `extending the account of user ${id}`);
    },
    findCourse: (course) => findCourse(call, course),
    enrolment: (course, user) => readEnrolment(call, course.id, user.id),
    async enrol(course, user, window) {
      const dates = {
        ...(window.start !== undefined && { start: toDate8(window.start) }),
        ...(window.end !== undefined && { end: toDate8(window.end) }),
      };
      const what = `enrol user ${user.id} in course ${course.id}`;
      const answer = await call.write('POST', what, enrolmentPath(course.id, user.id), dates);
      if (repeatsDates(answer, window)) return;
      const present = await readEnrolment(call, course.id, user.id);
      if (typeof present === 'object' && fulfils(present, window, settings.openEnd)) return;
      throw parametersIgnored('post', `enrolling user ${user.id} in course ${course.id}`);
    },
    async disenrol(course, user) {
      await call.write('DELETE', `disenrol user ${user.id} from course ${course.id}`, enrolmentPath(course.id, user.id));
    },
    async loginLink({ id }) {
      const [row] = await call.read(`make a sign-in link for user ${id}`, `/users/${segment(id)}/`, { fields: 'id,role,sso' });
      if (!row || textOf(row, 'role').toLowerCase() === 'manager') return undefined;
      return textOf(row, 'sso') || undefined;
    },
    paths: restPaths(call),
    groups: restGroups(call, settings.groupPath),
    probe: () => call.probe(),
  };
}

async function findCourse(call: RestCall, course: string): Promise<Target | undefined> {
  try {
    const [row] = await call.read(`read course ${course}`, `/courses/${segment(course)}/`);
    if (!row || textOf(row, 'id') !== course) return undefined;
    return { id: course, name: textOf(row, 'name'), isActive: textOf(row, 'is_active').toLowerCase() !== 'no' };
  } catch (error) {
    if (hasCode(error, 'AXIS_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** An answer names the dates that were sent. Source: https://www.atrixware.com/docs/manual.php?id=18&page=491 */
function repeatsDates(answer: Row, { start, end }: AccessWindow): boolean {
  const told = (name: string, day: string | undefined) => day === undefined || fromDate8(textOf(answer, name)) === day;
  return told('start_date', start) && told('end_date', end);
}

/** A script that looks elsewhere for parameters does half of what was asked, and says that all is well. */
function parametersIgnored(method: 'post' | 'put', what: string): Error {
  return giveUp('AXIS_PARAMETERS_IGNORED', `Axis LMS confirmed ${what} but did not take the dates.`, {
    hint: `Try another "bodyEncoding.${method}": form, json or query. Then retry the step.`,
  });
}

const rowsPerPage = 100;

/**
 * Looks for the user among all of the course. Whether the list is paged is not documented: exactly 100 rows may be a page.
 * A list of thousands is read whole, since there is no call for one user.
 */
async function readEnrolment(call: RestCall, course: string, user: string): Promise<Enrolled> {
  const what = `list the users of course ${course}`;
  const base = `/courses/${segment(course)}/users/all/`;
  let rows = await call.read(what, base);
  for (let page = 2; ; page += 1) {
    const found = rows.find((row) => rowUser(row) === user);
    if (found) return windowOf(found);
    if (rows.length > 0 && rows.every((row) => rowUser(row) === '')) throw unknownRows(what);
    if (rows.length !== rowsPerPage) return 'absent';
    const next = await call.read(what, `${base}page${page}/`).catch((error: unknown) => {
      if (isRefusal(error)) return [];
      throw error;
    });
    const isSamePage = next[0] !== undefined && rows[0] !== undefined && rowUser(next[0]) === rowUser(rows[0]);
    if (isSamePage) return 'absent';
    rows = next;
  }
}

function rowUser(row: Row): string {
  return textOf(row, 'user_id', 'id');
}

function windowOf(row: Row): AccessWindow {
  return asWindow(fromDate8(textOf(row, 'start_date', 'start')), fromDate8(textOf(row, 'end_date', 'end')));
}

function unknownRows(what: string): Error {
  const answer = { status: 200, headers: { 'content-type': 'rows without an id' }, text: '', json: () => undefined };
  return unreadable({ what, writes: false }, answer, 'rows that name users');
}

function enrolmentPath(course: string, user: string): string {
  return `/courses/enrollments/${segment(course)}/${segment(user)}/`;
}

export function segment(text: string): string {
  return encodeURIComponent(text);
}

function isSameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}
