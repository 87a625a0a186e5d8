import { expect } from 'chai';

import { readAddress } from '../../src/storage/postgres/address.ts';
import { PostgresDatabase } from '../../src/storage/postgres/postgres-database.ts';
import { storeSuite } from '../../src/testing/suites/store-suite.ts';
import {
  callback,
  claimAll,
  claimCallback,
  decideOn,
  failure,
  orderId,
  paid,
  plan,
  step,
} from '../../src/testing/suites/store/samples.ts';
import { until } from '../flow/until.ts';
import { freshSchema, openPostgresShop } from '../support/postgres.ts';
import type { PostgresShop } from '../support/postgres.ts';

const schema = freshSchema();

storeSuite('The PostgreSQL store', () => openPostgresShop({}, undefined, schema));

describe('The PostgreSQL store', () => {
  let shop: PostgresShop;

  beforeEach(async () => (shop = await openPostgresShop()));
  afterEach(() => shop.close());

  const listening = (select: string) =>
    shop.cluster.query(
      `SELECT ${select} FROM pg_stat_activity WHERE state = 'idle' AND query = 'LISTEN "handover_${shop.schema}"'`,
    );
  const areListening = (count: number) => until('they listen', async () => (await listening('pid')).length === count);

  it('tells other processes that there is work, and takes no notice of itself', async () => {
    const second = await shop.another();
    let own = 0;
    shop.store.onWork(() => (own += 1));
    const changes: (() => Promise<unknown>)[] = [
      () => shop.store.keepCallback(callback(), 'evt_1'),
      () => shop.store.record(undefined, [paid('a')], decideOn({ steps: [step('s1')] })),
      () => shop.store.addSteps([step('s2')]),
    ];
    let heard = 0;
    second.onWork(() => (heard += 1));
    await areListening(2);
    for (const change of changes) {
      heard = 0;
      await change();
      await until('the second one hears of it', () => heard > 0);
    }
    expect(own).to.equal(0);
  });

  it('hears again after its connection was closed, and looks at once, since it may have missed something', async () => {
    const second = await shop.another();
    let heard = 0;
    second.onWork(() => (heard += 1));
    await areListening(1);
    await listening('pg_terminate_backend(pid)');
    await until('it looks after it was cut off', () => heard > 0);
    heard = 0;
    await shop.store.keepCallback(callback(), 'evt_1');
    await until('it hears again', () => heard > 0);
    expect(await second.keepCallback(callback(), 'evt_1')).to.equal('known');
  });

  it('keeps texts with what PostgreSQL cannot hold, and finds them again', async () => {
    const odd = 'evt_\0_\ud800_1';
    expect(await shop.store.keepCallback(callback({ url: '/\0' }), odd)).to.equal('kept');
    expect(await shop.store.keepCallback(callback(), odd)).to.equal('known');
    expect((await claimCallback(shop.store)).url).to.equal('/\uFFFD');
    await shop.store.record(undefined, [paid('a')], decideOn({ order: { references: ['ch\0_1'], metadata: { note: 'a\0b' } } }));
    const [found] = await shop.store.findOrders({ text: 'ch\0_1', limit: 1 });
    expect(found?.metadata).to.deep.equal({ note: 'a\0b' });
  });

  it('leaves nothing behind in a connection that others may get after it', async () => {
    const database = new PostgresDatabase(readAddress(shop.url, { connections: 1 }), () => undefined);
    await database.open();
    const names = ['synchronous_commit', 'statement_timeout', 'lock_timeout', 'search_path', 'enable_seqscan'];
    const settings = `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`;
    const before = await database.get(settings);
    const within = { statement_timeout: '10s', lock_timeout: '5s', enable_seqscan: 'off' };
    expect(await database.transaction((tx) => tx.get(settings))).to.include({ ...within, synchronous_commit: 'on' });
    expect(await database.read((tx) => tx.get(settings))).to.include(within);
    expect(await database.get(settings)).to.deep.equal(before);
    await database.close();
  });

  it('wakes a step that is added while what it waits for ends in another process', async () => {
    const second = await shop.another();
    const names = Array.from({ length: 60 }, (_, round) => `s${round}`);
    await plan(shop.store, ...names.map((name) => step(name)));
    const claims = await claimAll(second);
    for (const claim of claims) {
      const late = step(`after ${claim.key}`, { after: [claim.key], account: 'mail' });
      await Promise.all([shop.store.addSteps([late]), second.finishStep(claim, {})]);
    }
    expect((await shop.store.status()).steps).to.deep.equal({ ready: 60, waiting: 0, running: 0, parked: 0 });
  });

  it('lets two shops live in one database', async () => {
    const other = await openPostgresShop();
    await plan(shop.store, step('s1'));
    expect(await other.store.findOrder(orderId('a'))).to.equal(undefined);
    expect(await other.store.nextDueInMs()).to.equal(undefined);
    await other.close();
  });

  it('finishes what was asked for before it closes, and closes twice', async () => {
    const kept = Array.from({ length: 600 }, (_, index) => shop.store.keepCallback(callback(), `evt_${index}`));
    const planned = plan(shop.store, step('s1'));
    await shop.store.close();
    await shop.store.close();
    expect(new Set(await Promise.all(kept))).to.deep.equal(new Set(['kept']));
    await planned;
    expect(await failure(shop.store.addSteps([step('s2')]))).to.equal('STORE_CLOSED');
    expect((await (await shop.open()).status()).callbacks.open).to.equal(600);
  });
});
