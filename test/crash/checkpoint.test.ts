import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const keeper = fileURLToPath(new URL('../storage/keep-forever.ts', import.meta.url));
const options = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', keeper];

/** Keeps callbacks in a process that is killed at the first write to the database file itself: only checkpoints write there. */
async function keepUntilCheckpoint(path: string, prefix: string): Promise<string[]> {
  const child = spawn(process.execPath, [...options, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  let watcher: ReturnType<typeof watch> | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    watcher ??= watch(path, () => child.kill('SIGKILL'));
  });
  await once(child, 'close');
  watcher?.close();
  return told.split('\n').slice(0, -1);
}

/** The index of the log says how many of its pages were to be copied, and how many certainly were (https://sqlite.org/walformat.html). */
function isInCheckpoint(path: string): boolean {
  const index = new DataView(new Uint8Array(readFileSync(`${path}-shm`)).buffer);
  const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  return index.getUint32(128, isLittle) > index.getUint32(96, isLittle);
}

describe('A process that is killed while SQLite moves its log into the file', () => {
  it('has lost nothing that it acknowledged', async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'handover-checkpoint-'));
    const path = join(folder, 'site.db');
    const acknowledged: string[] = [];
    let hits = 0;
    for (let round = 0; round < 40 && hits < 3; round += 1) {
      acknowledged.push(...(await keepUntilCheckpoint(path, `round${round}`)));
      if (isInCheckpoint(path)) hits += 1;
    }
    const database = new DatabaseSync(path);
    const kept = new Set(
      database
        .prepare('SELECT delivery_id FROM callbacks')
        .all()
        .map((row) => row['delivery_id']),
    );
    expect(database.prepare('PRAGMA integrity_check').get()).to.deep.include({ integrity_check: 'ok' });
    database.close();
    rmSync(folder, { recursive: true });
    expect(hits, 'kills in the middle of a checkpoint').to.equal(3);
    expect(acknowledged.filter((name) => !kept.has(name))).to.deep.equal([]);
  });
});
