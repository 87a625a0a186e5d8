import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SignedKeyContents } from './verify-signed-key.ts';

/**
 * Makes a key that the package can check by itself: `HK1.<contents>.<signature>`, both base64url, the contents JSON, signed by
 * Ed25519 over everything before the last dot. The same contents give the same key. Throws a TypeError for a wrong private key.
 */
export function makeSignedKey(contents: SignedKeyContents, privateKey: string): string {
  const signed = `HK1.${Buffer.from(JSON.stringify(contents)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), readPrivateKey(privateKey)).toString('base64url')}`;
}

/** Reads an Ed25519 private key: PEM (also with `\n` written out, as in environment files), or base64 of its PKCS 8 form. */
export function readPrivateKey(text: string): KeyObject {
  let key: KeyObject;
  try {
    key = text.includes('BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // The reader's own error may quote what it read.
    throw new TypeError('The private key is neither PEM nor the base64 of a PKCS 8 key.');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('The private key is not an Ed25519 key.');
  return key;
}

/** A new pair, each as one line of base64: the private one for the shop's environment, the public one for the package. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}
