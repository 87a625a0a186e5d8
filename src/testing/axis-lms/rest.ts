import { jsonReply, redirectReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { checkKey, checkToken, requestToken, revokeToken } from './auth.ts';
import { courseUsers, listCourses, oneCourse } from './courses.ts';
import { disenrol, enrol } from './enrolments.ts';
import { disenrolFromPath, enrolInPath, listPaths, pathUsers } from './learning-paths.ts';
import { countOf } from './paging.ts';
import { sentParameters } from './parameters.ts';
import { Refusal, wording } from './refusal.ts';
import type { Lms } from './state.ts';
import { addMember, createGroup, listGroups, removeMember } from './usergroups.ts';
import { createUser, listUsers, oneUser, searchedUsers, updateUser } from './users.ts';

interface Call {
  readonly ids: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly sent: Readonly<Record<string, string>>;
}
type Route = readonly [method: string, path: RegExp, work: (lms: Lms, call: Call) => unknown];

const paging = String.raw`(?:page(?<page>[1-9]\d*)/|(?<count>count)/)?`;

/** Every path ends with a slash here; what becomes of one that came without is for `slash` to say. The first fit counts. */
const routes: readonly Route[] = [
  ['GET', /^\/token\/request\/$/, (lms) => requestToken(lms)],
  ['GET', /^\/token\/revoke\/$/, (lms, { query }) => revokeToken(lms, query['token'])],
  ['GET', /^\/users\/list\/(?:(?<status>active|inactive|all)\/)?$/, (lms, { ids }) => listUsers(lms, ids['status'])],
  ['GET', new RegExp(`^/users/(?<set>all|filtered)/${paging}$`), (lms, { ids, query }) => searchedUsers(lms, ids, query)],
  ['POST', /^\/users\/$/, (lms, { sent }) => ({ status: '200', id: createUser(lms, sent).id })],
  ['GET', new RegExp(`^/users/(?<user>[^/]+)/${paging}$`), (lms, { ids, query }) => oneUser(lms, ids, query)],
  ['PUT', /^\/users\/(?<user>[^/]+)\/$/, (lms, { ids, sent }) => ({ status: '200', id: updateUser(lms, ids['user'], sent).id })],
  ['GET', /^\/courses\/list\/$/, (lms) => listCourses(lms)],
  ['GET', /^\/courses\/count\/$/, (lms) => countOf([...lms.courses.keys()])],
  ['POST', /^\/courses\/enrollments\/(?<course>[^/]+)\/(?<user>[^/]+)\/$/, (lms, { ids, sent }) => enrol(lms, ids, sent)],
  ['DELETE', /^\/courses\/enrollments\/(?<course>[^/]+)\/(?<user>[^/]+)\/$/, (lms, { ids }) => disenrol(lms, ids)],
  [
    'GET',
    /^\/courses\/(?<course>[^/]+)\/users\/(?:(?<status>active|expired|all)\/)?(?:page(?<page>[1-9]\d*)\/)?$/,
    (lms, { ids }) => courseUsers(lms, ids),
  ],
  ['GET', /^\/courses\/(?<course>[^/]+)\/$/, (lms, { ids }) => oneCourse(lms, ids['course'])],
  ['GET', /^\/learningpaths\/list\/$/, (lms) => listPaths(lms)],
  ['GET', /^\/learningpaths\/(?<path>[^/]+)\/users\/(?:(?<user>[^/]+)\/)?$/, (lms, { ids }) => pathUsers(lms, ids)],
  ['POST', /^\/learningpaths\/enrollments\/(?<path>[^/]+)\/users\/(?<user>[^/]+)\/$/, (lms, { ids }) => enrolInPath(lms, ids)],
  [
    'DELETE',
    /^\/learningpaths\/enrollments\/(?<path>[^/]+)\/users\/(?<user>[^/]+)\/$/,
    (lms, { ids }) => disenrolFromPath(lms, ids),
  ],
  ['GET', /^\/usergroups\/list\/$/, (lms) => listGroups(lms)],
  ['POST', /^\/usergroups\/members\/(?<group>[^/]+)\/(?<user>[^/]+)\/$/, (lms, { ids }) => addMember(lms, ids)],
  ['DELETE', /^\/usergroups\/members\/(?<group>[^/]+)\/(?<user>[^/]+)\/$/, (lms, { ids }) => removeMember(lms, ids)],
  ['POST', /^\/usergroups\/(?<name>[^/]+)\/$/, (lms, { ids }) => ({ status: '200', id: createGroup(lms, ids['name']).id })],
];

/** The REST API. `path` is what follows its base. */
export function answerRest(lms: Lms, path: string, request: DoubleRequest): DoubleReply {
  try {
    const slashed = path.endsWith('/') ? path : `${path}/`;
    const known = routes.filter(([, pattern]) => pattern.test(slashed));
    const isSlashless = slashed !== path && !(request.method === 'PUT' && known.some(([method]) => method === 'PUT'));
    if (isSlashless && known.length > 0 && lms.switches.slash === 'redirect')
      return redirectReply(slashedAddress(lms, slashed, request), 301);
    if (slashed.startsWith('/token/')) checkKey(lms, request);
    else checkToken(lms, request);
    if (known.length === 0 || (isSlashless && lms.switches.slash === 'notFound')) throw new Refusal('unknownPath');
    const route = known.find(([method]) => method === request.method);
    if (!route) throw new Refusal('wrongMethod');
    const [, pattern, work] = route;
    return jsonReply(
      work(lms, { ids: readIds(pattern, slashed), query: request.query, sent: sentParameters(request, lms.switches) }),
    );
  } catch (error) {
    if (error instanceof Refusal) return refuse(lms, error);
    throw error;
  }
}

function readIds(pattern: RegExp, path: string): Record<string, string> {
  const groups = Object.entries(pattern.exec(path)?.groups ?? {}).filter(([, text]) => typeof text === 'string');
  try {
    return Object.fromEntries(groups.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw new Refusal('unknownPath');
  }
}

function slashedAddress(lms: Lms, slashed: string, { query }: DoubleRequest): string {
  const search = new URLSearchParams(query).toString();
  return `${lms.switches.basePath}${slashed}${search && '?'}${search}`;
}

/** The body of an error is invented: no public page shows one. */
function refuse(lms: Lms, { reason, status }: Refusal): DoubleReply {
  lms.refusals += 1;
  const reply = jsonReply({ status: String(status), error: wording(reason, lms.refusals) }, status);
  if (lms.switches.errorStyle === 'body') return { ...reply, status: 200 };
  return lms.switches.errorStyle === 'bare' ? { ...reply, body: '' } : reply;
}
