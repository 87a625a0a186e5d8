import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { callback } from '../../src/testing/suites/store/samples.ts';

const keeper = fileURLToPath(new URL('keep-forever.ts', import.meta.url));

const options = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', keeper];

/** Starts a process that keeps callbacks, kills it after `acknowledged` of them, and gives their names. */
async function keepUntilKilled(path: string, prefix: string, acknowledged: number): Promise<string[]> {
  const child = spawn(process.execPath, [...options, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > acknowledged) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal]).to.deep.equal([null, 'SIGKILL']);
  return told.split('\n').slice(0, -1);
}

describe('A process that is killed while it keeps callbacks', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handover-kill-'));
    path = join(folder, 'shop.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function keptIn(file: string): Set<unknown> {
    const database = new DatabaseSync(file);
    const names = database
      .prepare('SELECT delivery_id FROM callbacks')
      .all()
      .map((row) => row['delivery_id']);
    expect(database.prepare('PRAGMA integrity_check').get()).to.deep.include({ integrity_check: 'ok' });
    database.close();
    return new Set(names);
  }

  it('has lost none that it acknowledged, ten times over', async function () {
    this.timeout(60_000);
    const acknowledged: string[] = [];
    for (let round = 0; round < 10; round++)
      acknowledged.push(...(await keepUntilKilled(path, `round${round}`, 50 + round * 150)));
    const kept = keptIn(path);
    expect(acknowledged.filter((name) => !kept.has(name))).to.deep.equal([]);
    expect(acknowledged.length).to.be.greaterThan(5000);

    const store = openSqliteStore({ path });
    await store.open();
    expect(await store.keepCallback(callback(), acknowledged.at(-1) ?? '')).to.equal('known');
    await store.close();
  });

  it('has lost none while two others wrote to the same file', async function () {
    this.timeout(60_000);
    const writers = ['left', 'middle', 'right'].map((name, index) => keepUntilKilled(path, name, 300 * (index + 1)));
    const acknowledged = (await Promise.all(writers)).flat();
    const kept = keptIn(path);
    expect(acknowledged.filter((name) => !kept.has(name))).to.deep.equal([]);
  });

  it('says so when the disk takes no more, and has kept all that it acknowledged', async () => {
    const limited = 'trap "" XFSZ; ulimit -f 3000; exec "$0" "$@"';
    const child = spawn('/bin/sh', ['-c', limited, process.execPath, ...options, path, 'full'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [told, refused] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (refused += text));
    expect(await once(child, 'close')).to.deep.equal([1, null]);
    expect(refused).to.equal('STORE_UNAVAILABLE\n');
    const acknowledged = told.split('\n').slice(0, -1);
    const kept = keptIn(path);
    expect(acknowledged.length).to.be.greaterThan(100);
    expect(acknowledged.filter((name) => !kept.has(name))).to.deep.equal([]);
  });
});
