import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { HandoverError } from '../../src/contract/errors.ts';
import { createSealer, readOrCreateKeyFile } from '../../src/secrets/sealing.ts';

const oldSecret = 'old secret with enough bytes';
const newSecret = 'new secret with enough bytes';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HandoverError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('sealing', () => {
  it('opens what it sealed, and never writes the same text twice alike', () => {
    const sealer = createSealer([newSecret]);
    for (const text of ['AB-CD', '', 'Schlüssel ✓', 'x'.repeat(5000)]) expect(sealer.open(sealer.seal(text))).to.equal(text);
    expect(sealer.seal('AB-CD')).to.not.equal(sealer.seal('AB-CD'));
  });

  it('shows nothing of the text or the secret in the sealed form', () => {
    const sealed = createSealer([newSecret]).seal('AB-CD-EF');
    expect(sealed).to.match(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]{11}$/);
    expect(Buffer.from(sealed.split('.').at(-1)!, 'base64url').toString()).to.not.include('AB');
  });

  it('seals with the first secret and opens what any of them sealed', () => {
    const before = createSealer([oldSecret]).seal('AB-CD');
    const rotated = createSealer([newSecret, oldSecret]);
    expect(rotated.open(before)).to.equal('AB-CD');
    expect(createSealer([newSecret]).open(rotated.seal('EF-GH'))).to.equal('EF-GH');
  });

  it('says so when the secret is no longer configured', () => {
    const sealed = createSealer([oldSecret]).seal('AB-CD');
    expect(codeOf(() => createSealer([newSecret]).open(sealed))).to.equal('SEAL_KEY_UNKNOWN');
  });

  it('refuses a sealed value of which any part was altered', () => {
    const sealer = createSealer([newSecret]);
    const parts = sealer.seal('AB-CD').split('.');
    for (const index of [2, 3, 4]) {
      const bytes = Buffer.from(parts[index]!, 'base64url');
      bytes[0]! ^= 1;
      const altered = parts.with(index, bytes.toString('base64url')).join('.');
      expect(
        codeOf(() => sealer.open(altered)),
        `part ${index}`,
      ).to.equal('SEAL_BROKEN');
    }
    const shortTag = parts.with(3, Buffer.from(parts[3]!, 'base64url').subarray(0, 4).toString('base64url')).join('.');
    for (const text of [shortTag, 'v2.a.b.c.d', 'AB-CD', '', `${parts.join('.')}.x`, parts.slice(0, 4).join('.')]) {
      expect(
        codeOf(() => sealer.open(text)),
        text,
      ).to.equal('SEAL_BROKEN');
    }
  });

  it('recognises a duplicate after the secret was changed', () => {
    const before = createSealer([oldSecret]).fingerprint('AB-CD');
    const rotated = createSealer([newSecret, oldSecret]);
    expect(rotated.fingerprint('AB-CD')).to.equal(before);
    expect(rotated.fingerprint('AB-CE')).to.not.equal(before);
    expect(createSealer([newSecret]).fingerprint('AB-CD')).to.not.equal(before);
  });

  it('derives a key of its own for every purpose, and all of them for checking', () => {
    const sealer = createSealer([newSecret, oldSecret]);
    expect(sealer.derive('links')).to.have.length(32);
    expect(sealer.derive('links')).to.not.deep.equal(sealer.derive('sessions'));
    expect(sealer.deriveAll('links')).to.deep.equal([sealer.derive('links'), createSealer([oldSecret]).derive('links')]);
  });

  it('accepts no missing and no short secret, whichever it is', () => {
    expect(codeOf(() => createSealer([]))).to.equal('SECRET_MISSING');
    expect(codeOf(() => createSealer(['fifteen bytes..']))).to.equal('SECRET_TOO_SHORT');
    expect(() => createSealer([newSecret, 'short'])).to.throw(HandoverError, 'Secret 2 has 5 bytes; at least 16 are needed.');
    expect(codeOf(() => createSealer(['sixteen bytes...']))).to.equal('nothing thrown');
  });
});

describe('the key file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handover-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for its owner only, and read from then on', async () => {
    const path = join(folder, 'data', 'handover.key');
    const secret = await readOrCreateKeyFile(path);
    expect(Buffer.from(secret, 'base64url')).to.have.length(32);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readOrCreateKeyFile(path)).to.equal(secret);
    expect(await readdir(join(folder, 'data'))).to.deep.equal(['handover.key']);
  });

  it('is the same for everyone when many start at once', async () => {
    const path = join(folder, 'handover.key');
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readOrCreateKeyFile(path)));
    expect(new Set(secrets).size).to.equal(1);
    expect(await readFile(path, 'utf8')).to.equal(`${secrets[0]!}\n`);
    expect(await readdir(folder)).to.deep.equal(['handover.key']);
  });

  it('is the same for processes that start at once', async () => {
    const path = join(folder, 'handover.key');
    const code = `import('${new URL('../../src/secrets/sealing.ts', import.meta.url).href}').then((m) => m.readOrCreateKeyFile(process.argv[1])).then((s) => process.stdout.write(s))`;
    const run = () => promisify(execFile)(process.execPath, ['--conditions=dev-source', '-e', code, path]);
    const secrets = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout);
    expect(new Set(secrets).size).to.equal(1);
    expect(secrets[0]).to.have.length(43);
  });

  it('is refused when it is empty, cut or open to every user, and never overwritten', async () => {
    const path = join(folder, 'handover.key');
    await writeFile(path, 'short\n', { mode: 0o600 });
    expect(await failure(path)).to.equal('KEY_FILE_UNUSABLE: The key file holds less than 16 bytes.');
    expect(await readFile(path, 'utf8')).to.equal('short\n');
    await writeFile(path, `${oldSecret}\n`);
    await chmod(path, 0o644);
    expect(await failure(path)).to.equal('KEY_FILE_UNUSABLE: The key file is open to every user.');
    await chmod(path, 0o660);
    expect(await readOrCreateKeyFile(path)).to.equal(oldSecret);
  });

  it('says where it could not be made', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await failure(join(folder, 'file', 'handover.key'))).to.match(
      /^KEY_FILE_UNUSABLE: The key file (could not be made|cannot be read)\.$/,
    );
  });

  async function failure(path: string): Promise<string> {
    try {
      await readOrCreateKeyFile(path);
    } catch (error) {
      if (error instanceof HandoverError && error.where === path) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'nothing thrown';
  }
});
