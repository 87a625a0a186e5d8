import { randomBytes } from 'node:crypto';
import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { LearnWorldsUser, School } from './state.ts';
import { inData, refuse } from './token.ts';

/** `users`, `users/<id or address>`, and below it `products` and `enrollment`. */
export function answerUsers(school: School, request: DoubleRequest, parts: readonly string[]): DoubleReply {
  const { method } = request;
  const [id, below] = parts.map(decodeURIComponent);
  if (id === undefined) {
    if (method === 'GET') return jsonReply({ data: school.users.slice(0, 50), meta: { page: 1 } });
    return method === 'POST' ? createUser(school, request) : refuse(405, 'Method not allowed');
  }
  const user = school.users.find((each) => each.id === id || each.email.toLowerCase() === id.toLowerCase());
  if (!user) return refuse(404, 'Resource not found');
  if (below === undefined && method === 'GET') return jsonReply(user);
  if (below === 'products' && method === 'GET') return jsonReply({ data: productsOf(school, user) });
  if (below === 'enrollment' && (method === 'POST' || method === 'DELETE')) return changeEnrolment(school, request, user);
  return refuse(404, 'Resource not found');
}

function createUser(school: School, { json }: DoubleRequest): DoubleReply {
  const { email, username } = (json ?? {}) as Record<string, unknown>;
  if (typeof email !== 'string' || typeof username !== 'string' || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email) || username === '') {
    return refuse(400, 'Bad request');
  }
  const isTaken = school.users.some((user) => user.email.toLowerCase() === email.toLowerCase());
  return isTaken ? refuse(422, 'Email is taken') : jsonReply(addUser(school, { email, username }), 201);
}

export function addUser(school: School, user: Omit<LearnWorldsUser, 'id'>): LearnWorldsUser {
  const added = { id: randomBytes(12).toString('hex'), ...user };
  school.users = [...school.users, added];
  return added;
}

function productsOf({ enrolments, products }: School, { id }: LearnWorldsUser): object[] {
  const mine = enrolments.filter(({ userId }) => userId === id);
  return mine.flatMap(({ productId, productType }) =>
    products.filter((each) => each.id === productId && each.type === productType),
  );
}

/** The price is required even for a gift. */
function changeEnrolment(school: School, { method, json }: DoubleRequest, { id: userId }: LearnWorldsUser): DoubleReply {
  const sent = (json ?? {}) as Record<string, unknown>;
  const { productId, productType, price, duration, duration_type: unit } = sent;
  if (typeof productId !== 'string' || typeof productType !== 'string') return refuse(400, 'Bad request');
  if (!school.products.some(({ id, type }) => id === productId && type === productType)) return refuse(404, 'Resource not found');
  const isIt = (each: { userId: string; productId: string; productType: string }) =>
    each.userId === userId && each.productId === productId && each.productType === productType;
  const isIn = school.enrolments.some(isIt);
  if (method === 'DELETE') {
    if (!isIn) return refuse(404, 'Resource not found');
    school.enrolments = school.enrolments.filter((each) => !isIt(each));
    return { status: 204, headers: {}, body: '' };
  }
  if (typeof price !== 'number') return refuse(400, 'Bad request');
  if (duration !== undefined && (productType !== 'subscription' || !Number.isInteger(duration)))
    return refuse(400, 'Bad request');
  if (isIn && school.switches.repeatedEnrolment === 'refused') return refuse(400, 'Already enrolled');
  if (isIn && school.switches.repeatedEnrolment === 'notSuccess') return jsonReply({ success: false });
  const lasts = duration === undefined ? {} : { duration: `${Number(duration)} ${typeof unit === 'string' ? unit : ''}` };
  if (!isIn) school.enrolments = [...school.enrolments, { userId, productId, productType, ...lasts }];
  return jsonReply({ success: true });
}

/** One form field with JSON. By an address an account would be made; by an unknown id nothing is. */
export function signOn(school: School, { form }: DoubleRequest): DoubleReply {
  const { user_id: id, redirectUrl } = inData(form['data']);
  const user = school.users.find((each) => each.id === id);
  if (!user || typeof redirectUrl !== 'string') return jsonReply({ success: false, errors: [{ message: 'Invalid object ID' }] });
  const signature = randomBytes(16).toString('hex');
  school.secrets.push(signature);
  const url = `${school.origin()}/sso?sig=${signature}&to=${encodeURIComponent(redirectUrl)}`;
  return jsonReply({ success: true, url, user_id: user.id, errors: [] });
}
