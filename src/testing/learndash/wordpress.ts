import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { LearnDashUser, Site } from './state.ts';

/** A refusal as WordPress words it. */
export function refuse(status: number, code: string): DoubleReply {
  return jsonReply({ code, message: 'See the code.', data: { status } }, status);
}

export function me({ switches, username }: Site, { query }: DoubleRequest): DoubleReply {
  const capabilities = Object.fromEntries(switches.capabilities.map((name) => [name, true]));
  return jsonReply({ id: 1, name: username, ...(query['context'] === 'edit' && { capabilities }) });
}

/** Rows by page; WordPress tells the number of pages in a header and refuses more than 100 at once. */
export function paged(rows: readonly object[], { query }: DoubleRequest): DoubleReply {
  const [size, page] = [Number(query['per_page'] ?? 10), Number(query['page'] ?? 1)];
  if (!Number.isInteger(size) || size < 1 || size > 100 || !Number.isInteger(page) || page < 1) {
    return refuse(400, 'rest_invalid_param');
  }
  const pages = Math.ceil(rows.length / size);
  const reply = jsonReply(rows.slice((page - 1) * size, page * size));
  return { ...reply, headers: { ...reply.headers, 'x-wp-total': String(rows.length), 'x-wp-totalpages': String(pages) } };
}

/** A part of the address is found, in capital or small letters; addresses are shown in the context `edit` only. */
export function searchUsers(site: Site, request: DoubleRequest): DoubleReply {
  const { search = '', context } = request.query;
  const showsAddresses = context === 'edit';
  if (showsAddresses && !site.switches.capabilities.includes('list_users')) return refuse(403, 'rest_forbidden_context');
  const found = site.users.filter(({ email }) => email.toLowerCase().includes(search.toLowerCase()));
  return paged(
    found.map(({ email, ...user }) => ({ ...user, ...(showsAddresses && { email }) })),
    request,
  );
}

/** A taken name or address comes with status 500 and no data. */
export function createUser(site: Site, { json }: DoubleRequest): DoubleReply {
  if (!site.switches.capabilities.includes('create_users')) return refuse(403, 'rest_cannot_create_user');
  const { username, email, password, roles = ['subscriber'], name = '' } = (json ?? {}) as Record<string, unknown>;
  const isRole = Array.isArray(roles) && roles.every((role) => role === 'subscriber' || role === 'customer');
  if (typeof username !== 'string' || typeof email !== 'string' || typeof password !== 'string') {
    return refuse(400, 'rest_missing_callback_param');
  }
  if (!/^[a-z0-9 _.@-]{1,60}$/i.test(username) || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email) || !isRole) {
    return refuse(400, 'rest_invalid_param');
  }
  site.secrets.push(password);
  const isTaken = (field: 'username' | 'email', value: string) =>
    site.users.some((user) => user[field].toLowerCase() === value.toLowerCase());
  if (isTaken('username', username)) return jsonReply({ code: 'existing_user_login', message: 'Sorry.', data: null }, 500);
  if (isTaken('email', email)) return jsonReply({ code: 'existing_user_email', message: 'Sorry.', data: null }, 500);
  const user = addUser(site, { username, email, name: String(name), role: String((roles as string[])[0]) });
  return jsonReply({ ...user, roles }, 201);
}

export function addUser(site: Site, user: Omit<LearnDashUser, 'id'>): LearnDashUser {
  const added = { id: 101 + site.users.length, ...user };
  site.users = [...site.users, added];
  return added;
}
