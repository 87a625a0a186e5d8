import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Store } from '../../src/storage/store.ts';
import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { freshSchema, sharedCluster, type Cluster } from '../support/postgres.ts';
import { CliShop, sale } from './command-line.ts';

describe('handover move', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let shop: CliShop;
  let schema: string;
  let address: string;

  before(async () => (cluster = await sharedCluster()));
  beforeEach(async () => {
    shop = await CliShop.make();
    schema = freshSchema();
    address = `${cluster.url}?schema=${schema}`;
    await shop.takes(...['one', 'two', 'three'].map((name) => sale(name, 'TS-101', { reason: `Zoë's "${name}" \\ {1,2}` })));
    await shop.run(['keys', 'import', 'pro-keys', '-'], { input: 'AAAA-1111\nBBBB-2222\n' });
  });
  afterEach(async () => {
    await shop.remove();
    await cluster.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  });

  const exists = async () => (await cluster.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])).length > 0;
  const file = () => join(shop.folder, 'handover.db');

  async function allOf(store: Store): Promise<unknown> {
    await store.open();
    try {
      const orders = await store.findOrders({ limit: 100 });
      const records = await Promise.all(orders.map(async ({ id }) => [await store.findOrder(id), await store.history(id)]));
      const keys = await store.listKeys('pro-keys', 100);
      const bodies = await store.callbackBodies('settled', 100);
      return {
        records,
        keys,
        counts: await store.keyCounts(),
        bodies: bodies.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body).toString() })),
      };
    } finally {
      await store.close();
    }
  }

  it('brings every row to PostgreSQL, and says what to change', async () => {
    const { code, out } = await shop.run(['move', '--to', address]);
    expect(code).to.equal(0);
    expect(out).to.match(/^\d+ rows of \d+ tables are in postgres:\/\/127.*, compared one by one\.$/m);
    expect(out).to.contain(`"secret": { "file": ${JSON.stringify(`${file()}.key`)} }`);
    const there = openPostgresStore({ url: address });
    expect(await allOf(there)).to.deep.equal(await allOf(openSqliteStore({ path: file() })));
  });

  it('goes on where the file stopped: what is new gets numbers of its own, and old deliveries are known', async () => {
    await shop.run(['move', '--to', address]);
    await shop.write('handover.json', {
      ...(JSON.parse(readFileSync(join(shop.folder, 'handover.json'), 'utf8')) as object),
      secret: { file: `${file()}.key` },
    });
    const store = openPostgresStore({ url: address });
    await store.open();
    const callback = { gateway: 'paper', method: 'POST', url: '/', headers: {}, body: Buffer.from('x'), receivedAt: new Date() };
    expect(await store.keepCallback(callback, 'slip-one')).to.equal('known');
    expect(await store.keepCallback(callback, 'new')).to.equal('kept');
    await store.close();
    const listed = await shop.run(['keys', 'list', 'pro-keys', '--show', '--json', '--store', address]);
    expect(listed.json<{ key: string }[]>().map(({ key }) => key)).to.deep.equal(['BBBB-2222', 'AAAA-1111']);
  });

  it('moves nothing while the site has the store open', async () => {
    const app = await shop.open();
    const { code, err } = await shop.run(['move', '--to', address]);
    expect([code, err.slice(0, 12)]).to.deep.equal([1, 'STORE_IN_USE']);
    await app.close();
    expect(await exists()).to.equal(false);
  });

  it('moves nothing to where something is', async () => {
    await cluster.query(`CREATE SCHEMA "${schema}"; CREATE TABLE "${schema}".recipes (name text)`);
    const { code, err } = await shop.run(['move', '--to', address]);
    expect([code, err.slice(0, 15)]).to.deep.equal([1, 'STORE_NOT_EMPTY']);
    expect(err).to.not.contain('handover:handover');
  });

  it('takes an empty schema that somebody made for it', async () => {
    await cluster.query(`CREATE SCHEMA "${schema}"`);
    expect((await shop.run(['move', '--to', address])).code).to.equal(0);
    expect((await shop.run(['move', '--to', address])).err).to.match(/^STORE_NOT_EMPTY/);
  });

  for (const point of ['in a move:3', 'before a move ends']) {
    it(`leaves nothing half when it is killed (${point}), and moves all the next time`, async () => {
      const killed = await shop.run(['move', '--to', address], { env: { HANDOVER_CRASH_AT: point } });
      expect(killed.code).to.equal(-1);
      expect(await exists()).to.equal(false);
      expect((await shop.run(['move', '--to', address])).code).to.equal(0);
    });
  }

  it('says what it needs, and moves only a file', async () => {
    expect((await shop.run(['move'])).code).to.equal(2);
    expect((await shop.run(['move', '--to', 'elsewhere.db'])).code).to.equal(2);
    expect((await shop.run(['move', '--to', address, '--store', address])).err).to.match(/^STORE_IN_POSTGRES/);
  });
});
