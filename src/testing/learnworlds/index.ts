/**
 * A strict double of a LearnWorlds school: tokens, users, products, enrolments and single sign-on of its API v2, after
 * https://www.learnworlds.dev/docs/api. What a repeated enrolment is answered with is not documented, so it is a switch.
 */
import { startDouble, jsonReply, type DoubleReply, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import type { LearnWorldsEnrolment, LearnWorldsProduct, LearnWorldsSwitches, LearnWorldsUser, School } from './state.ts';
import { giveToken, identify, refuse } from './token.ts';
import { addUser, answerUsers, signOn } from './users.ts';

export type { LearnWorldsEnrolment, LearnWorldsProduct, LearnWorldsSwitches, LearnWorldsUser } from './state.ts';

export interface LearnWorldsDouble {
  /** The school's address, without a slash at the end. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly books: {
    readonly users: readonly Omit<LearnWorldsUser, 'id'>[];
    /** By address and product, in the order of both. */
    readonly enrolments: readonly { readonly email: string; readonly product: string; readonly duration?: string }[];
    readonly secrets: readonly string[];
    readonly requests: readonly DoubleRequest[];
  };
  readonly faults: FaultQueue;
  /** May be changed at any time. */
  readonly switches: LearnWorldsSwitches;
  addProduct(product: LearnWorldsProduct): void;
  addUser(user: { readonly email: string; readonly username?: string }): string;
  enrol(enrolment: LearnWorldsEnrolment): void;
  /** As when the credentials are made anew: the token in use is no longer taken. */
  forgetToken(): void;
  close(): Promise<void>;
}

/** Starts the double on 127.0.0.1, with the course `ts-101`. */
export async function startLearnWorlds({ now = () => new Date() }: { now?: () => Date } = {}): Promise<LearnWorldsDouble> {
  const clientSecret = 'lw-secret-2f9d41c07b';
  const school: School = {
    origin: () => server.origin,
    now,
    clientId: '5f1d7c0e9b3a2b0017a4c1de',
    clientSecret,
    switches: { isForbidden: false, repeatedEnrolment: 'refused' },
    token: undefined,
    users: [],
    products: [{ id: 'ts-101', type: 'course', title: 'TypeScript in a week' }],
    enrolments: [],
    secrets: [clientSecret],
  };
  const server = await startDouble({ now, handle: (request) => answer(school, request) });
  return {
    get url() {
      return server.origin;
    },
    clientId: school.clientId,
    clientSecret,
    books: {
      get users() {
        return school.users.map(({ email, username }) => ({ email, username }));
      },
      get enrolments() {
        const emailOf = (userId: string) => school.users.find(({ id }) => id === userId)?.email ?? '';
        return school.enrolments
          .map(({ userId, productId, duration }) => ({
            email: emailOf(userId),
            product: productId,
            ...(duration !== undefined && { duration }),
          }))
          .sort((one, other) => `${one.email} ${one.product}`.localeCompare(`${other.email} ${other.product}`));
      },
      secrets: school.secrets,
      requests: server.requests,
    },
    faults: server.faults,
    switches: school.switches,
    addProduct: (product) => void (school.products = [...school.products, product]),
    addUser: ({ email, username = email }) => addUser(school, { email, username }).id,
    enrol: (enrolment) => void (school.enrolments = [...school.enrolments, enrolment]),
    forgetToken: () => void (school.token = undefined),
    close: () => server.close(),
  };
}

const kinds = new Map([
  ['courses', 'course'],
  ['bundles', 'bundle'],
  ['subscription-plans', 'subscription'],
]);

function answer(school: School, request: DoubleRequest): DoubleReply {
  const { method, path } = request;
  if (path === '/admin/api/oauth2/access_token' && method === 'POST') return giveToken(school, request);
  const problem = identify(school, request);
  if (problem) return problem;
  if (path === '/admin/api/sso' && method === 'POST') return signOn(school, request);
  const [kind = '', ...parts] = path.startsWith('/admin/api/v2/') ? path.slice('/admin/api/v2/'.length).split('/') : [];
  if (kind === 'users') return answerUsers(school, request, parts);
  const product = school.products.find(({ id, type }) => type === kinds.get(kind) && id === decodeURIComponent(parts[0] ?? ''));
  return product && method === 'GET' && parts.length === 1 ? jsonReply(product) : refuse(404, 'Resource not found');
}
