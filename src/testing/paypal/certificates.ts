import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, context, contextText, integer, nothing, octets, oid, sequence, set, time, truth, utf8 } from './der.ts';

/** A certificate and the key it is for. */
export interface Certificate {
  readonly pem: string;
  readonly key: KeyObject;
}

/** What is special about a certificate. */
export interface CertificateTerms {
  /** The common name. */
  readonly name: string;
  /** Alternative names. @default the common name */
  readonly alternatives?: readonly string[];
  readonly from?: Date;
  readonly until?: Date;
  /** May issue others. @default false */
  readonly authority?: boolean;
  /** @default 2048 */
  readonly bits?: number;
}

const rsaSha256 = sequence(oid('1.2.840.113549.1.1.11'), nothing());

/** Issues a certificate (RFC 5280) by the issuer's name and key; without an issuer it signs itself. */
export function issueCertificate(
  terms: CertificateTerms,
  issuer?: { readonly name: string; readonly key: KeyObject },
): Certificate {
  const { name, alternatives = [name], authority = false, bits: modulusLength = 2048 } = terms;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const names = sequence(...alternatives.map((each) => contextText(2, each)));
  const extensions = [
    sequence(oid('2.5.29.19'), truth(), octets(authority ? sequence(truth()) : sequence())),
    ...(authority ? [] : [sequence(oid('2.5.29.17'), octets(names))]),
  ];
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(randomBytes(8)),
    rsaSha256,
    nameOf(issuer?.name ?? name),
    sequence(time(terms.from ?? new Date('2020-01-01T00:00:00Z')), time(terms.until ?? new Date('2049-01-01T00:00:00Z'))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  const signature = sign('RSA-SHA256', body, issuer?.key ?? privateKey);
  const der = sequence(body, rsaSha256, bits(signature)).toString('base64');
  const lines = der.match(/.{1,64}/g) ?? [];
  return { pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`, key: privateKey };
}

function nameOf(common: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(common))));
}

/** An authority, one below it, and what the lower one issued: as PayPal's signing certificate comes about. */
export interface CertificateFamily {
  readonly root: Certificate;
  readonly middle: Certificate;
  readonly signer: Certificate;
  /** Another certificate by the lower authority. */
  issue(terms: CertificateTerms): Certificate;
}

let made: CertificateFamily | undefined;

/** Made once in a process: keys take a moment. */
export function certificateFamily(): CertificateFamily {
  if (made) return made;
  const [rootName, middleName] = ['Double Root', 'Double Authority'];
  const root = issueCertificate({ name: rootName, authority: true });
  const middle = issueCertificate({ name: middleName, authority: true }, { name: rootName, key: root.key });
  const issue = (terms: CertificateTerms) => issueCertificate(terms, { name: middleName, key: middle.key });
  made = { root, middle, issue, signer: issue({ name: 'messageverificationcerts.paypal.com' }) };
  return made;
}
