import { createPublicKey, verify } from 'node:crypto';

/** What a signed key says. Dates are whole days, UTC; a key is good to the end of the day it expires. */
export interface SignedKeyContents {
  readonly product: string;
  readonly serial: string;
  readonly seats: number;
  readonly issued: string;
  readonly expires?: string;
  readonly machine?: string;
}

export type VerifiedKey = SignedKeyContents & { readonly isExpired: boolean };

/** Checks a signed key without asking anybody. Undefined: mistyped or forged. `publicKey`: PEM, or base64 of the DER form. */
export function verifySignedKey(key: string, publicKey: string, now = new Date()): VerifiedKey | undefined {
  const [format, text = '', signature = '', ...rest] = key.replace(/\s/g, '').split('.');
  const bytes = Buffer.from(signature, 'base64url');
  if (format !== 'HK1' || rest.length > 0 || bytes.toString('base64url') !== signature) return undefined;
  const isPem = publicKey.includes('BEGIN');
  const der = { key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' } as const;
  if (!verify(null, Buffer.from(`${format}.${text}`), createPublicKey(isPem ? publicKey : der), bytes)) return undefined;
  const contents = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as SignedKeyContents;
  return { ...contents, isExpired: contents.expires !== undefined && contents.expires < now.toISOString().slice(0, 10) };
}
