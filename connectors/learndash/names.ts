import { createHash } from 'node:crypto';
import type { Person } from 'handover/contract';

/** How many characters WordPress takes of a user name. */
const mostOfUsername = 60;
const mostOfName = 100;

/** The user name of a mail address: always legal, always the same, and two addresses never share one. */
export function usernameFor(email: string, rule: 'email' | 'hash'): string {
  const address = email.trim().toLowerCase();
  const digest = createHash('sha256').update(address).digest('hex');
  if (rule === 'hash') return `shop-${digest.slice(0, 24)}`;
  if (/^[a-z0-9@._-]+$/.test(address) && address.length <= mostOfUsername) return address;
  return `${address.replace(/[^a-z0-9@._-]/gu, '-').slice(0, mostOfUsername - 9)}-${digest.slice(0, 8)}`;
}

/** First and last name, without tags and control characters. Either may be empty. */
export function namesOf({ name = '', firstName, lastName }: Person): { first: string; last: string } {
  const [first, last] = [clean(firstName), clean(lastName)];
  if (first !== '' || last !== '') return { first, last };
  const words = clean(name).split(' ');
  return words.length < 2
    ? { first: words[0] ?? '', last: '' }
    : { first: words.slice(0, -1).join(' '), last: words.at(-1) ?? '' };
}

function clean(text = ''): string {
  const plain = text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return Array.from(plain).slice(0, mostOfName).join('').trim();
}
