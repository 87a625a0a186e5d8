/**
 * A double of "some LMS with an HTTP interface", for connectors that are told by configuration what to send: a REST interface
 * behind a token, and old pages with forms behind a sign-in. It copies no vendor's product.
 */
import { startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { answerForm } from './forms.ts';
import { answerRest } from './rest.ts';
import { answerToken, provesItself, type TargetAuth } from './proof.ts';

export interface HttpTargetSwitches {
  /** Whether an `Idempotency-Key` that was seen changes nothing any more. @default false */
  deduplicates: boolean;
  /** Whether enrolling somebody again is refused with 409 instead of answered like the first time. @default false */
  refusesRepeats: boolean;
  /** Whether enrolling adds a further seat each time, as naive systems do. @default false */
  addsSeats: boolean;
}

export interface HttpTargetOptions extends Partial<HttpTargetSwitches> {
  readonly auth?: TargetAuth | undefined;
  readonly now?: () => Date;
  readonly port?: number;
}

export interface TargetUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface TargetSeat {
  readonly course: string;
  readonly user: string;
  readonly until: string;
  isSuspended: boolean;
}

/** What the double knows. */
export interface TargetBooks {
  users: TargetUser[];
  seats: TargetSeat[];
  readonly courses: Set<string>;
  readonly seenKeys: Map<string, TargetSeat>;
  readonly tokens: { text: string; until: number }[];
  readonly sessions: Map<string, { csrf: string; isSignedIn: boolean }>;
}

export interface TargetState {
  readonly books: TargetBooks;
  readonly switches: HttpTargetSwitches;
  readonly auth: TargetAuth;
  readonly now: () => Date;
}

export interface HttpTarget {
  readonly origin: string;
  /** REST: `users`, `courses/<course>/seats`, `courses/<course>/seats/<user>`. */
  readonly apiUrl: string;
  readonly tokenUrl: string;
  /** Forms: `login`, `enrol`, `withdraw`. */
  readonly formsUrl: string;
  readonly books: Pick<TargetBooks, 'users' | 'seats'>;
  readonly requests: readonly DoubleRequest[];
  readonly faults: FaultQueue;
  readonly switches: HttpTargetSwitches;
  addUser(email: string): TargetUser;
  addSeat(course: string, user: string): void;
  /** Ends all access tokens now. */
  endTokens(): void;
  /** Access tokens that were given out. */
  tokens(): readonly string[];
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1, with the course `ts-101`. */
export async function startHttpTarget(options: HttpTargetOptions = {}): Promise<HttpTarget> {
  const { auth = { kind: 'none' }, now = () => new Date(), port, ...switches } = options;
  const given: string[] = [];
  const books: TargetBooks = {
    users: [],
    seats: [],
    courses: new Set(['ts-101']),
    seenKeys: new Map(),
    tokens: [],
    sessions: new Map(),
  };
  const state: TargetState = {
    books,
    switches: { deduplicates: false, refusesRepeats: false, addsSeats: false, ...switches },
    auth,
    now,
  };
  const server = await startDouble({
    port,
    now,
    handle(request): DoubleReply {
      if (request.path.startsWith('/forms/')) return answerForm(request, state);
      if (request.path === '/oauth/token') return answerToken(request, state, given);
      return provesItself(request, state) ?? answerRest(request, state);
    },
  });
  return {
    origin: server.origin,
    apiUrl: `${server.origin}/api`,
    tokenUrl: `${server.origin}/oauth/token`,
    formsUrl: `${server.origin}/forms`,
    books,
    requests: server.requests,
    faults: server.faults,
    switches: state.switches,
    addUser: (email) => addUser(books, email, 'Bystander'),
    addSeat: (course, user) => void books.seats.push({ course, user, until: '', isSuspended: false }),
    endTokens: () => void books.tokens.splice(0),
    tokens: () => [...given],
    close: () => server.close(),
  };
}

export function addUser(books: TargetBooks, email: string, name: string): TargetUser {
  const user = { id: `u-${books.users.length + 1}`, email, name };
  books.users.push(user);
  return user;
}

export type { TargetAuth } from './proof.ts';
