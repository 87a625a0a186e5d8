import { escapeText, htmlReply, type DoubleReply } from '../double-server.ts';
import type { MoodleBooks } from './books.ts';

/** The front page: who is known and who is enrolled, for a person who looks on. */
export function booksPage({ users, enrolments, cohorts, groups, mails }: MoodleBooks): DoubleReply {
  const members = [...cohorts, ...groups].map(({ idnumber, members }) => [idnumber, members.join(', ')]);
  const body = [
    '<h1>Moodle (test double)</h1>',
    table(
      'Users',
      ['Id', 'Username', 'E-mail', 'Name', 'Suspended'],
      users.map(({ id, username, email, firstname, lastname, suspended }) => {
        return [String(id), username, email, `${firstname} ${lastname}`, suspended ? 'yes' : 'no'];
      }),
    ),
    table(
      'Enrolments',
      ['E-mail', 'Course', 'Method', 'From', 'Until', 'Active'],
      enrolments.map((each) => {
        return [each.email, each.course, each.method, momentOf(each.start), momentOf(each.end), each.isActive ? 'yes' : 'no'];
      }),
    ),
    table('Cohorts and groups', ['Id number', 'Members'], members),
    table(
      'Mails',
      ['Kind', 'To', 'At'],
      mails.map(({ kind, email, at }) => [kind, email, at.toISOString()]),
    ),
  ];
  return htmlReply('Moodle (test double)', body.join('\n'));
}

function momentOf(seconds: number): string {
  return seconds === 0 ? '' : new Date(seconds * 1000).toISOString();
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th>${text}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.map((text) => `<td>${escapeText(text)}</td>`).join('')}</tr>`);
  return `<h2>${title}</h2><table><tr>${head}</tr>${lines.join('') || '<tr><td>None yet</td></tr>'}</table>`;
}
