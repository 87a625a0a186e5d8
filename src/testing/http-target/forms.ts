import { createHash } from 'node:crypto';
import { escapeText, redirectReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { TargetState } from './state.ts';

/** Who may sign in at the forms. */
export const formUser = { user: 'shop', password: 'pa&ss word"1' };

const page = (body: string, status = 200): DoubleReply => ({
  status,
  headers: { 'content-type': 'text/html; charset=iso-8859-1' },
  body: `<html><body>${body}</body></html>`,
});

/**
 * Pages as old LMSs have them: one signs in by a form, each form carries a token of its page, success is a redirect or a word
 * on the page, and a failure comes with status 200.
 */
export function answerForm(request: DoubleRequest, state: TargetState): DoubleReply {
  const { sessions } = state.books;
  const id = /(?:^|; )SID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const session = id === undefined ? undefined : sessions.get(id);
  if (request.path === '/forms/login') return request.method === 'POST' ? signIn(request, state) : page('Please sign in.');
  if (!session?.isSignedIn) return redirectReply('/forms/login');
  const action = request.path.slice('/forms/'.length);
  if (action !== 'enrol' && action !== 'withdraw') return page('Not found', 404);
  if (request.method === 'GET') return page(`<form><input type="hidden" name="csrf" value="${escapeText(session.csrf)}"></form>`);
  const { csrf, email = '', course = '' } = request.form;
  if (csrf !== session.csrf) return page('Your form has expired.');
  if (!state.books.courses.has(course) || !email.includes('@')) return page('Error: unknown course.');
  return action === 'enrol' ? enrol(email, course, state) : withdraw(email, course, state);
}

function signIn({ form }: DoubleRequest, { books }: TargetState): DoubleReply {
  if (form['user'] !== formUser.user || form['password'] !== formUser.password) return page('Wrong password.');
  const id = createHash('sha256').update(`${books.sessions.size}`).digest('hex').slice(0, 16);
  books.sessions.set(id, { csrf: `t&${id}`, isSignedIn: true });
  return { ...redirectReply('/forms/home'), headers: { location: '/forms/home', 'set-cookie': `SID=${id}; Path=/; HttpOnly` } };
}

function enrol(email: string, course: string, { books }: TargetState): DoubleReply {
  const isThere = books.seats.some((seat) => seat.user === email && seat.course === course);
  if (!isThere) books.seats.push({ course, user: email, until: '', isSuspended: false });
  return page(isThere ? 'The learner is enrolled already.' : 'The learner has been enrolled.');
}

function withdraw(email: string, course: string, { books }: TargetState): DoubleReply {
  books.seats = books.seats.filter((seat) => seat.user !== email || seat.course !== course);
  return redirectReply('/forms/enrol?done=withdrawn');
}
