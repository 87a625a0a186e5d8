import { expect } from 'chai';
import pg from 'pg';

import { readAddress } from '../../src/storage/postgres/address.ts';
import { PostgresDatabase } from '../../src/storage/postgres/postgres-database.ts';
import { preparer } from '../../src/storage/postgres/statements.ts';
import { createSqlStore } from '../../src/storage/sql/sql-store.ts';
import { openPostgresShop } from '../support/postgres.ts';
import type { PostgresShop } from '../support/postgres.ts';
import { listening, useEverything } from './use-everything.ts';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

/** What may be read from end to end: lists of what is open, which finished work never enters, and lists page by page. */
const mayRead = new Set([
  'steps_due',
  'steps_parked',
  'steps_cancelling',
  'steps_since',
  'callbacks_due',
  'callbacks_parked',
  'orders_by_age',
  'callbacks_to_empty',
]);
const small = new Set([
  'verdicts',
  'alarms',
  'verdict_samples',
  'key_pools',
  'waiting_skus',
  'configurations',
  'activation_keys',
]);

describe('The statements of the store on PostgreSQL', function () {
  this.timeout(60_000);
  let shop: PostgresShop;
  let client: pg.Client;
  const seen = new Set<string>();

  before(async () => {
    shop = await openPostgresShop();
    const database = new PostgresDatabase(readAddress(shop.url), () => undefined);
    const store = createSqlStore(listening(database, (sql) => seen.add(sql)));
    await store.open();
    await useEverything(store);
    await store.close();
    client = new pg.Client({ connectionString: shop.cluster.url });
    await client.connect();
    await client.query(`SET search_path = "${shop.schema}"`);
    await fill(client, 300);
  });
  after(async () => {
    await client.end();
    await shop.close();
  });

  /** As they are planned once for all values and then kept. */
  async function plan(sql: string): Promise<Node[]> {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Node }[] }>(
      `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${preparer(shop.schema)(sql).text}`,
    );
    return rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => nodesOf(Plan));
  }

  /** What a statement reads from end to end and should not. */
  async function fullReads(sql: string): Promise<string[]> {
    const guilty = (await plan(sql)).filter((node) => {
      const [relation, index] = [node['Relation Name'] ?? '', node['Index Name'] ?? ''];
      if (node['Node Type'] === 'Seq Scan') return !small.has(relation);
      return (
        index !== '' &&
        node['Index Cond'] === undefined &&
        !mayRead.has(index) &&
        !small.has(relation) &&
        !index.startsWith('waiting_skus')
      );
    });
    return guilty.map((node) => `${node['Node Type']} of ${node['Index Name'] ?? node['Relation Name'] ?? ''}`);
  }

  it('never read what is finished from end to end', async () => {
    expect(seen.size).to.be.greaterThan(60);
    const guilty: { sql: string; reads: string[] }[] = [];
    for (const sql of seen) {
      const reads = await fullReads(sql);
      if (reads.length > 0) guilty.push({ sql, reads });
    }
    expect(guilty).to.deep.equal([]);
  });

  it('claim from an index in its order, and look up what they claim one by one, however much is open', async () => {
    for (const open of [300, 15_000]) {
      if (open > 300) await fill(client, open);
      const claims = [...seen].filter((sql) => sql.includes('WITH due'));
      expect(claims).to.have.length(2);
      for (const sql of claims) {
        const nodes = await plan(sql);
        const scans = nodes.filter((node) => node['Index Name'] !== undefined);
        expect(scans.map((node) => node['Index Name']?.replace(/^(steps|callbacks)_/, '')).sort()).to.deep.equal(['due', 'pkey']);
        expect(scans.filter((node) => node['Index Cond'] === undefined)).to.deep.equal([]);
        expect(nodes.map((node) => node['Node Type'])).not.to.include.members(['Sort']);
      }
    }
  });

  it('look up the orders that are asked for, instead of looking for them among all', async () => {
    const asked = [...seen].filter((each) => /FROM orders WHERE id = ANY/.test(each));
    expect(asked.length).to.be.greaterThan(3);
    for (const sql of asked) {
      const walked = (await plan(sql)).filter(
        (node) => node['Index Name'] === 'orders_by_age' && node['Index Cond'] === undefined,
      );
      expect(walked, sql).to.deep.equal([]);
    }
  });

  it('would be noticed if they read a whole table', async () => {
    expect(await fullReads('SELECT * FROM steps WHERE action = ?')).to.deep.equal(['Seq Scan of steps']);
    expect(await fullReads("SELECT * FROM callbacks WHERE state = 'done' ORDER BY id")).to.deep.equal([
      'Index Scan of callbacks_pkey',
    ]);
  });

  it('do not depend on what is known about the tables: they use an index of nearly empty ones too', async () => {
    await client.query(`TRUNCATE ${tables.join(', ')} CASCADE`);
    await client.query('SET enable_seqscan = off'); // as every transaction of the store has it
    for (const sql of [...seen].filter((each) => each.includes('WITH due'))) expect(await fullReads(sql)).to.deep.equal([]);
    await client.query('RESET enable_seqscan');
  });
});

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

