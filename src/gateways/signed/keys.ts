import { trimSecrets } from '../signature.ts';
import type { Scheme } from './profile.ts';

/** Bytes. A shorter key could be guessed, so nothing made with it is believed. */
export const shortestKey = 6;

/** The keys that secrets stand for. A secret that is not of the form `key` says stands for none. */
export function keysOf(secrets: readonly string[], form: Scheme['key'] = 'text'): Buffer[] {
  return trimSecrets(secrets)
    .map((secret) => keyOf(secret, form))
    .filter((key) => key.length >= shortestKey);
}

function keyOf(secret: string, form: NonNullable<Scheme['key']>): Buffer {
  switch (form) {
    case 'text':
      return Buffer.from(secret, 'utf8');
    case 'hex':
      return /^([0-9A-Fa-f]{2})+$/.test(secret) ? Buffer.from(secret, 'hex') : Buffer.alloc(0);
    case 'base64':
      return decodeBase64(secret);
    case 'whsec':
      return decodeBase64(secret.replace(/^whsec_/, ''));
  }
}

function decodeBase64(text: string): Buffer {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
}
