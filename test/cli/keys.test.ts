import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliShop } from './command-line.ts';

describe('handover keys', () => {
  let shop: CliShop;
  let list = '';
  beforeEach(async () => {
    shop = await CliShop.make();
    list = join(shop.folder, 'keys.txt');
    await writeFile(list, 'AAAA-1111\nBBBB-2222\n# a remark\n\nCCCC-3333\n');
  });
  afterEach(() => shop.remove());

  it('adds the keys of a file, sealed, and makes the store where there is none yet', async () => {
    const { code, out, err } = await shop.run(['keys', 'import', 'pro-keys', list]);
    expect(code).to.equal(0);
    expect(out).to.equal('3 keys were added to the pool "pro-keys". 3 are free.\n');
    expect(err).to.match(/^The store .* did not exist and was made\.\n$/);
    const app = await shop.open();
    const rows = await app.store.listKeys('pro-keys', 10);
    expect(JSON.stringify(rows)).to.not.contain('AAAA');
    expect(await app.keys.take('pro-keys', 'somebody')).to.equal('AAAA-1111');
  });

  it('reads a table from standard input', async () => {
    const { out, err } = await shop.run(['keys', 'import', 'pro-keys', '-', '--json'], { input: 'key;seats\nAAAA;5\nBBBB;5\n' });
    expect(JSON.parse(out)).to.deep.equal({ pool: 'pro-keys', added: 2, free: 2 });
    expect(err).to.contain('only its first column was read');
  });

  it('refuses a file with keys that the pool has already, and names their lines, not the keys', async () => {
    await shop.run(['keys', 'import', 'pro-keys', list]);
    await writeFile(list, 'DDDD-4444\nBBBB-2222\nDDDD-4444\n');
    const twice = await shop.run(['keys', 'import', 'pro-keys', list]);
    expect(twice.code).to.equal(1);
    expect(twice.err).to.contain('line 3: the same key stands on line 1');
    await writeFile(list, 'DDDD-4444\nBBBB-2222\n');
    const known = await shop.run(['keys', 'import', 'pro-keys', list]);
    expect(known.code).to.equal(1);
    expect(known.err).to.match(
      /^KEYS_REFUSED {2}The key list has 1 problem; no key was added\.\n {2}line 2: this key is in the pool already$/m,
    );
    expect(known.out + known.err).to.not.match(/BBBB|DDDD/);
    expect((await shop.run(['keys', 'list', '--json'])).json<object[]>()[0]).to.include({ pool: 'pro-keys', free: 3 });
  });

  it('warns of a pool that no connector takes keys from', async () => {
    const { code, err } = await shop.run(['keys', 'import', 'pro-kys', list]);
    expect(code).to.equal(0);
    expect(err).to.contain('No connector takes keys from a pool "pro-kys" yet. Did you mean "pro-keys"?');
  });

  it('says when the file cannot be read, and adds nothing', async () => {
    const { code, err } = await shop.run(['keys', 'import', 'pro-keys', 'nowhere.txt']);
    expect(code).to.equal(1);
    expect(err).to.match(/^FILE_UNREADABLE {2}The file nowhere\.txt cannot be read \(ENOENT\)\./);
  });

  it('lists the stock and marks what runs low or is sold out', async () => {
    await shop.run(['keys', 'import', 'pro-keys', list]);
    expect((await shop.run(['keys', 'list'])).out).to.match(/^pro-keys {2}3 free {2}0 taken {2}0 revoked$/m);
    const app = await shop.open();
    await app.keys.take('pro-keys', 'K3M9-2QXT-7BHD/1/1/key');
    expect((await shop.run(['keys', 'list'])).out).to.match(/^pro-keys {2}2 free {2}1 taken {2}0 revoked {2}LOW: fewer than 3$/m);
    for (const holder of ['b', 'c']) await app.keys.take('pro-keys', holder);
    expect((await shop.run(['status'])).out).to.match(/^ {2}pro-keys {2}0 free {2}3 taken {2}0 revoked {2}SOLD OUT$/m);
  });

  it('hides the keys of a pool unless they are asked for', async () => {
    await shop.run(['keys', 'import', 'pro-keys', list]);
    const app = await shop.open();
    await app.keys.take('pro-keys', 'K3M9-2QXT-7BHD/1/1/key');
    const hidden = await shop.run(['keys', 'list', 'pro-keys']);
    expect(hidden.code).to.equal(0);
    expect(hidden.out).to.not.match(/AAAA|BBBB|CCCC/);
    expect(hidden.out).to.match(/^hidden \S{8} {2}taken {2}[\d-]+ [\d:]+ {2}K3M9-2QXT-7BHD\/1\/1\/key$/m);
    const shown = await shop.run(['keys', 'list', 'pro-keys', '--show', '--json']);
    expect(shown.json<{ key: string; state: string }[]>().map(({ key, state }) => `${key} ${state}`)).to.deep.equal([
      'CCCC-3333 free',
      'BBBB-2222 free',
      'AAAA-1111 taken',
    ]);
  });

  it('knows no pool that was never filled', async () => {
    await shop.run(['keys', 'import', 'pro-keys', list]);
    const { code, err } = await shop.run(['keys', 'list', 'prokeys']);
    expect(code).to.equal(1);
    expect(err).to.contain('KEY_POOL_UNKNOWN  The store has no key pool "prokeys". Did you mean "pro-keys"?');
  });

  it('finds who holds a key', async () => {
    await shop.run(['keys', 'import', 'pro-keys', list]);
    const app = await shop.open();
    await app.keys.take('pro-keys', 'K3M9-2QXT-7BHD/1/1/key');
    expect((await shop.run(['keys', 'find', 'AAAA-1111'])).out).to.match(
      /^pro-keys {2}taken {2}.* {2}K3M9-2QXT-7BHD\/1\/1\/key$/m,
    );
    expect((await shop.run(['keys', 'find', '-'], { input: 'BBBB-2222\n' })).out).to.match(/^pro-keys {2}free$/m);
    expect((await shop.run(['keys', 'find', 'XXXX'])).err).to.match(/^KEY_UNKNOWN/);
  });
});