const tables = ['callbacks', 'orders', 'events', 'order_references', 'grants', 'steps', 'history', 'keys'];

/** Years of a shop, and `open` callbacks and steps that are due now. */
async function fill(client: pg.Client, open: number): Promise<void> {
  const state = `CASE WHEN i <= ${open} THEN 'ready' WHEN i % 500 = 0 THEN 'parked' ELSE 'done' END`;
  const order = "'o' || (i % 15000 + 1)";
  await client.query(`TRUNCATE ${tables.join(', ')} CASCADE;
    INSERT INTO callbacks (gateway, delivery_id, state, due_at, attempts, fence, received_at, method, url, headers, body)
      SELECT 'stripe', 'd' || i, ${state}, 1000 + i, 1, 1, 1000, 'POST', '/', '{}', decode(repeat('61', 500), 'hex') FROM generate_series(1, 30000) i;
    INSERT INTO orders (id, gateway, purchase, status, buyer_email, document, created_at, updated_at)
      SELECT 'o' || i, 'stripe', 'p' || i, CASE WHEN i % 500 = 0 THEN 'held' ELSE 'paid' END, i || '@example.org', repeat('x', 500), i, i
      FROM generate_series(1, 15000) i;
    INSERT INTO events (gateway, event_id, purchase, document, recorded_at)
      SELECT 'stripe', 'e' || i, 'p' || (i % 15000 + 1), repeat('x', 300), i FROM generate_series(1, 30000) i;
    INSERT INTO order_references SELECT 'r' || i, ${order} FROM generate_series(1, 30000) i;
    INSERT INTO grants (id, order_id, line, unit, name, action, wanted, reasons)
      SELECT 'g' || i, ${order}, 1, 1, 'course', 'moodle.enrol', 'granted', '[]' FROM generate_series(1, 20000) i;
    INSERT INTO steps (key, order_id, verb, action, account, input, wait_for, config_version, state, run_at, due_at, attempts, fence,
        cancelling, created_at, scheduled_at, updated_at)
      SELECT 'k' || i, ${order}, 'grant', 'moodle.enrol', CASE WHEN i % 2 = 0 THEN 'moodle' ELSE 'mail' END, '{}', '[]', 'v1', ${state},
        i, i, 1, 1, 0, i, i, i FROM generate_series(1, 40000) i;
    INSERT INTO history (order_id, at, kind, text) SELECT ${order}, i, 'note', 'text' FROM generate_series(1, 40000) i;
    INSERT INTO keys (pool, fingerprint, sealed, state, holder)
      SELECT 'pool ' || i % 20, 'f' || i, 's', CASE WHEN i <= 10000 THEN 'free' ELSE 'taken' END,
        CASE WHEN i <= 10000 THEN NULL ELSE 'h' || i END FROM generate_series(1, 20000) i;
    ANALYZE ${tables.join(', ')}`);
}
