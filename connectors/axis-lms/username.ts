import { createHash } from 'node:crypto';

/** What Axis takes as a user name. Source: https://www.atrixware.com/docs/manual.php?id=18&page=529& */
export const legalUsername = /^[A-Za-z0-9@._-]{4,40}$/;

/**
 * The user name of a mail address: always legal, always the same, and two addresses never share one. That makes the name
 * the lock: Axis takes each name once, so two orders of one new buyer cannot make two accounts.
 */
export function usernameFor(email: string, rule: 'email' | 'hash'): string {
  const address = email.trim().toLowerCase();
  const digest = createHash('sha256').update(address).digest('hex');
  if (rule === 'hash') return `u-${digest.slice(0, 24)}`;
  if (legalUsername.test(address)) return address;
  return `${address.replace(/[^a-z0-9@._-]/gu, '-').slice(0, 31)}-${digest.slice(0, 8)}`;
}
