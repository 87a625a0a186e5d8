import { escapeText, htmlReply, type DoubleReply } from '../double-server.ts';
import { freshSecret, isActive, type Lms, type User } from './state.ts';

/** A new sign-in link nobody can guess. `minutes` 0 means that it never ends. */
export function signInLink(lms: Lms, user: User, minutes: number): string {
  const code = freshSecret(lms, 32);
  const endsAtMs = minutes === 0 ? Infinity : lms.now().getTime() + minutes * 60_000;
  lms.signIns.set(code, { userId: user.id, endsAtMs });
  return `${lms.origin()}/sso/${code}`;
}

/** What the browser shows behind a sign-in link: the user's courses, or 403 once the link has ended. */
export function signInPage(lms: Lms, code: string): DoubleReply {
  const found = lms.signIns.get(code);
  const user = lms.users.get(found?.userId ?? '');
  if (!found || !user || lms.now().getTime() >= found.endsAtMs || !isActive(lms, user)) {
    return htmlReply('Link expired', '<h1>This sign-in link has expired</h1>', 403);
  }
  const rows = lms.enrolments
    .filter(({ userId }) => userId === user.id)
    .map(({ courseId, start, end }) => {
      const name = lms.courses.get(courseId)?.name ?? courseId;
      return `<li>${escapeText(name)} (from ${start || 'now'}, until ${end || 'no end'})</li>`;
    });
  const paths = lms.pathEnrolments
    .filter(({ userId }) => userId === user.id)
    .map(({ pathId }) => `<li>${escapeText(lms.paths.get(pathId)?.name ?? pathId)} (learning path)</li>`);
  const list = [...rows, ...paths].join('') || '<li>No courses yet</li>';
  const who = escapeText(user.fields['username'] ?? '');
  return htmlReply('My courses', `<h1>Signed in as ${who}</h1><h2>My courses</h2><ul>${list}</ul>`);
}
