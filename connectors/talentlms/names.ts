import { createHash } from 'node:crypto';
import type { Person } from 'handover/contract';

/** The user name of a mail address, always the same: TalentLMS takes each name once, so the name is the lock. */
export function loginFor(email: string, rule: 'email' | 'hash'): string {
  const address = email.trim().toLowerCase();
  return rule === 'email' ? address : `shop-${createHash('sha256').update(address).digest('hex').slice(0, 24)}`;
}

/** First and last name, both required: no tags, at most 50 characters, a dash for what is not known. */
export function namesOf({ name = '', firstName, lastName }: Person): { name: string; surname: string } {
  const isSplit = clean(firstName) !== '' || clean(lastName) !== '';
  const words = clean(name).split(' ');
  const [first, last] = isSplit
    ? [clean(firstName), clean(lastName)]
    : words.length < 2
      ? [words[0] ?? '', '']
      : [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
  return { name: fit(first), surname: fit(last) };
}

function clean(text = ''): string {
  return text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function fit(text: string): string {
  return Array.from(text).slice(0, 50).join('').trim() || '-';
}
