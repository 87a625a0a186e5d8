import { hmacSha256, isEqual, trimSecrets } from './signature.ts';

/**
 * A name as it may stand in an address that the buyer's browser brings back: only we can have written it, and it says nothing
 * about anybody. `label` keeps a name signed for one purpose from serving another.
 */
export function signName(name: string, label: string, secret: string): string {
  return `${name}.${hmacSha256(secret.trim(), `${label}\n`, name).toString('base64url')}`;
}

/** Undefined when none of the secrets signed it. */
export function openName(text: string, label: string, secrets: readonly string[]): string | undefined {
  const dot = text.lastIndexOf('.');
  const [name, mark] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)];
  if (name === '' || !/^[\w-]{43}$/.test(mark)) return undefined;
  const given = Buffer.from(mark, 'base64url');
  return trimSecrets(secrets).some((secret) => isEqual(given, hmacSha256(secret, `${label}\n`, name))) ? name : undefined;
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * The name of a purchase that we start: the same for the same cart, and nobody can guess another's. It begins with `prefix`;
 * capital letters and digits follow, in all `length` characters.
 */
export function nameCart(reference: string, secret: string, prefix: string, length: number): string {
  const digest = hmacSha256(secret.trim(), 'handover cart\n', reference);
  const letters = [...digest].map((byte) => alphabet.charAt(byte & 31)).join('');
  return (prefix + letters).slice(0, length);
}

/** The same as a number of at most `digits` digits, for a gateway that takes nothing else. Never 0. */
export function numberCart(reference: string, secret: string, digits: number): string {
  const number = hmacSha256(secret.trim(), 'handover cart\n', reference).readBigUInt64BE() % 10n ** BigInt(digits);
  return String(number === 0n ? 1n : number);
}

/** Puts one more value into the query of an address. */
export function withQuery(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
