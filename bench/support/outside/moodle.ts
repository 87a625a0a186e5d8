import type { IncomingMessage, ServerResponse } from 'node:http';

export const benchToken = 'moodle-bench-token';
const courseId = 17;

interface User {
  readonly id: number;
  readonly username: string;
  readonly email: string;
}

/**
 * The web service of a Moodle with one course, answered at once and from memory: what enrolling takes, and no more. A strict one
 * is in src/testing/moodle; this one must cost little, since it shares the machine with what is measured.
 */
export function createMoodle(enrolled: (email: string) => void) {
  const byEmail = new Map<string, User>();
  const byId = new Map<number, User>();
  const courses = { courses: [{ id: courseId, idnumber: 'ts-101', fullname: 'TypeScript in a week', visible: 1 }] };

  const functions: Readonly<Record<string, (form: URLSearchParams) => unknown>> = {
    core_course_get_courses_by_field: () => courses,
    core_user_get_users: (form) => ({ users: found(form.get('criteria[0][value]')), warnings: [] }),
    core_user_get_users_by_field: (form) => found(form.get('values[0]')),
    core_user_create_users(form) {
      const [email, username] = [form.get('users[0][email]') ?? '', form.get('users[0][username]') ?? ''];
      if (email === '' || username === '' || byEmail.has(email)) return refusal('invalidparameter');
      const user = { id: byId.size + 100, username, email };
      byEmail.set(email, user);
      byId.set(user.id, user);
      return [{ id: user.id, username }];
    },
    core_enrol_get_users_courses: () => [],
    core_enrol_get_enrolled_users: () => [],
    enrol_manual_enrol_users(form) {
      const user = byId.get(Number(form.get('enrolments[0][userid]')));
      if (!user || Number(form.get('enrolments[0][courseid]')) !== courseId) return refusal('invalidparameter');
      enrolled(user.email);
      return null;
    },
  };

  function found(email: string | null): readonly User[] {
    const user = byEmail.get(email ?? '');
    return user ? [user] : [];
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
    const form = new URLSearchParams(text);
    const work = functions[form.get('wsfunction') ?? ''];
    const body = form.get('wstoken') !== benchToken ? refusal('invalidtoken') : work ? work(form) : refusal('invalidrecord');
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
}

function refusal(errorcode: string) {
  return { exception: 'moodle_exception', errorcode, message: errorcode };
}
