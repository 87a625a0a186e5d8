import { createHash, createHmac } from 'node:crypto';
import { refused, type Callback, type Verdict } from '../../contract/gateway.ts';
import { headerText, isEqual, trimSecrets } from '../signature.ts';
import { keysOf } from './keys.ts';
import { readExactJson } from '../exact-json.ts';
import { textAt } from './place.ts';
import type { Scheme, Stamp } from './profile.ts';
import { readTime } from './times.ts';

/** A request whose signature is right. */
export interface Proved {
  /** What {id} stood for, where it was signed. */
  readonly id: string | undefined;
}

interface ProofTerms {
  readonly secrets: readonly string[];
  readonly toleranceSeconds: number;
  readonly now: Date;
}

/** Says what is wrong with a request without the right user and password; undefined when none are asked for, or they are right. */
export function lackOfLogin(callback: Callback, logins: readonly string[] = []): Verdict | undefined {
  if (logins.length === 0) return undefined;
  const [, coded = ''] = /^basic\s+([A-Za-z0-9+/]+={0,2})$/i.exec(headerOf(callback, 'authorization')?.trim() ?? '') ?? [];
  if (coded === '') return refused('SIGNATURE_MISSING', 'The request has no user and password (basic authentication).');
  const given = digestOf(Buffer.from(coded, 'base64'));
  const isRight = trimSecrets(logins).some((login) => isEqual(given, digestOf(Buffer.from(login, 'utf8'))));
  return isRight ? undefined : refused('SIGNATURE_MISMATCH', 'The user and password are none of "basicAuth".');
}

/** So that the comparison says nothing of the length. */
function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Says what is wrong, or that every single event of the callback carries a signature of its own. */
export function proveEach(
  events: readonly unknown[],
  scheme: Scheme,
  { secrets }: Pick<ProofTerms, 'secrets'>,
): Verdict | undefined {
  const keys = keysOf(secrets, scheme.key);
  for (const event of events) {
    const given = textAt({ event }, scheme.field);
    if (given === undefined) return refused('SIGNATURE_MISSING', `An event has no signature at ${scheme.field ?? ''}.`);
    const digests = digestsIn(given, { ...scheme, grammar: 'bare' });
    if (digests.length === 0)
      return refused('SIGNATURE_MALFORMED', `The signature at ${scheme.field ?? ''} is not of the form that is set up.`);
    const text = (scheme.signed ?? '').replace(/\{(\/[^}]+)\}/g, (_, pointer: string) => textAt({ event }, pointer) ?? '');
    const isGenuine = keys.some((key) => {
      const expected = createHmac(scheme.algorithm ?? 'sha256', key)
        .update(text)
        .digest();
      return digests.some((digest) => isEqual(digest, expected));
    });
    if (!isGenuine) return refused('SIGNATURE_MISMATCH', 'No configured secret made the signature of an event.');
  }
  return undefined;
}

