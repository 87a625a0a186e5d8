import { expect } from 'chai';

import { HandoverError } from '../../src/contract/errors.ts';
import { readAddress } from '../../src/storage/postgres/address.ts';
import { PostgresDatabase } from '../../src/storage/postgres/postgres-database.ts';
import type { Store } from '../../src/storage/store.ts';
import { callback, claimOne, failure, orderId, plan, step } from '../../src/testing/suites/store/samples.ts';
import { until } from '../flow/until.ts';
import { openPostgresShop, startCluster } from '../support/postgres.ts';
import type { Cluster, PostgresShop } from '../support/postgres.ts';
import { startProxy } from './postgres-proxy.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const keepVersion = "INSERT INTO configurations (version, text, kept_at) VALUES (?, '', 0)";

describe('A PostgreSQL that fails', () => {
  let cluster: Cluster;
  let shop: PostgresShop;
  let store: Store;

  before(async () => (cluster = await startCluster(['deadlock_timeout=20ms'])));
  after(() => cluster.remove());
  beforeEach(async () => {
    shop = await openPostgresShop({}, cluster);
    ({ store } = shop);
  });
  afterEach(() => shop.close());

  /** As an administrator does who wants everybody out. */
  const cutAll = () =>
    cluster.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'handover' AND pid <> pg_backend_pid()",
    );

  /** The driver without the store, for changes that wait in the middle. */
  async function openDatabase(url = shop.url): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(readAddress(url), () => undefined);
    await database.open();
    return database;
  }

  const versions = async () =>
    (await cluster.query<{ version: string }>(`SELECT version FROM "${shop.schema}".configurations`)).map(
      ({ version }) => version,
    );

  it('is answered with STORE_UNAVAILABLE while it is stopped, and used again when it is back', async () => {
    await Promise.all(numbers(40).map((index) => store.keepCallback(callback(), `before_${index}`)));
    await plan(store, step('s1'));
    store.onWork(() => undefined);
    await cluster.stop();
    const calls = [
      store.keepCallback(callback(), 'evt_1'),
      store.claimCallbacks('w1', 10, 1000),
      store.findOrder(orderId('a')),
      store.keepConfiguration('v1', '{}'),
      store.nextDueInMs(),
    ];
    expect(await Promise.all(calls.map(failure))).to.deep.equal(calls.map(() => 'STORE_UNAVAILABLE'));
    expect(await failure(shop.open())).to.equal('STORE_UNAVAILABLE');
    await cluster.start();
    expect(await store.keepCallback(callback(), 'evt_1')).to.equal('kept');
    expect((await store.claimCallbacks('w1', 100, 1000)).length).to.equal(41);
    expect((await claimOne(store)).key).to.equal('s1');
  });

  it('is connected to again at once when it closed connections that were idle', async () => {
    await Promise.all(numbers(20).map((index) => store.keepConfiguration(`v${index}`, '')));
    await cutAll();
    expect(await store.keepCallback(callback(), 'evt_1')).to.equal('kept');
    await Promise.all(numbers(20).map((index) => store.keepConfiguration(`w${index}`, '')));
    expect(await store.configuration('w1')).to.equal('');
  });

  it('gets a change again as a whole when the connection broke in its middle', async () => {
    const database = await openDatabase();
    let runs = 0;
    const result = await database.transaction(async (tx) => {
      runs += 1;
      await tx.run(keepVersion, [`v${runs}`]);
      if (runs === 1) await cutAll();
      await tx.run(keepVersion, ['end']);
      return runs;
    });
    expect([runs, result]).to.deep.equal([2, 2]);
    expect(await versions()).to.have.members(['v2', 'end']);
    await database.close();
  });

  it('does not get a change again when the connection broke during its commit: nobody knows what became of it', async () => {
    const proxy = await startProxy(cluster.url);
    const database = await openDatabase(`${proxy.url}?schema=${shop.schema}`);
    let runs = 0;
    const isCut = proxy.cutAfter('COMMIT\0');
    const change = database.transaction(async (tx) => {
      runs += 1;
      await tx.run(keepVersion, ['v1']);
    });
    const error = await change.catch((thrown: unknown) => thrown);
    await isCut;
    expect(error).to.be.instanceOf(HandoverError).and.to.include({ code: 'STORE_UNAVAILABLE' });
    expect((error as HandoverError).message).to.include('nobody knows whether this change was kept');
    expect(runs).to.equal(1);
    expect(await versions()).to.deep.equal(['v1']);
    await database.transaction((tx) => tx.run(keepVersion, ['v2']));
    await database.close();
    await proxy.close();
  });

  it('is read while it is read-only, and changed as soon as it can be', async () => {
    await plan(store, step('s1'));
    await cluster.query('ALTER DATABASE postgres SET default_transaction_read_only = on');
    await cutAll();
    expect(await failure(store.keepCallback(callback(), 'evt_1'))).to.equal('STORE_UNAVAILABLE');
    expect(await failure(store.claimSteps('w1', new Map([['moodle', 1]]), 1000))).to.equal('STORE_UNAVAILABLE');
    expect((await store.findOrder(orderId('a')))?.steps).to.have.length(1);
    const second = await shop.open();
    expect(await second.nextDueInMs()).to.equal(0);
    await cluster.query('BEGIN READ WRITE; ALTER DATABASE postgres RESET default_transaction_read_only; COMMIT');
    expect(await store.keepCallback(callback(), 'evt_1')).to.equal('kept');
    expect((await claimOne(store)).key).to.equal('s1');
    expect(await second.keepCallback(callback(), 'evt_1')).to.equal('known');
  });

  it('says when the server has no connection left, and goes on when it has', async () => {
    const name = `poor_${shop.schema}`;
    await cluster.query(`CREATE ROLE ${name} LOGIN PASSWORD 'poor' SUPERUSER`);
    const url = new URL(shop.url);
    [url.username, url.password] = [name, 'poor'];
    const poor = await shop.open({ url: url.href });
    await cluster.query(
      `ALTER ROLE ${name} NOSUPERUSER CONNECTION LIMIT 0; GRANT ALL ON ALL TABLES IN SCHEMA "${shop.schema}" TO ${name}; GRANT USAGE ON SCHEMA "${shop.schema}" TO ${name}`,
    );
    expect(await failure(poor.keepCallback(callback(), 'evt_1'))).to.equal('STORE_UNAVAILABLE');
    await cluster.query(`ALTER ROLE ${name} CONNECTION LIMIT 20`);
    expect(await poor.keepCallback(callback(), 'evt_1')).to.equal('kept');
    await poor.close();
    await cluster.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  });

  it('runs a change again that it gave up because of a deadlock', async () => {
    const database = await openDatabase();
    for (const version of ['a', 'b']) await database.run(keepVersion, [version]);
    const touch = 'UPDATE configurations SET kept_at = kept_at + 1 WHERE version = ?';
    let runs = 0;
    let holders = 0;
    const change = (first: string, second: string) =>
      database.transaction(async (tx) => {
        runs += 1;
        await tx.run(touch, [first]);
        holders += 1;
        await until('each of the two holds what the other one wants', () => holders >= 2);
        await tx.run(touch, [second]);
      });
    await Promise.all([change('a', 'b'), change('b', 'a')]);
    expect(runs).to.equal(3);
    const rows = await database.all<{ kept_at: number }>('SELECT kept_at FROM configurations');
    expect(rows).to.deep.equal([{ kept_at: 2 }, { kept_at: 2 }]);
    await database.close();
  });

  it('runs a change again that met another one and cannot be put in order with it', async () => {
    const database = await openDatabase();
    await database.run(keepVersion, ['a']);
    let runs = 0;
    await database.transaction(async (tx) => {
      await tx.run('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
      await tx.get('SELECT kept_at FROM configurations');
      runs += 1;
      if (runs === 1) await database.run("UPDATE configurations SET kept_at = 7 WHERE version = 'a'");
      await tx.run("UPDATE configurations SET kept_at = kept_at + 1 WHERE version = 'a'");
    });
    expect(runs).to.equal(2);
    expect(await database.get('SELECT kept_at FROM configurations')).to.deep.equal({ kept_at: 8 });
    await database.close();
  });

  it('keeps nothing of a change whose failed statement was passed over', async () => {
    const database = await openDatabase();
    const change = database.transaction(async (tx) => {
      await tx.run(keepVersion, ['a']);
      await tx.run(keepVersion, ['a']).catch(() => undefined);
    });
    expect(await failure(change)).to.equal('STORE_FAILED');
    expect(await versions()).to.deep.equal([]);
    await database.run(keepVersion, ['b']);
    await database.close();
  });

  it('gets nothing through a transaction that has ended', async () => {
    const database = await openDatabase();
    let leaked: (() => Promise<unknown>) | undefined;
    await database.transaction(async (tx) => void (leaked = () => tx.run(keepVersion, ['late'])));
    expect(await failure(leaked?.() ?? Promise.resolve())).to.equal('STORE_CLOSED');
    expect(await versions()).to.deep.equal([]);
    await database.close();
  });

  it('is given no more than 2,000 changes that wait for a connection, 1,000 of them less important', async () => {
    const database = await openDatabase(`${shop.url}&connections=1`);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = database.transaction(() => gate);
    const some = numbers(1000).map((index) => failure(database.run(keepVersion, [`v${index}`])));
    expect(await failure(database.transaction(async () => 1, { minor: true }))).to.equal('STORE_BUSY');
    const more = numbers(1000).map((index) => failure(database.run(keepVersion, [`w${index}`])));
    expect(await failure(database.run(keepVersion, ['one more']))).to.equal('STORE_BUSY');
    release();
    await first;
    expect(await some[0]).to.equal('no error');
    await Promise.all([...some, ...more]); // the last ones may have waited for longer than they would
    await database.run(keepVersion, ['at last']);
    await database.close();
  });
});
