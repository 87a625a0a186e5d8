import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKeyPools, importKeys, KeyImportError } from '../../src/fulfilment/key-pools.ts';
import { createSealer } from '../../src/secrets/sealing.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import type { Store } from '../../src/storage/store.ts';

const oldSecret = 'old secret with enough bytes';
const newSecret = 'new secret with enough bytes';

describe('key pools', () => {
  let folder = '';
  let store: Store;
  const sealer = createSealer([oldSecret]);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handover-keys-'));
    store = openSqliteStore({ path: join(folder, 'shop.sqlite') });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('give keys out in the order of the list, one to each holder, and the same holder the same', async () => {
    await importKeys(store, sealer, 'safety', 'AAA-1\nAAA-2\n');
    const pools = createKeyPools(store, sealer);
    expect(await pools.left('safety')).to.equal(2);
    expect(await pools.take('safety', 'step 1')).to.equal('AAA-1');
    expect(await pools.take('safety', 'step 1')).to.equal('AAA-1');
    expect(await pools.take('safety', 'step 2')).to.equal('AAA-2');
    expect(await pools.take('safety', 'step 3')).to.equal(undefined);
    expect(await pools.left('safety')).to.equal(0);
  });

  it('give no key twice when many ask at once', async () => {
    const list = Array.from({ length: 30 }, (_, index) => `AAA-${index}`);
    await importKeys(store, sealer, 'safety', list.join('\n'));
    const pools = createKeyPools(store, sealer);
    const holders = Array.from({ length: 40 }, (_, index) => `step ${index % 20}`);
    const taken = await Promise.all(holders.map((holder) => pools.take('safety', holder)));
    expect(new Set(taken)).to.deep.equal(new Set(list.slice(0, 20)));
    expect(taken.slice(0, 20)).to.deep.equal(taken.slice(20));
    expect(await pools.left('safety')).to.equal(10);
  });

  it('know no key of another pool', async () => {
    await importKeys(store, sealer, 'safety', 'AAA-1');
    const pools = createKeyPools(store, sealer);
    expect(await pools.take('fire', 'step 1')).to.equal(undefined);
    expect(await pools.left('fire')).to.equal(0);
    expect(await pools.revoke('fire', 'step 1')).to.equal(false);
  });

  it('never give a revoked key to anybody else', async () => {
    await importKeys(store, sealer, 'safety', 'AAA-1\nAAA-2');
    const pools = createKeyPools(store, sealer);
    await pools.take('safety', 'step 1');
    expect(await pools.revoke('safety', 'step 1')).to.equal(true);
    expect(await pools.take('safety', 'step 2')).to.equal('AAA-2');
    expect(await pools.take('safety', 'step 3')).to.equal(undefined);
  });

  it('show the store nothing of a key', async () => {
    await importKeys(store, sealer, 'safety', 'AAA-1');
    expect(JSON.stringify(await store.listKeys('safety', 10))).to.not.include('AAA');
  });

  it('open keys that were imported before the secret was changed, and still know them as duplicates', async () => {
    await importKeys(store, sealer, 'safety', 'AAA-1');
    const rotated = createSealer([newSecret, oldSecret]);
    expect(await problemsOf(importKeys(store, rotated, 'safety', 'AAA-1'))).to.deep.equal(['1: this key is in the pool already']);
    expect(await createKeyPools(store, rotated).take('safety', 'step 1')).to.equal('AAA-1');
  });

  describe('import', () => {
    it('trims, and leaves out blank lines, comments and a byte order mark', async () => {
      const list = '\uFEFF# from the maker, 1 May\r\n\r\n  AAA-1 \r\nAAA-2\r\n\t\r\n#AAA-3\r\n';
      expect(await importKeys(store, sealer, 'safety', Buffer.from(list))).to.deep.equal({ added: 2, columnsLeftOut: false });
      expect(await taken()).to.deep.equal(['AAA-1', 'AAA-2']);
    });

    it('reads the first column of a table and leaves its heading out', async () => {
      const tables = [
        'Key,Note\nAAA-1,x\n"AAA,2",y\n',
        '# list\nLicense key;Note\nAAA-1;x,x\n"AAA,2";\n',
        'AAA-1\tx\nAAA,2\ty\n',
      ];
      for (const [index, table] of tables.entries()) {
        const pool = `safety-${index}`;
        expect(await importKeys(store, sealer, pool, table), table).to.deep.equal({ added: 2, columnsLeftOut: true });
        expect(await taken(pool), table).to.deep.equal(['AAA-1', 'AAA,2']);
      }
    });

    it('does not guess when only some lines look like a table', async () => {
      const list = 'AAA-1\nAAA,2\n';
      const message = 'a comma, semicolon or tab stands here, but not the same one on every line; say whether it is a table';
      expect(await problemsOf(importKeys(store, sealer, 'safety', list))).to.deep.equal([`2: ${message}`]);
      expect(await importKeys(store, sealer, 'safety', list, 'lines')).to.deep.equal({ added: 2, columnsLeftOut: false });
      expect(await taken()).to.deep.equal(['AAA-1', 'AAA,2']);
    });

    it('names every bad line, quotes no key and adds nothing', async () => {
      const list = ['AAA-1', 'B'.repeat(201), 'AAA\u0007', 'AAA-1', 'CC\u200bC', '"AAA', 'C'.repeat(200)].join('\n');
      const refused = importKeys(store, sealer, 'safety', list);
      expect(await problemsOf(refused)).to.deep.equal([
        '2: the key has 201 characters; at most 200 are possible',
        '3: the key holds a control character or an invisible one',
        '4: the same key stands on line 1',
        '5: the key holds a control character or an invisible one',
        '6: a quotation mark is not closed',
      ]);
      expect(await messageOf(refused))
        .to.match(/^The key list has 5 problems; no key was added\.\n {2}line 2: /)
        .and.not.include('AAA');
      expect(await createKeyPools(store, sealer).left('safety')).to.equal(0);
    });

    it('adds nothing when one key is in the pool already, given out or revoked too', async () => {
      await importKeys(store, sealer, 'safety', 'AAA-1\nAAA-2\nAAA-3');
      const pools = createKeyPools(store, sealer);
      await pools.take('safety', 'step 1');
      await pools.take('safety', 'step 2');
      await pools.revoke('safety', 'step 2');
      expect(await problemsOf(importKeys(store, sealer, 'safety', 'NEW-1\nAAA-3\nAAA-1\nNEW-2\nAAA-2'))).to.deep.equal([
        '2: this key is in the pool already',
        '3: this key is in the pool already',
        '5: this key is in the pool already',
      ]);
      expect(await pools.left('safety')).to.equal(1);
    });

    it('tells the line that is not UTF-8, and that a spreadsheet saved something else', async () => {
      const latin = Buffer.concat([Buffer.from('AAA-1\nAAA-2\n'), Buffer.from([0x41, 0xe4, 0x41, 0x0a]), Buffer.from('AAA-4\n')]);
      const message = 'the list is not UTF-8; save it as UTF-8 text and import it again';
      expect(await problemsOf(importKeys(store, sealer, 'safety', latin))).to.deep.equal([`3: ${message}`]);
      const wide = Buffer.from('\uFEFFAAA-1\n', 'utf16le');
      expect(await problemsOf(importKeys(store, sealer, 'safety', wide))).to.deep.equal([`1: ${message}`]);
    });

    it('refuses a list without a key, and a pool name that no option could hold', async () => {
      for (const list of ['', '\n\n', '# nothing\n', 'key\n']) {
        expect(await problemsOf(importKeys(store, sealer, 'safety', list)), list).to.deep.equal(['1: the list holds no key']);
      }
      for (const pool of ['', 'a b', '../x', '-x', 'x'.repeat(65)]) {
        expect(await messageOf(importKeys(store, sealer, pool, 'AAA-1')), pool).to.include('cannot be the name of a key pool');
      }
    });

    it('shows at most twenty problems', async () => {
      const message = await messageOf(importKeys(store, sealer, 'safety', Array<string>(30).fill('AAA-1').join('\n')));
      expect(message.split('\n')).to.have.length(22);
      expect(message).to.match(/and 9 more$/);
    });

    async function taken(pool = 'safety'): Promise<(string | undefined)[]> {
      const pools = createKeyPools(store, sealer);
      const keys: (string | undefined)[] = [];
      for (let left = await pools.left(pool); left > 0; left--) keys.push(await pools.take(pool, `holder ${left}`));
      return keys;
    }
  });
});

async function problemsOf(run: Promise<unknown>): Promise<string[]> {
  try {
    await run;
  } catch (error) {
    if (error instanceof KeyImportError) return error.problems.map(({ line, message }) => `${line}: ${message}`);
    throw error;
  }
  return [];
}

async function messageOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'nothing thrown',
    (error: unknown) => (error as Error).message,
  );
}