/** Says what is wrong, or that the request is proved. The first scheme whose header is there decides alone. */
export function prove(callback: Callback, schemes: readonly Scheme[], terms: ProofTerms): Proved | Verdict {
  const scheme = schemes.find(({ header = '' }) => header !== '' && headerOf(callback, header) !== undefined);
  const header = headerOf(callback, scheme?.header ?? '');
  if (!scheme || header === undefined) {
    return refused('SIGNATURE_MISSING', `The request has no header ${schemes.map(({ header: name }) => name).join(' or ')}.`);
  }
  const digests = digestsIn(header, scheme);
  const id = scheme.idHeader === undefined ? undefined : headerOf(callback, scheme.idHeader);
  const stamp = stampOf(callback, header, scheme);
  const lacks = (name: string, value: string | undefined): boolean => (scheme.signed ?? '').includes(name) && value === undefined;
  if (lacks('{id}', id) || lacks('{timestamp}', stamp))
    return refused('SIGNATURE_MISSING', 'The id or the time stamp that is signed along is missing.');
  if (digests.length === 0 || (id?.length ?? 0) > 200)
    return refused('SIGNATURE_MALFORMED', `The header ${scheme.header ?? ''} holds no signature of the form that is set up.`);
  const stale = staleness(stamp, scheme.timestamp, terms);
  if (stale && scheme.timestamp?.field === undefined) return stale;
  const parts = partsOf(scheme, { id, timestamp: stamp, url: scheme.url }, callback.body);
  const isGenuine = keysOf(terms.secrets, scheme.key).some((key) => {
    const hmac = createHmac(scheme.algorithm ?? 'sha256', key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    return digests.some((digest) => isEqual(digest, expected));
  });
  if (!isGenuine) return refused('SIGNATURE_MISMATCH', 'No configured secret made this signature.');
  return stale ?? { id };
}

function headerOf({ headers }: Callback, name: string): string | undefined {
  return headerText(headers, name.toLowerCase());
}

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;
const digestForms = { hex: /^[0-9A-Fa-f]+$/, base64: /^[A-Za-z0-9+/]+={0,2}$/, base64url: /^[\w-]+={0,2}$/ } as const;

/** The signatures of a header that have the right form and length. */
function digestsIn(
  header: string,
  { grammar = 'bare', prefix = '', pair = '', separator = ',', algorithm = 'sha256', digest = 'hex' }: Scheme,
): Buffer[] {
  const words =
    grammar === 'pairs'
      ? pairsIn(header, separator).flatMap(([name, value]) => (name === pair ? [value] : []))
      : grammar === 'list'
        ? header.split(' ')
        : [header.trim()];
  return words
    .filter((word) => word.startsWith(prefix))
    .map((word) => word.slice(prefix.length))
    .filter((text) => digestForms[digest].test(text))
    .map((text) => Buffer.from(text, digest))
    .filter(({ length }) => length === digestBytes[algorithm]);
}

function pairsIn(header: string, separator: string): [string, string][] {
  return header.split(separator).map((part) => {
    const equals = part.indexOf('=');
    return equals === -1 ? [part.trim(), ''] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  });
}

/** Two different stamps in one header are none. */
function stampOf(callback: Callback, header: string, { timestamp, separator = ',' }: Scheme): string | undefined {
  if (timestamp?.header !== undefined) return headerOf(callback, timestamp.header)?.trim();
  if (timestamp?.pair !== undefined) {
    const stamps = new Set(pairsIn(header, separator).flatMap(([name, value]) => (name === timestamp.pair ? [value] : [])));
    return stamps.size === 1 ? [...stamps][0] : undefined;
  }
  return timestamp?.field === undefined ? undefined : textAt({ event: readExactJson(callback.body) }, timestamp.field);
}

/** A stamp in the body is believed only once the signature over the body is. */
function staleness(
  stamp: string | undefined,
  where: Stamp | undefined,
  { toleranceSeconds, now }: ProofTerms,
): Verdict | undefined {
  if (!where) return undefined;
  const ms = readTime(stamp, where.unit ?? 'seconds');
  if (ms === undefined) return refused('SIGNATURE_MALFORMED', 'The time stamp is not of the form that is set up.');
  const isFresh = Math.abs(Math.floor(now.getTime() / 1000) - Math.floor(ms / 1000)) <= toleranceSeconds;
  return isFresh
    ? undefined
    : refused('SIGNATURE_STALE', `The time stamp is more than ${toleranceSeconds} s away from this server's clock.`);
}

function partsOf(
  { signed = '{body}' }: Scheme,
  values: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
): (string | Uint8Array)[] {
  return signed
    .split(/(\{(?:id|timestamp|url|body)\})/)
    .map((part) => (part === '{body}' ? body : /^\{\w+\}$/.test(part) ? (values[part.slice(1, -1)] ?? '') : part));
}
