import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { addUser, type TargetSeat, type TargetState } from './state.ts';

const failed = (status: number, code: string, message: string): DoubleReply => jsonReply({ code, message }, status);

/** A REST interface as many LMSs have one. Its search is loose: it finds whatever contains the text. */
export function answerRest(request: DoubleRequest, state: TargetState): DoubleReply {
  const [, api, kind, course, seats, user] = request.path.split('/').map(decodeURIComponent);
  if (api !== 'api') return failed(404, 'not_found', 'No such page.');
  if (request.text !== '' && request.json === undefined) return failed(415, 'not_json', 'JSON is wanted.');
  if (kind === 'users' && course === undefined) return answerUsers(request, state);
  if (kind !== 'courses' || seats !== 'seats' || course === undefined) return failed(404, 'not_found', 'No such page.');
  if (!state.books.courses.has(course)) return failed(422, 'no_course', `There is no course ${course}.`);
  return user === undefined ? answerSeats(request, course, state) : answerSeat(request, course, user, state);
}

function answerUsers({ method, query, json }: DoubleRequest, { books }: TargetState): DoubleReply {
  if (method === 'GET') {
    const text = (query['search'] ?? '').toLowerCase();
    return jsonReply({ data: books.users.filter(({ email }) => email.toLowerCase().includes(text)) });
  }
  if (method !== 'POST') return failed(405, 'not_allowed', 'Not allowed.');
  const { email, name } = fieldsOf(json);
  if (typeof email !== 'string' || !email.includes('@')) return failed(400, 'bad_email', 'The address is wrong.');
  if (books.users.some((user) => user.email === email)) return failed(409, 'user_exists', `${email} is there already.`);
  return jsonReply({ data: addUser(books, email, typeof name === 'string' ? name : '') }, 201);
}

function answerSeats(request: DoubleRequest, course: string, state: TargetState): DoubleReply {
  const { books, switches } = state;
  if (request.method === 'GET') {
    const of = request.query['user'];
    return jsonReply({ data: books.seats.filter((seat) => seat.course === course && (of === undefined || seat.user === of)) });
  }
  if (request.method !== 'POST') return failed(405, 'not_allowed', 'Not allowed.');
  const { user, until = '' } = fieldsOf(request.json);
  if (typeof user !== 'string' || !isUser(user, state)) return failed(422, 'no_user', 'There is no such user.');
  if (typeof until !== 'string') return failed(400, 'bad_date', 'The date is wrong.');
  const key = String(request.headers['idempotency-key'] ?? '');
  const seen = switches.deduplicates && key !== '' ? books.seenKeys.get(key) : undefined;
  if (seen) return jsonReply({ data: seen });
  const there = books.seats.find((seat) => seat.course === course && seat.user === user);
  if (there && switches.refusesRepeats) return failed(409, 'already_enrolled', `${user} is enrolled already.`);
  const seat: TargetSeat = { course, user, until, isSuspended: false };
  if (there && !switches.addsSeats && !switches.deduplicates)
    books.seats = books.seats.map((each) => (each === there ? seat : each));
  else books.seats.push(seat);
  if (key !== '') books.seenKeys.set(key, seat);
  return jsonReply({ data: seat }, 201);
}

function answerSeat({ method, json }: DoubleRequest, course: string, user: string, state: TargetState): DoubleReply {
  const { books } = state;
  const mine = books.seats.findLast((seat) => seat.course === course && seat.user === user);
  if (!mine) return failed(404, 'not_enrolled', 'There is no such seat.');
  if (method === 'DELETE') {
    books.seats = books.seats.filter((seat) => seat !== mine);
    return { status: 204, headers: {}, body: '' };
  }
  if (method !== 'PATCH') return failed(405, 'not_allowed', 'Not allowed.');
  const { suspended } = fieldsOf(json);
  if (typeof suspended !== 'boolean') return failed(400, 'bad_field', '"suspended" is true or false.');
  books.seats = books.seats.map((seat) => (seat === mine ? { ...seat, isSuspended: suspended } : seat));
  return jsonReply({ data: { ...mine, isSuspended: suspended } });
}

function isUser(id: string, { books }: TargetState): boolean {
  return books.users.some((user) => user.id === id);
}

function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}
