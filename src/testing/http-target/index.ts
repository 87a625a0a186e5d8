/**
 * A double of "some LMS with an HTTP interface", for connectors that are told by configuration what to send: a REST interface
 * behind a token, and old pages with forms behind a sign-in. It copies no vendor's product.
 */
import { startDouble, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { answerForm } from './forms.ts';
import { answerRest } from './rest.ts';
import { answerToken, provesItself } from './proof.ts';
import {
  addUser,
  type HttpTargetSwitches,
  type TargetAuth,
  type TargetBooks,
  type TargetState,
  type TargetUser,
} from './state.ts';

export interface HttpTargetOptions extends Partial<HttpTargetSwitches> {
  readonly auth?: TargetAuth | undefined;
  readonly now?: () => Date;
  readonly port?: number;
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

export type { HttpTargetSwitches, TargetAuth, TargetSeat, TargetUser } from './state.ts';
