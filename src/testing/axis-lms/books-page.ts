import { escapeText, htmlReply, type DoubleReply } from '../double-server.ts';
import type { AxisLmsBooks } from './books.ts';

/** The front page: who is known and who is enrolled, for a person who looks on. */
export function booksPage({ users, enrolments, learningPathEnrolments, notifications }: AxisLmsBooks): DoubleReply {
  const body = [
    '<h1>Axis LMS (test double)</h1>',
    table(
      'Users',
      ['Id', 'Username', 'E-mail', 'Name', 'Active'],
      users.map(({ id, username, email, firstName, lastName, isActive }) => {
        return [id, username, email, `${firstName} ${lastName}`, isActive ? 'yes' : 'no'];
      }),
    ),
    table(
      'Course enrolments',
      ['Username', 'Course', 'From', 'Until'],
      enrolments.map(({ username, courseName, start, end }) => [username, courseName, start, end]),
    ),
    table(
      'Learning path enrolments',
      ['Username', 'Learning path'],
      learningPathEnrolments.map(({ username, learningPathName }) => [username, learningPathName]),
    ),
    table(
      'Notifications',
      ['Username', 'About', 'At'],
      notifications.map(({ username, name, at }) => [username, name, at.toISOString()]),
    ),
  ];
  return htmlReply('Axis LMS (test double)', body.join('\n'));
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th>${text}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.map((text) => `<td>${escapeText(text)}</td>`).join('')}</tr>`);
  return `<h2>${title}</h2><table><tr>${head}</tr>${lines.join('') || '<tr><td>None yet</td></tr>'}</table>`;
}
