import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect } from 'chai';

import { fillHistory } from '../../bench/support/fill-history.ts';
import type { Value } from '../../src/storage/sql/database.ts';
import { createSqlStore } from '../../src/storage/sql/sql-store.ts';
import { Connection } from '../../src/storage/sqlite/connection.ts';
import { SqliteDatabase } from '../../src/storage/sqlite/sqlite-database.ts';
import { listening, useEverything } from './use-everything.ts';

/** What may be read from end to end: lists of what is open, which finished work never enters, and small tables. */
const mayScan = [
  /^SCAN (steps|found) USING (COVERING )?INDEX steps_(due|since|parked|cancelling)$/,
  /^SCAN callbacks USING (COVERING )?INDEX callbacks_(due|parked)$/,
  /^SCAN orders USING (COVERING )?INDEX orders_by_age$/,
  /^SCAN callbacks USING INDEX callbacks_to_empty$/, // page by page, and never older than bodies are kept
  /^SCAN activation_keys USING (COVERING )?INDEX activation_keys_revoked$/,
  /^SCAN (found|due|waiting|verdicts|verdict_samples|alarms|key_pools|waiting_skus)\b/,
  /^SCAN (CONSTANT ROW|\d+ CONSTANT ROWS)$/,
  /^SCAN \(subquery-\d+\)$/,
];

const filled = ['callbacks', 'events', 'orders', 'order_references', 'grants', 'steps', 'history'];

describe('The statements of the store on SQLite', () => {
  let folder: string;
  let path: string;
  const seen = new Set<string>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'handover-plans-'));
    path = join(folder, 'shop.db');
    const store = createSqlStore(listening(new SqliteDatabase({ path }), (sql) => seen.add(sql)));
    await store.open();
    await useEverything(store);
    await store.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  function plansOf(sql: string): string[] {
    const connection = new Connection(path, Date.now);
    const parameters = new Array<Value>((sql.match(/\?/g) ?? []).length).fill(1);
    const rows = connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    connection.close();
    return rows.map(({ detail }) => detail);
  }

  const scans = (sql: string) =>
    plansOf(sql).filter((detail) => detail.startsWith('SCAN') && !mayScan.some((allowed) => allowed.test(detail)));

  it('never read what is finished from end to end', () => {
    expect(seen.size).to.be.greaterThan(60);
    const guilty = [...seen].map((sql) => ({ sql, scans: scans(sql) })).filter((each) => each.scans.length > 0);
    expect(guilty).to.deep.equal([]);
  });

  it('read no more of it when there are years of it, whether SQLite has looked at its tables or not', async () => {
    const database = new DatabaseSync(path);
    await fillHistory((sql, values) => database.prepare(sql).run(...values), 1, 3000);
    const guilty = (): string[] => [...seen].filter((sql) => scans(sql).length > 0 || walksOrders(sql));
    const before = guilty();
    for (const table of filled) database.exec(`ANALYZE ${table}`);
    const after = guilty();
    database.exec('DROP TABLE sqlite_stat1');
    database.close();
    expect([before, after]).to.deep.equal([[], []]);
  });

  /** A list of all orders is read page by page; one that is asked for by something must not be looked for in it. */
  const walksOrders = (sql: string) =>
    /\bid IN \(SELECT/.test(sql) && plansOf(sql).some((detail) => /^SCAN orders|orders_by_age/.test(detail));

  it('claim from an index in its order, without sorting', () => {
    const claims = [...seen].filter((sql) => sql.includes('WITH due'));
    expect(claims).to.have.length(2);
    for (const sql of claims) {
      expect(plansOf(sql).join('\n')).to.match(
        /SEARCH (steps|callbacks) USING (COVERING )?INDEX (steps|callbacks)_due \((account=\? AND )?due_at<\?\)/,
      );
      expect(plansOf(sql).join('\n')).not.to.include('TEMP B-TREE FOR ORDER BY');
    }
  });

  it('would be noticed if they read a whole table', () => {
    expect(scans('SELECT * FROM steps WHERE action = ?')).to.deep.equal(['SCAN steps']);
    expect(scans("SELECT * FROM callbacks WHERE state = 'ready'")).to.deep.equal(['SCAN callbacks']);
  });
});
