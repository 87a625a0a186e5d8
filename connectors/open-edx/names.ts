import { createHash } from 'node:crypto';
import type { Person } from 'handover/contract';

/**
 * The user name of a mail address, always the same and telling nothing: it stands in public places such as the forum. Open edX
 * takes each name once, so the name is the lock. At most 30 characters.
 */
export function usernameFor(email: string): string {
  return `learner_${createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 20)}`;
}

/** The whole name; the part before the @ where no name is known, since Open edX takes no blank one. */
export function nameOf({ name, firstName, lastName, email = '' }: Person): string {
  const known = clean(`${firstName ?? ''} ${lastName ?? ''}`) || clean(name);
  return Array.from(known || clean(email.split('@')[0]) || '-')
    .slice(0, 255)
    .join('');
}

function clean(text = ''): string {
  return text
    .toWellFormed()
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
