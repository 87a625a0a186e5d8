import { expect } from 'chai';
import pg from 'pg';

import { Intake } from '../../src/storage/postgres/intake.ts';
import type { Item } from '../../src/storage/postgres/intake.ts';
import { busy } from '../../src/storage/postgres/errors.ts';
import { callback, failure } from '../../src/testing/suites/store/samples.ts';
import { until } from '../flow/until.ts';
import { openPostgresShop, startCluster } from '../support/postgres.ts';
import type { Cluster, PostgresShop } from '../support/postgres.ts';
import { startProxy } from './postgres-proxy.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('Callbacks that are kept in PostgreSQL', () => {
  let shop: PostgresShop;
  let table: string;

  beforeEach(async () => {
    shop = await openPostgresShop();
    table = `"${shop.schema}".callbacks`;
  });
  afterEach(() => shop.close());

  const keep = (id: string, changes = {}) => shop.store.keepCallback(callback(changes), id);
  const keptIds = async () =>
    (await shop.cluster.query<{ id: string }>(`SELECT delivery_id AS id FROM ${table}`)).map(({ id }) => id);

  it('share a commit when they arrive together', async () => {
    await Promise.all(numbers(200).map((index) => keep(`evt_${index}`)));
    const [found] = await shop.cluster.query<{ commits: string }>(`SELECT COUNT(DISTINCT xmin::text) AS commits FROM ${table}`);
    expect(Number(found?.commits)).to.be.lessThan(10);
    expect(await keptIds()).to.have.length(200);
  });

  it('are told as known only when the one before them is committed', async () => {
    const other = new pg.Client({ connectionString: shop.cluster.url });
    await other.connect();
    const insert = `INSERT INTO ${table} (gateway, delivery_id, state, due_at, attempts, fence, received_at, method, url, headers, body)
      VALUES ('stripe', $1, 'ready', 0, 0, 0, 0, 'POST', '/', '{}', '')`;
    for (const [id, end, expected] of [
      ['evt_1', 'COMMIT', 'known'],
      ['evt_2', 'ROLLBACK', 'kept'],
    ] as const) {
      // prettier-ignore
      await other.query('BEGIN');
      await other.query(insert, [id]);
      let told: string | undefined;
      const keeping = keep(id).then((result) => (told = result));
      await until('the second one waits for the first', async () => {
        const waiting = await shop.cluster.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'");
        return waiting.length > 0;
      });
      expect(told).to.equal(undefined);
      await other.query(end);
      await keeping;
      expect(told).to.equal(expected);
    }
    await other.end();
  });

  it('fail alone when they cannot be kept, whatever shares their commit', async () => {
    await shop.cluster.query(`ALTER TABLE ${table} ADD CHECK (delivery_id <> 'evt_7')`);
    const results = await Promise.all(numbers(20).map((index) => failure(keep(`evt_${index}`))));
    expect(results).to.deep.equal(numbers(20).map((index) => (index === 7 ? 'STORE_FAILED' : 'no error')));
    expect(await keptIds()).to.have.length(19);
  });

  it('are kept in batches of two processes that hold the same ones in another order', async () => {
    const second = await shop.another();
    const ids = numbers(250).map((index) => `evt_${index}`);
    const told = await Promise.all([
      ...ids.map((id) => keep(id)),
      ...ids.toReversed().map((id) => second.keepCallback(callback(), id)),
      ...ids.map((id) => keep(id)),
    ]);
    expect(told.filter((result) => result === 'kept')).to.have.length(250);
    expect(await keptIds()).to.have.length(250);
  });

  it('are known when the connection broke after they were committed and before that was told', async () => {
    const proxy = await startProxy(shop.cluster.url);
    const store = await shop.open({ url: `${proxy.url}?schema=${shop.schema}` });
    await store.keepCallback(callback(), 'evt_1');
    const isCut = proxy.cutAfter('evt_2');
    expect(await store.keepCallback(callback(), 'evt_2')).to.equal('known');
    await isCut;
    expect(await keptIds()).to.have.members(['evt_1', 'evt_2']);
    await store.close();
    await proxy.close();
  });
});

