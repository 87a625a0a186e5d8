import { need } from './capabilities.ts';
import { invalid } from './checks.ts';
import { PasswordRefusal, Refusal } from './refusal.ts';
import { race, type Moodle, type User } from './state.ts';

export interface NewUser {
  readonly username: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly email: string;
  readonly password?: string | undefined;
  readonly createpassword?: boolean | undefined;
  readonly auth?: string | undefined;
  readonly idnumber?: string | undefined;
  readonly lang?: string | undefined;
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly customfields?: readonly { readonly type: string; readonly value: string }[] | undefined;
}

/** Authentication methods with a local password. */
const internalMethods = ['manual', 'email'];
const methods = [...internalMethods, 'oauth2', 'userkey', 'ldap', 'nologin'];
const languages = ['en', 'de'];

/**
 * Creates all or none. Addresses are looked for before, without regard to case; only the user name has a unique index, so of
 * two calls at the same time with one address and two names both succeed.
 */
export async function createUsers(moodle: Moodle, users: readonly NewUser[]): Promise<{ id: number; username: string }[]> {
  need(moodle, 'Create users', 'moodle/user:create');
  for (const user of users) checkUser(moodle, user);
  const names = users.map(({ username }) => username);
  if (new Set(names).size < names.length) throw invalid('Username already exists');
  await race(moodle);
  if (users.some(isTooLong) || names.some((name) => isTaken(moodle, name))) throw new Refusal('dmlwriteexception');
  return users.map((user) => insert(moodle, user));
}

function checkUser(moodle: Moodle, user: NewUser): void {
  const { password = '', createpassword = false, auth = 'manual', lang = 'en' } = user;
  if (password !== '') moodle.secrets.push(password);
  for (const field of ['username', 'firstname', 'lastname'] as const) {
    if (user[field].trim() === '') throw invalid(`The field ${field} cannot be blank`);
  }
  if (isTaken(moodle, user.username)) throw invalid(`Username already exists: ${user.username}`);
  if (!methods.includes(auth)) throw invalid(`Invalid authentication type: ${auth}`);
  if (!languages.includes(lang)) throw invalid(`Invalid language code: ${lang}`);
  if (user.country !== undefined && !/^([A-Z]{2})?$/.test(user.country)) throw invalid('Invalid country code');
  const isInternal = internalMethods.includes(auth);
  if (isInternal && password === '' && !createpassword) {
    throw invalid('Invalid password: you must provide a password, or set createpassword.');
  }
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(user.email)) throw invalid(`Email address is invalid: ${user.email}`);
  if (!moodle.switches.sharedAddresses && hasAddress(moodle, user.email)) {
    throw invalid(`Email address already exists: ${user.email}`);
  }
  if (isInternal && !createpassword && !/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[^A-Za-z0-9]).{8,}$/.test(password)) {
    throw new PasswordRefusal('The password is against the policy.');
  }
}

function isTaken({ users }: Moodle, username: string): boolean {
  return [...users.values()].some((user) => !user.deleted && user.username === username);
}

function hasAddress({ users }: Moodle, email: string): boolean {
  return [...users.values()].some((user) => !user.deleted && user.email.toLowerCase() === email.toLowerCase());
}

function isTooLong({ username, firstname, lastname, email }: NewUser): boolean {
  return [username, firstname, lastname, email].some((text) => Array.from(text).length > 100);
}

/** The mail server may refuse the password mail: the account is made all the same. */
function insert(moodle: Moodle, user: NewUser): { id: number; username: string } {
  const { username, firstname, lastname, email, createpassword = false, customfields = [] } = user;
  const { auth = 'manual', idnumber = '', lang = 'en', city = '', country = '' } = user;
  const id = moodle.nextIds.user++;
  moodle.users.set(id, {
    ...{ id, username, firstname, lastname, email, auth, idnumber, lang, city, country },
    suspended: false,
    confirmed: true,
    deleted: false,
    mustChangePassword: createpassword,
    customfields: Object.fromEntries(customfields.map(({ type, value }) => [type, value])),
  } satisfies User);
  if (createpassword) moodle.mails.push({ kind: 'password', userId: id, courseId: undefined, at: moodle.now() });
  return { id, username };
}
