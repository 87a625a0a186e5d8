import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { CliShop, give, sale, site } from './command-line.ts';

describe('handover backup and restore', () => {
  let shop: CliShop;
  let store: string;
  let copy: string;
  beforeEach(async () => {
    shop = await CliShop.make();
    store = join(shop.folder, 'handover.db');
    copy = join(shop.folder, 'copy.db');
  });
  afterEach(() => shop.remove());

  const ordersIn = async (path: string): Promise<number> => {
    const opened = openSqliteStore({ path });
    await opened.open();
    const { length } = await opened.findOrders({ limit: 100 });
    await opened.close();
    return length;
  };
  const leftovers = () => readdirSync(shop.folder).filter((name) => name.endsWith('.part'));

  it('copies the store and its key file while the site runs, readable by the owner only', async () => {
    const app = await shop.open();
    await give(app, sale('one', 'TS-101'));
    const { code, out } = await shop.run(['backup', copy]);
    expect(code).to.equal(0);
    expect(out).to.match(
      /^The store was copied to .*copy\.db \([\d.]+ kB\) and checked\.\nThe secret was copied to .*copy\.db\.key\. /,
    );
    await give(app, sale('two', 'TS-101'));
    expect(await ordersIn(copy)).to.equal(1);
    expect([copy, `${copy}.key`].map((file) => statSync(file).mode & 0o777)).to.deep.equal([0o600, 0o600]);
    expect(readFileSync(`${copy}.key`, 'utf8')).to.equal(readFileSync(`${store}.key`, 'utf8'));
    expect(leftovers()).to.deep.equal([]);
  });

  it('never writes over anything, and says when the secret lies elsewhere', async () => {
    await shop.write('handover.json', site({ secret: { env: 'SHOP_SECRET' } }));
    const env = { SHOP_SECRET: 'a secret of thirty-two characters, or more' };
    process.env['SHOP_SECRET'] = env.SHOP_SECRET;
    await shop.takes(sale('one', 'TS-101'));
    const first = await shop.run(['backup', copy, '--json'], { env });
    expect(Object.keys(first.json())).to.deep.equal(['file', 'bytes']);
    const again = await shop.run(['backup', copy], { env });
    expect([again.code, again.err]).to.satisfy(([code, err]: [number, string]) => code === 1 && err.startsWith('FILE_EXISTS'));
    delete process.env['SHOP_SECRET'];
  });

  it('makes no copy of a store that is damaged', async () => {
    await shop.takes(sale('one', 'TS-101'));
    const bytes = readFileSync(store);
    bytes.fill(0xa5, 5 * 8192, 12 * 8192);
    writeFileSync(store, bytes);
    const { code, err } = await shop.run(['backup', copy]);
    expect([code, err.slice(0, 13)]).to.deep.equal([1, 'STORE_DAMAGED']);
    expect([existsSync(copy), existsSync(`${copy}.key`), leftovers()]).to.deep.equal([false, false, []]);
  });

  it('puts a backup where no store is, with its key', async () => {
    await shop.takes(sale('one', 'TS-101'));
    await shop.run(['backup', copy]);
    const elsewhere = join(shop.folder, 'other.db');
    const { code, out } = await shop.run(['restore', copy, '--store', elsewhere]);
    expect(code).to.equal(0);
    expect(out).to.contain('is the backup now').and.to.contain('The key file came with it');
    expect(await ordersIn(elsewhere)).to.equal(1);
    expect(readFileSync(`${elsewhere}.key`)).to.deep.equal(readFileSync(`${store}.key`));
    expect(leftovers()).to.deep.equal([]);
  });

  it('replaces a store only when it is told to and nobody has it open, and keeps the one that was there', async () => {
    await shop.takes(sale('one', 'TS-101'));
    await shop.run(['backup', copy]);
    const app = await shop.open();
    await give(app, sale('two', 'TS-101'));
    expect((await shop.run(['restore', copy])).err).to.match(/^STORE_EXISTS/);
    expect((await shop.run(['restore', copy, '--replace'])).err).to.match(/^STORE_IN_USE/);
    await app.close();
    const restored = (await shop.run(['restore', copy, '--replace', '--json'])).json<{ replaced: string; keyFile: string }>();
    expect(restored.keyFile).to.equal('same');
    expect(restored.replaced).to.match(/handover\.db\.replaced-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$/);
    expect([await ordersIn(store), await ordersIn(restored.replaced)]).to.deep.equal([1, 2]);
    expect((await shop.run(['orders', '--json'])).json<object[]>()).to.have.length(1);
  });

  it('replaces a store that is damaged, and keeps it', async () => {
    await shop.takes(sale('one', 'TS-101'));
    await shop.run(['backup', copy]);
    writeFileSync(store, 'This is no store.'.repeat(1000));
    const { code, out } = await shop.run(['restore', copy, '--replace']);
    expect(code).to.equal(0);
    expect(out).to.contain('is kept as');
    expect(await ordersIn(store)).to.equal(1);
  });

  it('refuses what is no backup, and leaves the store as it is', async () => {
    await shop.takes(sale('one', 'TS-101'));
    writeFileSync(copy, 'Dear diary, today I became a database.'.repeat(1000));
    expect((await shop.run(['restore', copy, '--replace'])).err).to.match(/^STORE_DAMAGED/);
    const foreign = join(shop.folder, 'foreign.db');
    new DatabaseSync(foreign).exec('CREATE TABLE recipes (name TEXT)');
    expect((await shop.run(['restore', foreign, '--replace'])).err).to.match(/^STORE_FOREIGN/);
    const newer = join(shop.folder, 'newer.db');
    await shop.run(['backup', newer]);
    new DatabaseSync(newer).exec("UPDATE meta SET value = '999' WHERE name = 'schema'");
    expect((await shop.run(['restore', newer, '--replace'])).err).to.match(/^STORE_TOO_NEW/);
    expect((await shop.run(['restore', join(shop.folder, 'missing.db')])).err).to.match(/^FILE_UNREADABLE/);
    expect(await ordersIn(store)).to.equal(1);
    expect(leftovers()).to.deep.equal([]);
  });

  for (const point of ['copy made', 'store set aside']) {
    it(`leaves the old store when a restore is killed (${point}), and a new one replaces it then`, async () => {
      await shop.takes(sale('one', 'TS-101'));
      await shop.run(['backup', copy]);
      await shop.takes(sale('two', 'TS-101'));
      const killed = await shop.run(['restore', copy, '--replace'], { env: { HANDOVER_CRASH_AT: point } });
      expect(killed.code).to.equal(-1);
      expect(await ordersIn(store)).to.equal(2);
      expect((await shop.run(['restore', copy, '--replace'])).code).to.equal(0);
      expect(await ordersIn(store)).to.equal(1);
    });
  }

  it('names the tools of PostgreSQL for a store that is there, without its password', async () => {
    const address = 'postgres://shop:top%20secret@db.example.com:5432/shop?schema=shop2&connections=4';
    const saved = await shop.run(['backup', 'shop.dump', '--store', address]);
    expect(saved.err).to.contain(
      'pg_dump --format=custom --schema=shop2 --file=shop.dump --dbname=postgres://shop@db.example.com:5432/shop\n',
    );
    const put = await shop.run(['restore', 'shop.dump', '--store', address]);
    expect(put.err).to.contain('pg_restore --single-transaction --dbname=postgres://shop@db.example.com:5432/shop shop.dump');
    expect([saved.code, put.code, saved.err.slice(0, 17)]).to.deep.equal([1, 1, 'STORE_IN_POSTGRES']);
    expect(saved.err + put.err)
      .to.not.contain('secret@')
      .and.not.contain('top');
  });
});