describe('A PostgreSQL that was told not to care for its disk', () => {
  const careless = [
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_writer_delay=10s',
    'wal_level=minimal',
    'max_wal_senders=0',
  ];
  const warnings: string[] = [];
  let cluster: Cluster;
  let shop: PostgresShop;

  before(async () => {
    cluster = await startCluster([...careless, 'autovacuum=off']);
    shop = await openPostgresShop({ warn: (message) => warnings.push(message) }, cluster);
  });
  after(async () => {
    await shop.close();
    await cluster.remove();
  });

  /** How many bytes of what was committed are not on the disk. */
  async function unsynced(change: () => Promise<unknown>): Promise<number> {
    await change();
    const [found] = await cluster.query<{ bytes: string }>(
      'SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn() AS bytes',
    );
    return Number(found?.bytes);
  }

  it('is warned of where it cannot be overruled', () => {
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/"full_page_writes" is off.*Switch it on/);
  });

  it('has every change on the disk all the same when it is told', async () => {
    const { store, schema } = shop;
    const ofOthers = `INSERT INTO "${schema}".configurations (version, text, kept_at) VALUES (random()::text, '', 0)`;
    const changes = [
      () => store.keepCallback(callback(), 'evt_1'),
      () => store.keepConfiguration('v1', '{}'),
      () => store.importKeys('office', [{ fingerprint: 'print', sealed: 'sealed' }]),
    ];
    for (const change of changes) {
      expect(await unsynced(() => cluster.query(ofOthers))).to.be.greaterThan(100);
      // A hint to other processes may follow, which is not worth waiting for; its record has 40 bytes.
      expect(await unsynced(change)).to.be.lessThan(100);
    }
  });
});

describe('The queue of callbacks to be kept', () => {
  const inserted: (readonly Item[])[] = [];
  let release: () => void;
  let insert: (batch: readonly Item[]) => Promise<ReadonlySet<string>>;

  beforeEach(() => {
    inserted.length = 0;
    const gate = new Promise<void>((resolve) => (release = resolve));
    insert = async (batch) => {
      inserted.push(batch);
      await gate;
      return new Set(batch.map(({ key }) => key));
    };
  });

  const keepAll = (intake: Intake, count: number) =>
    numbers(count).map((index) => failure(intake.keep(callback(), `evt_${index}`)));

  it('sends up to 256 in each of two batches at once', async () => {
    const intake = new Intake(insert, 'here');
    const keeping = keepAll(intake, 1000);
    await until('two batches are under way', () => inserted.length === 2);
    expect(inserted.map((batch) => batch.length)).to.deep.equal([256, 256]);
    release();
    expect(new Set(await Promise.all(keeping))).to.deep.equal(new Set(['no error']));
    expect(inserted.flat()).to.have.length(1000);
  });

  it('sends no more than 4 MB at once', async () => {
    const intake = new Intake(insert, 'here');
    release();
    await Promise.all(numbers(10).map((index) => intake.keep(callback({ body: Buffer.alloc(1_000_000) }), `evt_${index}`)));
    expect(inserted.map((batch) => batch.length)).to.deep.equal([4, 4, 2]);
  });

  it('takes no more than 2,000', async () => {
    const intake = new Intake(insert, 'here');
    const keeping = keepAll(intake, 2000);
    expect(await failure(intake.keep(callback(), 'one more'))).to.equal('STORE_BUSY');
    release();
    expect(new Set(await Promise.all(keeping))).to.deep.equal(new Set(['no error']));
  });

  it('tells who waits too long, also when what is before him never ends', async () => {
    const intake = new Intake(insert, 'here', 50);
    const keeping = keepAll(intake, 600);
    const late = await Promise.all(keeping.slice(512));
    expect(new Set(late)).to.deep.equal(new Set(['STORE_BUSY']));
    release();
    expect(new Set(await Promise.all(keeping.slice(0, 512)))).to.deep.equal(new Set(['no error']));
  });

  it('does not send one by one what the server is too busy for', async () => {
    let attempts = 0;
    const overloaded = async () => {
      attempts += 1;
      throw busy('here', 'It is too much.');
    };
    const intake = new Intake(overloaded, 'here');
    expect(new Set(await Promise.all(keepAll(intake, 100)))).to.deep.equal(new Set(['STORE_BUSY']));
    expect(attempts).to.equal(1);
  });
});
