import { startMoodle, type MoodleDouble, type MoodleDoubleOptions } from '../../src/testing/moodle/index.ts';
import { ask, stoppedClock, type Answer } from './axis-lms-client.ts';

export type Fields = Readonly<Record<string, string | number>>;

export interface Caller {
  readonly moodle: MoodleDouble;
  readonly clock: ReturnType<typeof stoppedClock>;
  /** What the function answers, parsed. */
  call(name: string, fields?: Fields): Promise<unknown>;
  /** The `errorcode`; undefined for success. */
  code(name: string, fields?: Fields): Promise<unknown>;
  post(fields: Fields): Promise<Answer>;
}

/** The plainest possible caller of a new double: a form, the token, JSON, no second attempts. */
export async function startCaller(options: MoodleDoubleOptions = {}): Promise<Caller> {
  const clock = stoppedClock();
  const moodle = await startMoodle({ now: clock.now, ...options });
  const post = (fields: Fields) => {
    const body = new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]));
    return ask(`${moodle.url}/webservice/rest/server.php`, { method: 'POST', body });
  };
  const call = async (name: string, fields: Fields = {}) => {
    const { json } = await post({ wstoken: moodle.token, wsfunction: name, moodlewsrestformat: 'json', ...fields });
    return json;
  };
  return {
    moodle,
    clock,
    post,
    call,
    code: async (name, fields) => ((await call(name, fields)) as { errorcode?: unknown } | null)?.errorcode,
  };
}

export function newUser(changes: Fields = {}): Fields {
  const user = {
    username: 'ada',
    firstname: 'Ada',
    lastname: 'Byron',
    email: 'ada@example.org',
    password: 'Secret-1',
    ...changes,
  };
  return Object.fromEntries(Object.entries(user).map(([name, value]) => [`users[0][${name}]`, value]));
}

export function enrolment(fields: Fields): Fields {
  const all: Fields = { roleid: 5, ...fields };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`enrolments[0][${name}]`, value]));
}
