import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import pg from 'pg';

import { openStore } from '../../src/wiring/open-store.ts';
import { readAddress } from '../../src/storage/postgres/address.ts';
import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { migrations } from '../../src/storage/postgres/migrations/index.ts';
import { callback, failure } from '../../src/testing/suites/store/samples.ts';
import { freshSchema, openPostgresShop, sharedCluster } from '../support/postgres.ts';
import type { Cluster } from '../support/postgres.ts';

describe('The address of a PostgreSQL store', () => {
  it('may name the schema and the number of connections', () => {
    const { schema, connections, connectionString, where } = readAddress(
      'postgresql://shop:s%40cret@db.example.com:6432/shop?schema=second&connections=3&sslmode=verify-full',
    );
    expect([schema, connections]).to.deep.equal(['second', 3]);
    expect(connectionString).to.equal('postgresql://shop:s%40cret@db.example.com:6432/shop?sslmode=verify-full');
    expect(where).to.equal('postgres://db.example.com:6432/shop?schema=second');
    expect(readAddress('postgres:///shop?host=/run/postgresql').where).to.equal(
      'postgres:///run/postgresql/shop?schema=handover',
    );
  });

  it('is refused when it cannot be used, without a word of what is in it', () => {
    const wrong = [
      'postgres://shop:s@c:ret@host:no/shop',
      'postgres://h/d?schema=Public',
      'postgres://h/d?schema=a"b',
      'postgres://h/d?connections=0',
    ];
    for (const url of wrong) {
      expect(() => openPostgresStore({ url }), url)
        .to.throw()
        .with.property('code', 'STORE_ADDRESS_INVALID');
      expect(() => openPostgresStore({ url })).not.to.throw(/s@c/);
    }
  });

  it('tells two shops apart, never tells the password, and gives no place for a key file', async () => {
    const first = openStore('postgres://shop:secret@db.example.com/shop', Date.now);
    const second = openStore('postgres://shop:secret@db.example.com/shop?schema=second', Date.now);
    expect(first.path).to.not.equal(second.path);
    expect(`${first.path} ${second.path}`).to.not.include('secret');
    expect(await failure(first.secret())).to.equal('SECRET_REQUIRED');
  });

  it('is an address of PostgreSQL and of nothing else', () => {
    expect(() => openStore('mysql://db.example.com/shop', Date.now))
      .to.throw(/"mysql"/)
      .with.property('code', 'STORE_UNKNOWN');
  });
});

describe('Opening a PostgreSQL store', () => {
  let cluster: Cluster;
  let schema: string;
  let url: string;

  before(async () => (cluster = await sharedCluster()));
  beforeEach(() => {
    schema = freshSchema();
    url = `${cluster.url}?schema=${schema}`;
  });
  afterEach(() => cluster.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`));

  const opening = (options: { url?: string } = {}) => {
    const store = openPostgresStore({ url, ...options });
    return failure(store.open().finally(() => store.close()));
  };

  async function withClient<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    return use(client).finally(() => client.end());
  }

  it('says that the package "pg" is not installed', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => next(name === 'pg' ? 'pg-that-is-not-installed' : name, context) });
      const { openPostgresStore } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/storage/postgres/index.ts', import.meta.url)))});
      await openPostgresStore({ url: 'postgres://127.0.0.1/shop' }).open().catch(({ code, hint }) => console.log(code, hint));`;
    const child = spawn(process.execPath, ['--conditions=dev-source', '--input-type=module', '-e', script]);
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(out, error).to.equal('STORE_POSTGRES_MISSING Install it beside handover: npm install pg\n');
  });

  it('says why the server cannot be used', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    const store = openPostgresStore({ url: wrong.href });
    const error = (await store.open().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).to.equal('PostgreSQL cannot be used: it does not accept the user or the password.');
    expect(await opening({ url: url.replace('/postgres?', '/nowhere?') })).to.equal('STORE_UNAVAILABLE');
    expect(await opening({ url: 'postgres://127.0.0.1:1/shop' })).to.equal('STORE_UNAVAILABLE');
  });

  it('refuses a database that cannot hold every text', async () => {
    await cluster.query("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0 LOCALE_PROVIDER libc");
    expect(await opening({ url: url.replace('/postgres?', '/ascii?') })).to.equal('STORE_POSTGRES_UNFIT');
    await cluster.query('DROP DATABASE ascii');
  });

  it('refuses a store made by a newer version, and leaves it alone', async () => {
    expect(await opening()).to.equal('no error');
    await cluster.query(`UPDATE "${schema}".meta SET value = '999'`);
    expect(await opening()).to.equal('STORE_TOO_NEW');
    expect(await cluster.query(`SELECT value FROM "${schema}".meta`)).to.deep.equal([{ value: '999' }]);
  });

  it('refuses a schema with the tables of another program', async () => {
    await cluster.query(`CREATE SCHEMA "${schema}"; CREATE TABLE "${schema}".diary (day text)`);
    expect(await opening()).to.equal('STORE_FOREIGN');
  });

  it('takes an empty schema that was made for it, by a user who may make none', async () => {
    await cluster.query(`CREATE ROLE ${schema} LOGIN PASSWORD 'modest'`);
    const modest = new URL(url);
    [modest.username, modest.password] = [schema, 'modest'];
    expect(await opening({ url: modest.href })).to.equal('STORE_UNAVAILABLE');
    await cluster.query(`CREATE SCHEMA "${schema}" AUTHORIZATION ${schema}`);
    expect(await opening({ url: modest.href })).to.equal('no error');
    await cluster.query(`DROP OWNED BY ${schema} CASCADE; DROP ROLE ${schema}`);
  });

  it('goes on where a migration was cut off, and keeps those before it', async () => {
    const steps = [...migrations, 'CREATE TABLE extra (id bigint)', 'ALTER TABLE extra ADD COLUMN note text'];
    const broken = [...steps.slice(0, -1), 'ALTER TABLE extra ADD COLUMN note text; ALTER TABLE nowhere ADD COLUMN note text'];
    const versionNow = async () => (await cluster.query<{ value: string }>(`SELECT value FROM "${schema}".meta`))[0]?.value;
    await withClient(async (client) => {
      expect(await failure(migrate(client, schema, 'here', broken))).to.equal('42P01');
      expect(await versionNow()).to.equal(String(steps.length - 1));
      await migrate(client, schema, 'here', steps);
      expect(await versionNow()).to.equal(String(steps.length));
      await migrate(client, schema, 'here', steps);
    });
  });

  it('works beside a newer version that has added to the tables', async () => {
    const shop = await openPostgresShop();
    await shop.store.keepCallback(callback(), 'evt_1');
    const added = 'ALTER TABLE callbacks ADD COLUMN extra text; ALTER TABLE steps ADD COLUMN extra bigint NOT NULL DEFAULT 0';
    await withClient((client) => migrate(client, shop.schema, 'here', [...migrations, added]));
    expect(await shop.store.keepCallback(callback(), 'evt_2')).to.equal('kept');
    expect(await shop.store.claimCallbacks('w1', 10, 1000)).to.have.length(2);
    await shop.close();
  });

  it('can be opened again after it was closed, and by two callers at once', async () => {
    const store = openPostgresStore({ url });
    await Promise.all([store.open(), store.open()]);
    await store.keepCallback(callback(), 'evt_1');
    await store.close();
    await store.open();
    expect(await store.keepCallback(callback(), 'evt_1')).to.equal('known');
    await store.close();
  });
});
