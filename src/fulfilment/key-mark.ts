import { createHash } from 'node:crypto';

/** A key as it is compared: blanks and line breaks, which mails and typing bring in, do not count. */
export function tidyKey(key: string): string {
  return key.replace(/\s+/g, '');
}

/**
 * A key's public mark, in the list of keys that were taken back: anybody who has the key can make it (SHA-256, base64url), and
 * nobody can read the key from it.
 */
export function markOf(key: string): string {
  return createHash('sha256')
    .update(`handover-key:${tidyKey(key)}`)
    .digest('base64url');
}
