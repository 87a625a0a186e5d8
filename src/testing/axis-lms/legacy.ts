import { htmlReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { findEnrolment, removeEnrolment, setEnrolment } from './enrolments.ts';
import { legacyReply, type LegacyResult } from './legacy-xml.ts';
import { Refusal } from './refusal.ts';
import { signInLink } from './sign-in.ts';
import { findByUsername, isActive, type Course, type Lms, type User } from './state.ts';
import { legacyFields } from './user-fields.ts';
import { createUser } from './users.ts';

type Parameters = readonly [p2: string, p3: string, p4: string, p5: string];

/** The deprecated query-string API: it says `false` to whatever goes wrong, and never why. */
export function answerLegacy(lms: Lms, { method, query }: DoubleRequest): DoubleReply {
  if (method !== 'GET') return htmlReply('Method not allowed', '<h1>Method not allowed</h1>', 405);
  if (query['auth'] !== lms.apiKey) {
    return lms.switches.legacyWrongKey === 'forbidden' ? htmlReply('Forbidden', '<h1>Forbidden</h1>', 403) : legacyReply(false);
  }
  const asked = (query['command'] ?? '').toLowerCase();
  const name = lms.switches.legacyCommandForm === 'both' ? asked.replace('/', '__') : asked;
  const command = commands.get(name);
  if (!command || query['p1'] !== lms.partition) return legacyReply(false);
  try {
    return legacyReply(command(lms, [query['p2'] ?? '', query['p3'] ?? '', query['p4'] ?? '', query['p5'] ?? '']));
  } catch (error) {
    if (error instanceof Refusal) return legacyReply(false);
    throw error;
  }
}

const commands = new Map<string, (lms: Lms, parameters: Parameters) => LegacyResult>([
  ['user__add', addUser],
  ['user__enroll', enrolUser],
  ['user__disenroll', disenrolUser],
  ['user__getsso', getSso],
  ['user__getrecord', getUserRecord],
  ['course__getlist', (lms) => activeCourses(lms).map(({ name }) => name)],
  ['course__getrecord', getCourseRecord],
  ['course__getuserlist', getCourseUsers],
]);

/** p2 username, p3 password, p4 `name=value` pairs joined by `||`. Source: https://www.atrixware.com/docs/manual.php?id=9&page=24& */
function addUser(lms: Lms, [username, password, pairs]: Parameters): boolean {
  if (password === '') return false;
  const read = pairs === '' ? [] : pairs.split('||').map((pair) => /^([^=]*)=(.*)$/s.exec(pair)?.slice(1) ?? []);
  if (!read.every(([name]) => name !== undefined && legacyFields.includes(name))) return false;
  createUser(lms, { ...(Object.fromEntries(read) as Record<string, string>), username });
  return true;
}

/** p2 username, p3 course name, p4 start, p5 end. Source: https://www.atrixware.com/docs/manual.php?id=9&page=29& */
function enrolUser(lms: Lms, [username, courseName, start, end]: Parameters): boolean {
  const [user, course] = [findByUsername(lms, username), findCourse(lms, courseName)];
  if (!user || !course) return false;
  if (lms.switches.legacyRepeatEnrol === 'false' && findEnrolment(lms, user, course)) return false;
  setEnrolment(lms, user, course, { start: start || undefined, end: end || undefined }, 'ok');
  return true;
}

/** The parameters are inferred from `user__enroll`. */
function disenrolUser(lms: Lms, [username, courseName]: Parameters): boolean {
  const [user, course] = [findByUsername(lms, username), findCourse(lms, courseName)];
  return user !== undefined && course !== undefined && removeEnrolment(lms, user, course);
}

/** p2 username, p3 create if missing, p4 minutes, 0 for ever. Source: https://www.atrixware.com/docs/manual.php?id=9&page=23& */
function getSso(lms: Lms, [username, create, minutes]: Parameters): LegacyResult {
  if (!/^\d{0,6}$/.test(minutes)) return false;
  const known = findByUsername(lms, username);
  const user: User | undefined = known ?? (create.toLowerCase() === 'true' ? createUser(lms, { username }) : undefined);
  return user !== undefined && isActive(lms, user) && signInLink(lms, user, Number(minutes));
}

/** Inferred: parameter and names. */
function getUserRecord(lms: Lms, [username]: Parameters): LegacyResult {
  const user = findByUsername(lms, username);
  if (!user || lms.switches.legacyReads === 'false') return false;
  return { id: user.id, ...user.fields, is_active: isActive(lms, user) ? 'yes' : 'no' };
}

/** Inferred: parameter, and that the list holds usernames. */
function getCourseUsers(lms: Lms, [courseName]: Parameters): LegacyResult {
  const course = findCourse(lms, courseName);
  if (!course || lms.switches.legacyReads === 'false') return false;
  return lms.enrolments
    .filter(({ courseId }) => courseId === course.id)
    .map(({ userId }) => lms.users.get(userId)?.fields['username'] ?? '');
}

function getCourseRecord(lms: Lms, [courseName]: Parameters): LegacyResult {
  const course = findCourse(lms, courseName);
  if (!course) return false;
  return {
    id: course.id,
    name: course.name,
    catalog_id: course.catalogId,
    publicly_listed: 'no',
    admin_description: '',
    info_page: '',
    price: '0.00',
  };
}

function findCourse(lms: Lms, name: string): Course | undefined {
  return [...lms.courses.values()].find((course) => course.name === name);
}

function activeCourses(lms: Lms): Course[] {
  return [...lms.courses.values()].filter((course) => course.isActive);
}
