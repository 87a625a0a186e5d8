import { createHash } from 'node:crypto';
import type { Person } from 'handover/contract';

/** How many characters Moodle takes of a name, a user name and an address. More give `dmlwriteexception`. */
export const mostCharacters = 100;

/**
 * The user name of a mail address: always legal, always the same, and two addresses never share one. That makes the name the
 * lock: Moodle looks for a second account of an address, but only user names are unique by an index.
 */
export function usernameFor(email: string, rule: 'email' | 'hash'): string {
  const address = email.trim().toLowerCase();
  const digest = createHash('sha256').update(address).digest('hex');
  if (rule === 'hash') return `shop-${digest.slice(0, 24)}`;
  if (/^[a-z0-9@._-]+$/.test(address) && address.length <= mostCharacters) return address;
  return `${address.replace(/[^a-z0-9@._-]/gu, '-').slice(0, mostCharacters - 9)}-${digest.slice(0, 8)}`;
}

/** First and last name as Moodle takes them: no tags, at most 100 characters, never blank. A lone dot is taken. */
export function namesOf({ name = '', firstName, lastName }: Person): { firstname: string; lastname: string } {
  const isSplit = clean(firstName) !== '' || clean(lastName) !== '';
  const words = clean(name).split(' ');
  const [first, last] = isSplit
    ? [clean(firstName), clean(lastName)]
    : words.length < 2
      ? [words[0] ?? '', '']
      : [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
  return { firstname: fit(first), lastname: fit(last) };
}

/** Also without lone angle brackets: what PHP takes for the beginning of a tag is not worth telling apart. */
function clean(text = ''): string {
  return text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function fit(text: string): string {
  const cut = Array.from(text).slice(0, mostCharacters).join('').trim();
  return cut === '' ? '.' : cut;
}
