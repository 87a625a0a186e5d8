import jwt from 'jsonwebtoken';
import { HandoverError } from '../contract/errors.ts';
import type { Sealer } from './sealing.ts';

/** Makes and reads the signed addresses a buyer gets. A token names order and grant and nothing personal. */
export interface Links {
  /** Address of the order page, below the mount. */
  page(orderId: string): string;
  /** Address that makes a sign-in link at the click. */
  open(orderId: string, grantId: string): string;
  readPage(token: string): PageToken;
  readOpen(token: string): OpenToken;
}

/** `expired` was ours once; `invalid` is anything else: altered, of another purpose, signed with a secret no longer listed. */
export type BadToken = { readonly kind: 'expired'; readonly orderId: string } | { readonly kind: 'invalid' };
export type PageToken = { readonly kind: 'page'; readonly orderId: string } | BadToken;
export type OpenToken = { readonly kind: 'open'; readonly orderId: string; readonly grantId: string } | BadToken;

type Audience = 'handover:page' | 'handover:open';

const algorithm = 'HS256';
const longestToken = 1000;

/**
 * JWT HS256 under a key derived from the secret. `baseUrl` contains the mount path; links live `days` days. What a token may
 * show is looked up at each use, so a refunded order's link shows the refund.
 */
export function createLinks(sealer: Sealer, baseUrl: string, days: number, now: () => Date = () => new Date()): Links {
  const base = baseUrl.replace(/\/+$/, '');
  const keys = sealer.deriveAll('links');
  const [signingKey] = keys;
  if (signingKey === undefined) throw new HandoverError('SECRET_MISSING', 'There is no secret to sign links with.');
  const nowSeconds = (): number => Math.floor(now().getTime() / 1000);

  function sign(audience: Audience, claims: { sub: string; grant?: string }): string {
    const exp = nowSeconds() + Math.round(days * 86_400);
    return jwt.sign({ aud: audience, ...claims, exp }, signingKey as Buffer, { algorithm, noTimestamp: true });
  }

  function read(token: string, audience: Audience): BadToken | { kind: 'valid'; orderId: string; grant: unknown } {
    if (token.length > longestToken) return { kind: 'invalid' };
    for (const key of keys) {
      const claims = claimsOf(token, key, audience);
      if (claims === undefined) continue;
      const { sub, exp, grant } = claims;
      if (typeof sub !== 'string' || typeof exp !== 'number') return { kind: 'invalid' };
      if (exp <= nowSeconds()) return { kind: 'expired', orderId: sub };
      return { kind: 'valid', orderId: sub, grant: grant as unknown };
    }
    return { kind: 'invalid' };
  }

  return {
    page: (orderId) => `${base}/orders/${sign('handover:page', { sub: orderId })}`,
    open: (orderId, grantId) => `${base}/open/${sign('handover:open', { sub: orderId, grant: grantId })}`,
    readPage(token) {
      const found = read(token, 'handover:page');
      return found.kind === 'valid' ? { kind: 'page', orderId: found.orderId } : found;
    },
    readOpen(token) {
      const found = read(token, 'handover:open');
      if (found.kind !== 'valid') return found;
      if (typeof found.grant !== 'string') return { kind: 'invalid' };
      return { kind: 'open', orderId: found.orderId, grantId: found.grant };
    },
  };
}

/** Signature, algorithm and audience are checked here, expiry by the caller: an expired link must still be a genuine one. */
function claimsOf(token: string, key: Buffer, audience: Audience): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm], audience, ignoreExpiration: true });
    return typeof claims === 'string' ? undefined : claims;
  } catch {
    return undefined;
  }
}
