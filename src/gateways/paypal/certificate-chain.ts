import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** More than any chain; the answer is at most 64 KB anyway. */
const mostCertificates = 10;

/** The certificates of a PEM file in their order. Node itself reads only the first. Empty when one of them cannot be read. */
export function readBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > mostCertificates) return [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/**
 * The key of the signing certificate, which stands first in its file, when at this moment it is valid, made out to a name of
 * paypal.com, an RSA key of at least 2048 bits, and comes from a trusted root through certificates of the same file. Otherwise
 * why not.
 */
export function trustedKey(
  bundle: readonly X509Certificate[],
  roots: readonly string[] | undefined,
  now: Date,
): KeyObject | string {
  const [leaf, ...others] = bundle;
  if (!leaf) return 'it is no certificate';
  if (!isValidAt(leaf, now)) return 'it is not valid at this time';
  if (!namesOf(leaf).some((name) => /^([a-z0-9-]+\.)+paypal\.com$/.test(name))) return 'it is not made out to paypal.com';
  const { asymmetricKeyType, asymmetricKeyDetails } = leaf.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    return 'its key is not RSA with 2048 bits';
  return comesFromRoot(leaf, others, trustedRoots(roots), now) ? leaf.publicKey : 'it comes from no trusted root';
}

/** Alternative names count alone where there are any, as in browsers. */
function namesOf(certificate: X509Certificate): string[] {
  const alternatives = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => /^DNS:(\S+)$/.exec(entry)?.[1] ?? []);
  const common = certificate.subject.split('\n').flatMap((line) => /^CN=(\S+)$/.exec(line)?.[1] ?? []);
  return (alternatives.length > 0 ? alternatives : common).map((name) => name.toLowerCase());
}

/** Node has no validator of chains: each certificate must be issued and signed by an authority that is valid itself. */
function comesFromRoot(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: Date,
): boolean {
  const isIssuer = (issuer: X509Certificate) =>
    issuer.ca && isValidAt(issuer, now) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  if (roots.some(isIssuer)) return true;
  return others.some((issuer) => isIssuer(issuer) && comesFromRoot(issuer, without(others, issuer), roots, now));
}

function without(certificates: readonly X509Certificate[], one: X509Certificate): X509Certificate[] {
  return certificates.filter((certificate) => certificate.fingerprint256 !== one.fingerprint256);
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}

const readRoots = new Map<string, readonly X509Certificate[]>();

/** Read once: Node brings some 150, and each takes a moment. */
function trustedRoots(roots: readonly string[] = rootCertificates): readonly X509Certificate[] {
  const key = createHash('sha256').update(roots.join('\n')).digest('hex');
  const known = readRoots.get(key);
  if (known) return known;
  const read = roots.flatMap((pem) => readBundle(pem));
  if (readRoots.size >= 10) readRoots.clear();
  readRoots.set(key, read);
  return read;
}
