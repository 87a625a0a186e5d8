import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import express from 'express';
import { handover } from '../../src/index.ts';
import { openSqliteStore } from '../../src/storage/sqlite/index.ts';
import { signedHeaders } from '../../src/testing/stripe/sign.ts';
import { firstLine, nodeOptions, stopProcesses, watchProcess } from './start-process.ts';
import { until } from './until.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const secret = 'whsec_acknowledgement';
const environment = {
  STRIPE_WEBHOOK_SECRET: secret,
  STRIPE_API_KEY: 'sk_test_unused',
  STRIPE_API_BASE: 'http://127.0.0.1:9',
  AXIS_LMS_API_KEY: 'unused',
  HANDOVER_SECRET: 'thirty-two random characters, or more',
};

function callback(id: string): { method: 'POST'; body: string; headers: Record<string, string> } {
  const body = JSON.stringify({
    id,
    object: 'event',
    type: 'checkout.session.completed',
    created: 1,
    data: { object: { id: 'cs_test_1' } },
  });
  return { method: 'POST', body, headers: signedHeaders(body, { secrets: [secret], at: new Date() }) };
}

/** Whether processes can be traced here: the program is there and allowed to. */
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

describe('An acknowledgement', () => {
  let home: string;
  let folder: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'handover-acknowledgement-'));
    folder = join(home, 'shop');
    await cp(join(repository, 'examples/minimal/shop'), folder, { recursive: true });
    const settings = JSON.parse(await readFile(join(folder, 'handover.json'), 'utf8')) as object;
    await writeFile(join(folder, 'handover.json'), JSON.stringify({ ...settings, secret: { env: 'HANDOVER_SECRET' } }));
  });
  afterEach(async () => {
    await stopProcesses();
    await rm(home, { recursive: true, force: true });
  });

  it('comes only after the callback is committed, as another connection to the file sees it', async () => {
    const path = join(home, 'handover.db');
    const store = openSqliteStore({ path, now: () => Date.now() });
    let keeping: (() => void) | undefined;
    const slow = {
      ...store,
      async keepCallback(...given: Parameters<typeof store.keepCallback>) {
        const kept = await store.keepCallback(...given);
        await new Promise<void>((resolve) => (keeping = resolve));
        return kept;
      },
    };
    const shop = handover({ config: folder, store: slow, env: environment, worker: false, watch: false, logger: quiet });
    const server = createServer(express().use('/shop', shop)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
      let status = 0;
      const answered = fetch(`${url}/callbacks/stripe`, callback('evt_1')).then((answer) => (status = answer.status));
      await until('the callback is kept', () => keeping);
      expect(keptIn(path)).to.deep.equal(['evt_1']);
      expect((await fetch(`${url}/orders/x`)).status, 'a visit that came later').to.equal(404);
      expect(status, 'the callback, meanwhile').to.equal(0);
      keeping?.();
      expect(await answered).to.equal(200);
    } finally {
      server.closeAllConnections();
      server.close();
      await shop.close();
    }
  });

  const title = canTrace
    ? 'comes only after the write-ahead log is synced, as the kernel saw it'
    : 'comes only after the commits the file can show (there is no strace here that could watch the kernel)';

  it(title, async function () {
    this.timeout(30_000);
    const trace = join(home, 'trace');
    const store = join(home, 'handover.db');
    const watching = ['strace', '-f', '-y', '-s', '40', '-o', trace, '-e', 'trace=fsync,fdatasync,read,write,writev,sendto'];
    const command = [
      ...(canTrace ? watching : []),
      process.execPath,
      ...nodeOptions,
      join(repository, 'examples/minimal/server.ts'),
    ];
    const child = spawn(command[0]!, command.slice(1), {
      cwd: repository,
      env: { ...process.env, ...environment, HANDOVER_SHOP: folder, HANDOVER_STORE: store, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    watchProcess(child);
    const port = /port: (\d+)/.exec(await firstLine(child))?.[1];
    const ids = ['evt_1', 'evt_2', 'evt_3'];
    for (const [index, id] of ids.entries()) {
      const answer = await fetch(`http://127.0.0.1:${port}/shop/callbacks/stripe`, callback(id));
      expect(answer.status).to.equal(200);
      expect(keptIn(store)).to.deep.equal(ids.slice(0, index + 1));
    }
    await stopProcesses();
    if (canTrace) expect(await answersBeforeTheirSync(trace)).to.deep.equal([]);
  });
});

const none = (): void => undefined;
const quiet = { debug: none, info: none, warn: none, error: none };

function keptIn(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT delivery_id FROM callbacks ORDER BY id').all();
  database.close();
  return rows.map((row) => String(row['delivery_id']));
}

/**
 * Lines of a trace that send `200 OK` although no sync of the write-ahead log has ended since the callback was read. A call that was
 * interrupted by another thread's stands in two lines: the first names the file, the second tells how it ended.
 */
async function answersBeforeTheirSync(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const syncing = new Set<string>();
  const early: string[] = [];
  let [isSynced, answers] = [false, 0];
  if (lines.filter((line) => line.includes('POST /shop/callbacks/stripe')).length !== 3)
    throw new Error('The trace does not show the three callbacks.');
  for (const line of lines) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (/^f(data)?sync\(.*handover\.db-wal/.test(call)) syncing.add(thread);
    if (syncing.has(thread) && /= 0$/.test(call)) isSynced = syncing.delete(thread);
    if (call.includes('POST /shop/callbacks/stripe')) isSynced = false;
    if (!call.includes('HTTP/1.1 200 OK') || call.includes('resumed>')) continue;
    answers += 1;
    if (!isSynced) early.push(line);
  }
  if (answers !== 3) throw new Error(`The trace shows ${answers} answers, not 3:\n${lines.slice(-40).join('\n')}`);
  return early;
}
