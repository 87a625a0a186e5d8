import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { HandoverError } from '../contract/errors.ts';
import type { Sealer } from './sealing.ts';

/** Makes and reads the signed addresses a buyer gets. A token names order and grant and nothing personal. */
export interface Links {
  /** Address of the order page, below the mount. */
  page(orderId: string): string;
  /** Address that makes a sign-in link at the click. `holder`: a mark of who it is for, where that is not the buyer. */
  open(orderId: string, grantId: string, holder?: string): string;
  /** Address that hands out one version of a grant's file, for so many days; `holder` as for `open`. */
  file(orderId: string, grantId: string, version: string, days: number, holder?: string): string;
  /** Address where the buyer of an order asks to be spared follow-up mails. Never expires in practice. */
  spare(orderId: string): string;
  /** Address where whoever opens it takes a seat: good for one `turn` of the unit, so for one person. */
  claim(orderId: string, seat: Seat): string;
  readClaim(token: string): (Seat & { readonly orderId: string }) | undefined;
  readPage(token: string): PageToken;
  readOpen(token: string): OpenToken;
  readFile(token: string): FileToken;
  /** The order of such an address; undefined for any other token. */
  readSpare(token: string): string | undefined;
}

/** One unit of a line. `turn`: how often it had been handed out or taken back. */
export interface Seat {
  readonly line: number;
  readonly unit: number;
  readonly turn: number;
}

/** `expired` was ours once; `invalid` is anything else: altered, of another purpose, signed with a secret no longer listed. */
export type BadToken = { readonly kind: 'expired'; readonly orderId: string } | { readonly kind: 'invalid' };
export type PageToken = { readonly kind: 'page'; readonly orderId: string } | BadToken;
export type OpenToken =
  { readonly kind: 'open'; readonly orderId: string; readonly grantId: string; readonly holder?: string } | BadToken;
/** Also of an expired one it is known what it was for, so that its holder can ask for a new one. */
export type FileToken =
  | {
      readonly kind: 'file' | 'expired';
      readonly orderId: string;
      readonly grantId: string;
      readonly version: string;
      readonly holder: string;
    }
  | { readonly kind: 'invalid' };

type Audience = 'handover:claim' | 'handover:page' | 'handover:open' | 'handover:file' | 'handover:spare';

const spareDays = 3650;

const algorithm = 'HS256';
const longestToken = 1000;

/**
 * JWT HS256 under a key derived from the secret. `baseUrl` contains the mount path; links live `days` days. What a token may
 * show is looked up at each use, so a refunded order's link shows the refund.
 */
export function createLinks(sealer: Sealer, baseUrl: string, days: number, now: () => Date = () => new Date()): Links {
  const base = baseUrl.replace(/\/+$/, '');
  const keys = sealer.deriveAll('links').map((key) => createSecretKey(key)); // given bytes, every signature would try them as a private key
  const [signingKey] = keys;
  if (signingKey === undefined) throw new HandoverError('SECRET_MISSING', 'There is no secret to sign links with.');
  const nowSeconds = (): number => Math.floor(now().getTime() / 1000);

  function sign(
    audience: Audience,
    claims: { sub: string; grant?: string; version?: string; holder?: string; line?: number; unit?: number; turn?: number },
    forDays = days,
  ): string {
    const exp = nowSeconds() + Math.round(forDays * 86_400);
    return jwt.sign({ aud: audience, ...claims, exp }, signingKey as KeyObject, { algorithm, noTimestamp: true });
  }

  function read(token: string, audience: Audience): ReadToken | { kind: 'invalid' } {
    if (token.length > longestToken) return { kind: 'invalid' };
    for (const key of keys) {
      const claims = claimsOf(token, key, audience);
      if (claims === undefined) continue;
      const { sub, exp, grant, version, holder, line, unit, turn } = claims;
      if (typeof sub !== 'string' || typeof exp !== 'number') return { kind: 'invalid' };
      return {
        kind: exp <= nowSeconds() ? 'expired' : 'valid',
        orderId: sub,
        grant: grant as unknown,
        version: version as unknown,
        holder: holder as unknown,
        seat: { line: line as unknown, unit: unit as unknown, turn: turn as unknown },
      };
    }
    return { kind: 'invalid' };
  }

  return {
    page: (orderId) => `${base}/orders/${sign('handover:page', { sub: orderId })}`,
    open: (orderId, grantId, holder = '') =>
      `${base}/open/${sign('handover:open', { sub: orderId, grant: grantId, ...(holder !== '' && { holder }) })}`,
    file(orderId, grantId, version, forDays, holder = '') {
      const claims = { sub: orderId, grant: grantId, version, ...(holder !== '' && { holder }) };
      return `${base}/files/${sign('handover:file', claims, forDays)}`;
    },
    spare: (orderId) => `${base}/spare/${sign('handover:spare', { sub: orderId }, spareDays)}`,
    claim: (orderId, { line, unit, turn }) => `${base}/claim/${sign('handover:claim', { sub: orderId, line, unit, turn })}`,
    readClaim(token) {
      const found = read(token, 'handover:claim');
      if (found.kind !== 'valid') return undefined;
      const { line, unit, turn } = found.seat;
      const isWhole = [line, unit, turn].every((each) => Number.isSafeInteger(each));
      return isWhole ? { orderId: found.orderId, line: line as number, unit: unit as number, turn: turn as number } : undefined;
    },
    readSpare(token) {
      const found = read(token, 'handover:spare');
      return found.kind === 'valid' ? found.orderId : undefined;
    },
    readPage(token) {
      const found = read(token, 'handover:page');
      return found.kind === 'valid' ? { kind: 'page', orderId: found.orderId } : bad(found);
    },
    readOpen(token) {
      const found = read(token, 'handover:open');
      if (found.kind !== 'valid') return bad(found);
      if (typeof found.grant !== 'string') return { kind: 'invalid' };
      return {
        kind: 'open',
        orderId: found.orderId,
        grantId: found.grant,
        ...(typeof found.holder === 'string' && { holder: found.holder }),
      };
    },
    readFile(token) {
      const found = read(token, 'handover:file');
      if (found.kind === 'invalid') return found;
      const { kind, orderId, grant, version } = found;
      if (typeof grant !== 'string' || typeof version !== 'string') return { kind: 'invalid' };
      const holder = typeof found.holder === 'string' ? found.holder : '';
      return { kind: kind === 'valid' ? 'file' : 'expired', orderId, grantId: grant, version, holder };
    },
  };
}

interface ReadToken {
  readonly kind: 'valid' | 'expired';
  readonly orderId: string;
  readonly grant: unknown;
  readonly version: unknown;
  readonly holder: unknown;
  readonly seat: { readonly line: unknown; readonly unit: unknown; readonly turn: unknown };
}

function bad(found: ReadToken | { kind: 'invalid' }): BadToken {
  return found.kind === 'invalid' ? found : { kind: 'expired', orderId: found.orderId };
}

/** Signature, algorithm and audience are checked here, expiry by the caller: an expired link must still be a genuine one. */
function claimsOf(token: string, key: KeyObject, audience: Audience): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm], audience, ignoreExpiration: true });
    return typeof claims === 'string' ? undefined : claims;
  } catch {
    return undefined;
  }
}
