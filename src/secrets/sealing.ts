import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HandoverError } from '../contract/errors.ts';

/** Keeps secrets at rest: keys and passwords are stored sealed, found again by fingerprint, and links are signed with derived keys. */
export interface Sealer {
  /** AES-256-GCM under the first secret: `v1.<key id>.<iv>.<tag>.<ciphertext>`, parts in base64url. */
  seal(text: string): string;
  /** Opens what any of the secrets sealed. Throws `SEAL_KEY_UNKNOWN` or `SEAL_BROKEN`. */
  open(sealed: string): string;
  /**
   * Tells whether two texts are the same without telling the text. It is made with the LAST secret: a new secret goes in
   * front, so fingerprints stay the same for as long as the old one is listed, and it must be listed for as long as anything
   * is sealed with it.
   */
  fingerprint(text: string): string;
  /** A 32-byte key for one purpose, from the first secret. */
  derive(purpose: string): Buffer;
  /** The same from every secret, first one first: to check signatures made before a change of the secret. */
  deriveAll(purpose: string): readonly Buffer[];
}

const minimumBytes = 16;
const salt = 'handover/v1';

/** The first secret seals and signs, all open. Throws `SECRET_MISSING` or `SECRET_TOO_SHORT` (less than 16 bytes). */
export function createSealer(secrets: readonly string[]): Sealer {
  for (const [index, secret] of secrets.entries()) requireStrength(secret, index);
  const keyOf = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32));
  const rings = secrets.map((secret) => ({
    id: keyOf(secret, 'key id').toString('base64url', 0, 6),
    key: keyOf(secret, 'seal'),
  }));
  const first = rings[0];
  const [newest] = secrets;
  const oldest = secrets.at(-1);
  if (first === undefined || newest === undefined || oldest === undefined) {
    throw new HandoverError('SECRET_MISSING', 'There is no secret to seal with.', { where: 'secret', hint: howToMakeOne });
  }
  const fingerprintKey = keyOf(oldest, 'fingerprint');

  return {
    seal(text) {
      const iv = randomBytes(12);
      const head = `v1.${first.id}`;
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(head));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [head, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed) {
      const [version, id, iv, tag, body, ...rest] = sealed.split('.');
      if (version !== 'v1' || iv === undefined || tag === undefined || body === undefined || rest.length > 0) {
        throw broken('it has not the form of a sealed value');
      }
      const ring = rings.find((each) => each.id === id);
      if (ring === undefined) {
        throw new HandoverError('SEAL_KEY_UNKNOWN', 'A value was sealed with a secret that is not configured.', {
          where: 'secret',
          hint: 'Put the secret it was sealed with back at the end of the list "secret" in handover.json (or restore the key file).',
        });
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', ring.key, Buffer.from(iv, 'base64url'), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(`${version}.${ring.id}`)).setAuthTag(Buffer.from(tag, 'base64url'));
        return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw broken('it was altered or cut', cause);
      }
    },
    fingerprint: (text) => createHmac('sha256', fingerprintKey).update(text, 'utf8').digest('base64url'),
    derive: (purpose) => keyOf(newest, `use:${purpose}`),
    deriveAll: (purpose) => secrets.map((secret) => keyOf(secret, `use:${purpose}`)),
  };
}

/**
 * Reads the secret in a file, or makes the file (mode 0600, 256 random bits) when there is none. Two processes that start at
 * once get the same secret: the file is written under another name and linked into place, which only one of them can do.
 */
export async function readOrCreateKeyFile(path: string): Promise<string> {
  const known = await readKeyFile(path);
  if (known !== undefined) return known;
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDraft(draft);
    await link(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, 'could not be made', error);
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(path);
  if (made === undefined) throw unusable(path, 'vanished while it was being made');
  return made;
}

async function readKeyFile(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, 'cannot be read', error);
  }
  if (Buffer.byteLength(text) < minimumBytes) throw unusable(path, 'holds less than 16 bytes');
  // Only the bits for everybody count: some container platforms widen the group's bits on every mount.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o007) !== 0) throw unusable(path, 'is open to every user');
  return text;
}

async function writeDraft(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const howToMakeOne = 'Make one with "openssl rand -base64 32" and keep it outside the configuration files.';

function requireStrength(secret: string, index: number): void {
  const bytes = Buffer.byteLength(secret);
  if (bytes >= minimumBytes) return;
  throw new HandoverError('SECRET_TOO_SHORT', `Secret ${index + 1} has ${bytes} bytes; at least ${minimumBytes} are needed.`, {
    where: `secret[${index}]`,
    hint: howToMakeOne,
  });
}

function broken(why: string, cause?: unknown): HandoverError {
  return new HandoverError('SEAL_BROKEN', `A sealed value cannot be opened: ${why}.`, {
    hint: 'Restore the record from a backup. For an activation key: issue a new one.',
    cause,
  });
}

function unusable(path: string, why: string, cause?: unknown): HandoverError {
  return new HandoverError('KEY_FILE_UNUSABLE', `The key file ${why}.`, {
    where: path,
    hint: 'Restore it from the backup with mode 0600, readable by the user of this process. Without it, stored keys stay closed.',
    cause,
  });
}
