/**
 * A strict double of a Moodle site's web services, after what real servers of the releases 4.3 and 4.5 were seen to answer:
 * one address, parameters as PHP reads them, failures with HTTP 200, rights that can be taken away one by one.
 */
import { htmlReply, startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { addUser, createAdmin, type MoodleAdmin } from './admin.ts';
import { openBooks, type MoodleBooks } from './books.ts';
import { booksPage } from './books-page.ts';
import { sufficientCapabilities, type MoodleCapability } from './capability-names.ts';
import { answerRest, knownFunctions } from './rest.ts';
import { randomHex, type Moodle } from './state.ts';
import { defaultSwitches, type MoodleSwitches } from './switches.ts';
import { coursePage, loginPage } from './user-keys.ts';

export type { MoodleAdmin } from './admin.ts';
export type { MoodleBooks, MoodleEnrolment, MoodleMail, MoodleUser } from './books.ts';
export { sufficientCapabilities, type MoodleCapability } from './capability-names.ts';
export type { MoodleSwitches } from './switches.ts';

export interface MoodleDoubleOptions {
  /** @default '4.5' */
  version?: '4.3' | '4.5';
  switches?: Partial<MoodleSwitches>;
  /** What the service account may do. @default a sufficient set, without `moodle/user:viewalldetails` */
  capabilities?: readonly MoodleCapability[];
  /** The site's path, for one that is not at the root of its host. @default '' */
  path?: '' | `/${string}`;
  /** @default the machine's */
  now?: () => Date;
  /** @default a new one for each double */
  token?: string;
  /** @default 0, a free port */
  port?: number;
}

export interface MoodleDouble extends MoodleAdmin {
  /** The site's address, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  readonly books: MoodleBooks;
  readonly faults: FaultQueue;
  /** May be changed at any time; the next call is treated accordingly. */
  readonly switches: MoodleSwitches;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1, with a guest (1), an administrator (2), the service account (3), and no course but the front page. */
export async function startMoodle(options: MoodleDoubleOptions = {}): Promise<MoodleDouble> {
  const { version = '4.5', path = '', now = () => new Date(), token = randomHex(16), port } = options;
  const moodle: Moodle = {
    version,
    switches: { ...defaultSwitches, ...options.switches },
    now,
    wwwroot: () => server.origin + path,
    token,
    tokenIsDeleted: false,
    serviceUserId: 3,
    capabilities: new Set(options.capabilities ?? sufficientCapabilities),
    assignableRoles: new Set([5]),
    functions: new Set(knownFunctions),
    users: new Map(),
    courses: new Map(),
    enrolments: [],
    cohorts: new Map(),
    groups: new Map(),
    mails: [],
    loginKeys: new Map(),
    secrets: [token],
    nextIds: { user: 1, course: 1, cohort: 61, group: 41 },
  };
  const admin = createAdmin(moodle);
  addUser(moodle, { email: 'root@localhost', username: 'guest', firstname: 'Guest user', lastname: ' ' });
  addUser(moodle, { email: 'admin@example.com', username: 'admin', firstname: 'Admin', lastname: 'User' });
  addUser(moodle, { email: 'shop@example.com', username: 'shopws', firstname: 'Shop', lastname: 'Service' });
  moodle.nextIds.user = firstUserId;
  admin.addCourse({ idnumber: '', shortname: 'site', fullname: 'Example School', methods: [] });
  moodle.nextIds.course = 21;
  const books = openBooks(moodle, firstUserId, () => server.requests);

  const server = await startDouble({
    port,
    now,
    pages: (request) => showPage(moodle, books, path, request),
    handle(request) {
      if (request.path === `${path}/webservice/rest/server.php`) return answerRest(moodle, request);
      return htmlReply('Not found', '<h1>404 Not Found</h1>', 404);
    },
  });

  return {
    ...admin,
    url: server.origin + path,
    token,
    books,
    faults: server.faults,
    switches: moodle.switches,
    goDown: () => server.goDown(),
    comeBack: () => server.comeBack(),
    close: () => server.close(),
  };
}

const firstUserId = 501;

function showPage(moodle: Moodle, books: MoodleBooks, base: string, request: DoubleRequest): DoubleReply | undefined {
  if (request.method !== 'GET') return undefined;
  const { path, query, headers } = request;
  if (path === `${base}/`) return booksPage(books);
  if (path === `${base}/auth/userkey/login.php`) return loginPage(moodle, query);
  if (path === `${base}/course/view.php`) return coursePage(moodle, Number(query['id']), headers.cookie ?? '');
  return undefined;
}
