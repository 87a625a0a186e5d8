/**
 * A strict double of Axis LMS: the REST API and the deprecated Legacy API over real HTTP, for tests and demonstrations.
 * What the vendor documents is fixed; what public pages leave open is a switch, so a connector can be tried under every value.
 */
import { fault, htmlReply, startDouble, type Fault, type FaultQueue } from '../double-server.ts';
import { createAdmin, type AxisLmsAdmin } from './admin.ts';
import { expireTokenOf } from './auth.ts';
import { booksPage } from './books-page.ts';
import { openBooks, type AxisLmsBooks } from './books.ts';
import { answerLegacy } from './legacy.ts';
import { answerRest } from './rest.ts';
import { signInPage } from './sign-in.ts';
import { randomText, type Lms } from './state.ts';
import { defaultSwitches, type AxisLmsSwitches } from './switches.ts';

export type { AxisLmsAdmin, AxisLmsCourse, NewAxisLmsCourse, NewAxisLmsUser } from './admin.ts';
export type { AxisLmsBooks, AxisLmsEnrolment, AxisLmsNotification, AxisLmsPathEnrolment, AxisLmsUser } from './books.ts';
export type { AxisLmsSwitches, BodyEncoding, KeyPlacement } from './switches.ts';

export interface AxisLmsOptions extends Partial<AxisLmsSwitches> {
  /** The clock of tokens, sign-in links and "today". @default the machine's */
  now?: () => Date;
  /** @default a new one for each double */
  apiKey?: string;
  /** @default 0, a free port */
  port?: number;
  /** The zone in which a token's expiry is printed and a day begins. The wire never tells it. @default 'America/New_York' */
  timeZone?: string;
  /** Installed language packs, for `localization`. @default ['English'] */
  languages?: readonly string[];
  /** What the Legacy API wants as p1. @default 'admin' */
  partition?: string;
}

export interface AxisLmsDouble extends AxisLmsAdmin {
  /** The base URL for a connector, such as `http://127.0.0.1:4711/api.php`. No slash at the end. */
  readonly url: string;
  /** The Legacy API's address. */
  readonly legacyUrl: string;
  /** Where a browser sees the books. */
  readonly origin: string;
  readonly apiKey: string;
  readonly books: AxisLmsBooks;
  readonly faults: FaultQueue;
  /** A fault: the request's token dies just before it is checked. */
  readonly expireToken: Fault;
  /** May be changed at any time, `basePath` excepted; the next request is treated accordingly. */
  readonly switches: AxisLmsSwitches;
  /** Ends all live tokens now. */
  expireTokens(): void;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1, with no users and no courses. */
export async function startAxisLms(options: AxisLmsOptions = {}): Promise<AxisLmsDouble> {
  const { now = () => new Date(), apiKey = randomText(32), port, timeZone = 'America/New_York', ...rest } = options;
  const { languages = ['English'], partition = 'admin', ...switches } = rest;
  const lms: Lms = {
    apiKey,
    switches: { ...defaultSwitches, ...switches },
    timeZone,
    languages,
    partition,
    now,
    origin: () => server.origin,
    users: new Map(),
    courses: new Map(),
    enrolments: [],
    paths: new Map(),
    pathEnrolments: [],
    groups: new Map(),
    notifications: [],
    tokens: new Map(),
    signIns: new Map(),
    secrets: [apiKey],
    refusals: 0,
  };
  const books = openBooks(lms, () => server.requests);
  const { basePath } = lms.switches;

  const server = await startDouble({
    port,
    now,
    pages({ method, path }) {
      if (method !== 'GET') return undefined;
      if (path === '/') return booksPage(books);
      return path.startsWith('/sso/') ? signInPage(lms, path.slice('/sso/'.length)) : undefined;
    },
    handle(request) {
      if (request.path === legacyPath) return answerLegacy(lms, request);
      if (request.path.startsWith(`${basePath}/`)) return answerRest(lms, request.path.slice(basePath.length), request);
      return htmlReply('Not found', '<h1>Not found</h1>', 404);
    },
  });

  return {
    ...createAdmin(lms),
    url: server.origin + basePath,
    legacyUrl: server.origin + legacyPath,
    origin: server.origin,
    apiKey,
    books,
    faults: server.faults,
    expireToken: fault.first((request) => expireTokenOf(lms, request)),
    switches: lms.switches,
    expireTokens: () => expireTokenOf(lms),
    goDown: () => server.goDown(),
    comeBack: () => server.comeBack(),
    close: () => server.close(),
  };
}

const legacyPath = '/lms/api.php';
