import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect } from 'chai';

import type { Statements } from '../../src/storage/sql/database.ts';
import { checkDurable, configure, Connection } from '../../src/storage/sqlite/connection.ts';
import { GroupCommit } from '../../src/storage/sqlite/group-commit.ts';
import { failure } from '../../src/testing/suites/store/samples.ts';

const insert = 'INSERT INTO notes (id, text) VALUES (?, ?)';

describe('Changes that share a commit', () => {
  let folder: string;
  let path: string;
  let connection: Connection;
  let other: DatabaseSync;
  let commits: GroupCommit;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handover-commit-'));
    path = join(folder, 'notes.db');
    connection = new Connection(path, Date.now);
    configure(connection, path);
    connection.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
    connection.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY)');
    connection.exec('CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)');
    commits = new GroupCommit(connection, path, { patienceMs: 300 });
    other = new DatabaseSync(path);
  });
  afterEach(async () => {
    await commits.close();
    connection.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  const kept = () =>
    other
      .prepare('SELECT id FROM notes ORDER BY id')
      .all()
      .map((row) => row['id']);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const settle = async (changes: Promise<unknown>[]) => (await Promise.allSettled(changes)).map(({ status }) => status);

  it('are committed when they are told, and seen by others', async () => {
    for (const id of numbers(20)) {
      await commits.run(insert, [id, 'a']);
      expect(kept()).to.have.length(id + 1);
    }
  });

  it('are undone alone when they fail', async () => {
    const work = (id: number) => async (tx: Statements) => {
      await tx.run(insert, [id, 'a']);
      if (id % 2) throw new Error('odd');
      return id;
    };
    const changes = [
      ...numbers(40).map((id) => commits.transaction(work(id))),
      commits.run(insert, [2, 'again']),
      commits.run(insert, [50, 'a']),
    ];
    const results = await Promise.allSettled(changes);
    expect(kept()).to.deep.equal([...numbers(40).filter((id) => id % 2 === 0), 50]);
    expect(results[4]).to.deep.equal({ status: 'fulfilled', value: 4 });
    expect(results[5]).to.have.nested.property('reason.message', 'odd');
    expect(results[40]).to.have.nested.property('reason.code', 'STORE_FAILED');
  });

  it('are all refused when the commit fails, and the next ones work', async () => {
    const changes = [
      commits.run(insert, [1, 'a']),
      commits.run('INSERT INTO children (parent) VALUES (7)', []),
      commits.run(insert, [2, 'a']),
    ];
    expect(await settle(changes)).to.deep.equal(['rejected', 'rejected', 'rejected']);
    expect(kept()).to.deep.equal([]);
    await commits.run(insert, [3, 'a']);
    expect(kept()).to.deep.equal([3]);
  });

  it('are refused when the disk is full, and their small neighbours are kept', async () => {
    const pages = Number(connection.setting('page_count'));
    connection.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const big = 'x'.repeat(100_000);
    const changes = [
      commits.run(insert, [1, 'a']),
      commits.run(insert, [2, big]),
      commits.transaction((tx) => tx.run(insert, [3, big])),
      commits.run(insert, [4, 'a']),
    ];
    expect(await Promise.all(changes.map(failure))).to.deep.equal([
      'no error',
      'STORE_UNAVAILABLE',
      'STORE_UNAVAILABLE',
      'no error',
    ]);
    expect(kept()).to.deep.equal([1, 4]);
  });

  it('are refused beyond 2,000 that wait, less important ones beyond 1,000', async () => {
    const many = settle(numbers(1000).map((id) => commits.run(insert, [id, 'a'])));
    expect(await failure(commits.transaction(async () => 1, 'minor', true))).to.equal('STORE_BUSY');
    const more = settle(numbers(1000).map((id) => commits.run(insert, [1000 + id, 'a'])));
    expect(await failure(commits.run(insert, [5000, 'a']))).to.equal('STORE_BUSY');
    await Promise.all([many, more]);
    expect(kept()).to.have.length(2000);
  });

  it('wait while another process writes, without holding up this one', async () => {
    other.exec('BEGIN IMMEDIATE');
    const change = commits.run(insert, [1, 'a']);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await new Promise((resolve) => setTimeout(resolve, 120));
    other.exec('COMMIT');
    await change;
    clearInterval(timer);
    expect(turns).to.be.greaterThan(0);
    expect(kept()).to.deep.equal([1]);
  });

  it('are refused when another process holds the lock for too long, and leave nothing behind', async () => {
    other.exec('BEGIN IMMEDIATE');
    expect(await failure(commits.run(insert, [1, 'a']))).to.equal('STORE_BUSY');
    other.exec('COMMIT');
    await commits.run(insert, [2, 'a']);
    expect(kept()).to.deep.equal([2]);
  });

  it('cannot be made through a transaction that has ended', async () => {
    let leaked: Statements | undefined;
    await commits.transaction(async (tx) => void (leaked = tx));
    expect(await failure(leaked?.run(insert, [1, 'a']) ?? Promise.resolve())).to.equal('STORE_CLOSED');
    expect(kept()).to.deep.equal([]);
  });

  it('are finished before the store closes, and refused after', async () => {
    const changes = settle(numbers(600).map((id) => commits.run(insert, [id, 'a'])));
    await commits.close();
    expect(new Set(await changes)).to.deep.equal(new Set(['fulfilled']));
    expect(await failure(commits.run(insert, [700, 'a']))).to.equal('STORE_CLOSED');
    expect(kept()).to.have.length(600);
  });

  it('are synced to the disk one by one, which is looked up and not assumed', async () => {
    await commits.run(insert, [1, 'a']);
    expect(connection.setting('synchronous')).to.equal(2);
    expect(connection.setting('journal_mode')).to.equal('wal');
    expect(() => checkDurable(connection, path)).not.to.throw();
    connection.exec('PRAGMA synchronous = NORMAL');
    expect(() => checkDurable(connection, path))
      .to.throw()
      .with.property('code', 'STORE_NOT_DURABLE');
  });
});
