import { isDate8 } from './dates.ts';
import { Refusal } from './refusal.ts';
import type { Lms } from './state.ts';

const customs = Array.from({ length: 15 }, (_, index) => `custom${index + 1}`);

/** How many characters each text takes. Source: https://www.atrixware.com/docs/manual.php?id=18&page=529& */
const limits: Readonly<Record<string, number>> = {
  first_name: 100,
  last_name: 100,
  email: 80,
  middle_init: 1,
  company: 255,
  address: 255,
  city: 100,
  state: 4,
  zip: 10,
  phone: 20,
  ...Object.fromEntries(customs.map((name) => [name, 255])),
};

/** What the Legacy API takes when it adds a user: the same, without these last three. */
export const legacyFields: readonly string[] = [...Object.keys(limits), 'date_start', 'date_expire'];
const writable: readonly string[] = [...legacyFields, 'localization', 'role', 'manager_id'];
export const userFields: readonly string[] = ['username', ...writable];

export function checkUsername(username: string | undefined): string {
  if (username === undefined || username === '') throw new Refusal('missing');
  if (!/^[A-Za-z0-9@._-]{4,40}$/.test(username)) throw new Refusal('badUsername');
  return username;
}

/** The known fields among what was sent, each checked; the rest (`password` too) is ignored. */
export function checkFields(lms: Lms, sent: Readonly<Record<string, string>>): Record<string, string> {
  const known = writable.filter((name) => sent[name] !== undefined).map((name) => [name, sent[name] ?? ''] as const);
  for (const [name, value] of known) checkField(lms, name, value);
  return Object.fromEntries(known);
}

function checkField(lms: Lms, name: string, value: string): void {
  const limit = limits[name];
  if (limit !== undefined && Array.from(value).length > limit) throw new Refusal('tooLong');
  if (name.startsWith('date_') && !isDate8(value)) throw new Refusal('badDate');
  if (name === 'role' && value !== 'manager' && value !== 'learner') throw new Refusal('badRole');
  if (name === 'manager_id' && lms.users.get(value)?.fields['role'] !== 'manager') throw new Refusal('badManager');
  if (name === 'localization' && !lms.languages.includes(value)) throw new Refusal('badLocalization');
}
