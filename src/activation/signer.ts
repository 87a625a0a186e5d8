import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { HandoverError } from '../contract/errors.ts';
import type { Store } from '../storage/store.ts';

/** Signs answers, so that software that knows the public key believes nobody else. */
export interface Signer {
  /** A JWS in compact form (RFC 7515), Ed25519 (RFC 8037). */
  sign(claims: Readonly<Record<string, unknown>>): string;
  readonly publicKey: PublicKey;
}

/** The public half, in the forms that libraries take. */
export interface PublicKey {
  /** In the header of each answer. */
  readonly kid: string;
  /** Base64 of the SPKI form. */
  readonly key: string;
  readonly pem: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

const name = 'activation signing key';

/**
 * With the given private key, else with the one that is kept sealed in the store and made at the first use: of processes that
 * make one at once, all take the one that was kept first. Throws `ACTIVATION_PRIVATE_KEY`.
 */
export async function openSigner(
  given: string | undefined,
  store: Pick<Store, 'keepSecret' | 'keptSecret'>,
  sealer: { seal(text: string): string; open(sealed: string): string },
): Promise<Signer> {
  if (given !== undefined) return signerWith(readPrivateKey(given));
  const kept = (await store.keptSecret(name)) ?? (await store.keepSecret(name, sealer.seal(makePrivateKey())));
  return signerWith(readPrivateKey(sealer.open(kept)));
}

function signerWith(key: KeyObject): Signer {
  const spki = createPublicKey(key);
  const der = spki.export({ format: 'der', type: 'spki' });
  const kid = createHash('sha256').update(der).digest('base64url').slice(0, 16);
  const header = part({ alg: 'EdDSA', typ: 'JWT', kid });
  return {
    sign(claims) {
      const signed = `${header}.${part(claims)}`;
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
    },
    publicKey: {
      kid,
      key: der.toString('base64'),
      pem: spki.export({ format: 'pem', type: 'spki' }).toString(),
      jwk: { ...spki.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' },
    },
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function makePrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function readPrivateKey(text: string): KeyObject {
  try {
    const key = text.includes('BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The reader's own error may quote what it read.
  }
  throw new HandoverError('ACTIVATION_PRIVATE_KEY', 'The private key for answers to software is no Ed25519 key.', {
    where: 'activation.privateKey',
    hint: 'Give PEM, or base64 of PKCS 8, as "openssl genpkey -algorithm ed25519" makes it; or leave it out.',
  });
}
