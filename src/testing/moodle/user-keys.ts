import { escapeText, htmlReply, redirectReply, type DoubleReply } from '../double-server.ts';
import { need } from './capabilities.ts';
import { invalid, optional, raw, record } from './checks.ts';
import { Refusal } from './refusal.ts';
import { freshSecret, isActive, isSame, type Moodle } from './state.ts';
import { defineFunction } from './ws-function.ts';

/** The plugin auth_userkey: a login address for one use, by the one field that the site chose. */
export const userKeyFunctions = {
  auth_userkey_request_login_url: defineFunction(
    { user: record({ email: optional(raw), username: optional(raw), idnumber: optional(raw), ip: optional(raw) }) },
    (moodle, { user: sent }) => {
      const field = moodle.switches.userKeyField;
      const strange = Object.entries(sent).filter(([name, value]) => ![field, 'ip'].includes(name) && value !== undefined);
      const value = sent[field];
      if (strange.length > 0 || value === undefined) throw invalid(`Required field "${field}" is not set or empty.`);
      if (!moodle.switches.userKeys) throw new Refusal('accessexception');
      need(moodle, 'Generate login user key', 'auth/userkey:generatekey');
      const user = [...moodle.users.values()].find((each) => !each.deleted && isSame(moodle, each[field], value));
      if (!user) throw invalid('User is not exist');
      for (const [key, { userId }] of moodle.loginKeys) if (userId === user.id) moodle.loginKeys.delete(key);
      const key = freshSecret(moodle);
      moodle.loginKeys.set(key, { userId: user.id, endsAtMs: moodle.now().getTime() + moodle.switches.userKeySeconds * 1000 });
      return { loginurl: `${moodle.wwwroot()}/auth/userkey/login.php?key=${key}` };
    },
  ),
};

/** What the browser gets at a login address: signed in and sent on once, an error page ever after. */
export function loginPage(moodle: Moodle, { key = '', wantsurl = '' }: Readonly<Record<string, string>>): DoubleReply {
  const found = moodle.loginKeys.get(key);
  moodle.loginKeys.delete(key);
  if (!found || moodle.now().getTime() >= found.endsAtMs) return htmlReply('Error', '<h1>Incorrect key</h1>', 404);
  const reply = redirectReply(wantsurl === '' ? moodle.wwwroot() : wantsurl, 303);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': `MoodleSession=user-${found.userId}; Path=/; HttpOnly` } };
}

/** A course as a browser sees it: for the learner of the session, or the login form. */
export function coursePage(moodle: Moodle, courseId: number, cookie: string): DoubleReply {
  const user = moodle.users.get(Number(/MoodleSession=user-(\d+)/.exec(cookie)?.[1]));
  const course = moodle.courses.get(courseId);
  if (!user) return htmlReply('Log in', '<h1>Log in to the site</h1>');
  const isIn = moodle.enrolments.some((each) => each.userId === user.id && each.courseId === courseId && isActive(moodle, each));
  if (!course || !isIn) return htmlReply('Enrolment options', '<h1>You cannot enrol yourself in this course</h1>', 403);
  return htmlReply(course.fullname, `<h1>${escapeText(course.fullname)}</h1><p>Signed in as ${escapeText(user.email)}</p>`);
}
