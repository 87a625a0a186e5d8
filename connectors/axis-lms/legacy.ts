import { randomBytes } from 'node:crypto';
import { giveUp } from 'handover/contract';
import { createClient } from './client.ts';
import { readLegacyAnswer, type LegacyAnswer } from './legacy-answer.ts';
import { settingsOf } from './options.ts';
import type { AxisApi, AxisContext, Target } from './port.ts';
import { legacyFalse, statusProblem, unreadable, type Asked } from './problems.ts';
import { toDate8 } from './window.ts';

/**
 * The deprecated query-string interface: users go by user name, courses by name, and a failure is the word `false`.
 * Source: https://www.atrixware.com/docs/manual.php?id=9&page=29& (functions), page=80& (answers); the call form is known from
 * a published integration, https://github.com/EncipherDesignStudio/Axis-LMS-API-integration
 */
export function legacyApi(context: AxisContext): AxisApi {
  const settings = settingsOf(context.options);
  const client = createClient(context, settings);

  async function ask(asked: Asked, command: string, ...parameters: readonly string[]): Promise<LegacyAnswer> {
    const [p2 = '', p3 = '', p4 = '', p5 = ''] = parameters;
    const query = { auth: settings.apiKey, command, p1: settings.partition, p2, p3, p4, p5 };
    const response = await client.send({ ...asked, method: 'GET', query });
    if (response.status === 401 || response.status === 403) throw keyRefused(response.status);
    const problem = statusProblem(response.status, asked, '', response.retryAfterMs);
    if (problem) throw problem;
    const answer = readLegacyAnswer(response.text);
    if (!answer) throw unreadable(asked, response, 'an api_result in XML');
    return answer;
  }

  async function doIt(what: string, command: string, ...parameters: readonly string[]): Promise<void> {
    const asked = { what, writes: true };
    const answer = await ask(asked, command, ...parameters);
    if (isWord(answer, 'true')) return;
    throw isWord(answer, 'false') ? legacyFalse(asked) : unwanted(asked);
  }

  /** Makes a link good for `minutes`; the only documented way to learn whether a user exists. */
  async function signIn(username: string, minutes: number): Promise<string | undefined> {
    const asked = { what: 'make a sign-in link', writes: false };
    const answer = await ask(asked, 'user__getSSO', username, 'false', String(minutes));
    if (isWord(answer, 'false')) return undefined;
    const [only] = answer;
    if (answer.length !== 1 || !only || only.text.trim() === '') throw unwanted(asked);
    return only.text.trim();
  }

  return {
    tellsDates: false,
    async findUsers(field, value) {
      if (field === 'email' || (await signIn(value, 1)) === undefined) return [];
      return [{ id: value, username: value }];
    },
    findInactive: () => Promise.resolve(undefined),
    async createUser(username, fields) {
      const pairs = Object.entries(fields).map(([name, text]) => `${name}=${text.replace(/[\s|]+/g, ' ').trim()}`);
      await doIt('create a user', 'user__add', username, `${randomBytes(18).toString('base64url')}aA1!`, pairs.join('||'));
      return username;
    },
    async findCourse(course) {
      const asked = { what: `read course "${course}"`, writes: false };
      const answer = await ask(asked, 'course__getRecord', course);
      return isWord(answer, 'false') ? undefined : courseOf(course, answer);
    },
    async enrolment(course, user) {
      const asked = { what: `list the users of course "${course.id}"`, writes: false };
      const answer = await ask(asked, 'course__getUserList', course.id);
      if (isWord(answer, 'false')) return 'unknown';
      const isListed = answer.some(({ text }) => text.trim().toLowerCase() === user.id.toLowerCase());
      return isListed ? 'listed' : 'absent';
    },
    async enrol(course, user, { start, end }) {
      const dates = [start, end].map((day) => (day === undefined ? '' : toDate8(day)));
      await doIt(`enrol a learner in course "${course.id}"`, 'user__enroll', user.id, course.id, ...dates);
    },
    async disenrol(course, user) {
      await doIt(`disenrol a learner from course "${course.id}"`, 'user__disenroll', user.id, course.id);
    },
    loginLink: (user) => signIn(user.id, settings.ssoMinutes),
    async probe() {
      const answer = await ask({ what: 'list the courses', writes: false }, 'course__getList');
      if (isWord(answer, 'false')) throw keyRefused();
    },
  };
}

function courseOf(course: string, answer: LegacyAnswer): Target {
  return { id: course, name: answer.find(({ name }) => name === 'name')?.text ?? course };
}

function isWord(answer: LegacyAnswer, word: 'true' | 'false'): boolean {
  return answer.length === 1 && answer[0]?.name === 'result' && answer[0].text.trim().toLowerCase() === word;
}

function unwanted(asked: Asked): Error {
  return unreadable(
    asked,
    { status: 200, headers: { 'content-type': 'XML' }, text: '', json: () => undefined },
    'the documented result',
  );
}

function keyRefused(status?: number): Error {
  return giveUp(
    'AXIS_KEY_REFUSED',
    `The Legacy API of Axis LMS refused the API key${status === undefined ? ' or the partition' : ` (status ${status})`}.`,
    {
      hint: 'Check "apiKey" and "partition".',
    },
  );
}
